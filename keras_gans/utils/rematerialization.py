"""Recomputes layers for their gradients instead of keeping their activations: `keras.RematScope` for GANs.

On TensorFlow, Keras' own hands a layer's call to `tf.recompute_grad`. That takes no keyword in a graph, so that a layer with a
`training` argument fails in `fit`; assigns twice what a call assigns, such as the averages of batch normalization; draws other
noise the second time; has no second derivative; and loses the gradients of variables that are tensors in a functional scope. Here
the call is a function of its tensors, its variables and its state, computed again from equal ones, and assigns once.
"""

import functools

import keras
import tensorflow as tf

from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import autocast_dtype
from keras_gans.utils.private_keras import autocast_scope
from keras_gans.utils.private_keras import rematerialization_mode


def make_rematerialization_pure(network):
    """Makes the layers of a network that were made in a `keras.RematScope` recompute as described above.

    The scope decides which layers these are, as before. The network as a whole is not recomputed, only its layers. In the mode
    "activations", Keras' own method stays. A file does not contain the scope: a loaded network has lost it, unless it is loaded
    inside such a scope.

    Args:
        network: `keras.Model`.

    Example:

    ```python
    with keras.RematScope(mode="full"):
        network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), keras.layers.BatchNormalization()])
    keras_gans.utils.rematerialization.make_rematerialization_pure(network)
    step = tf.function(lambda x: network(x, training=True))
    print(step(tf.ones((2, 4))).shape)  # (2, 8)
    ```
    """
    for layer in all_layers(network, include_self=True):
        if rematerialization_mode(layer) not in (None, "activations"):
            layer.rematerialized_call = functools.partial(_rematerialized_call, layer)


def _rematerialized_call(layer, call, *args, **kwargs):
    """The function that Keras calls in place of a layer's `call`."""
    if isinstance(layer, keras.Model):
        return call
    # Keras reads the size of outputs from symbolic tensors.
    specs = keras.tree.map_structure(_symbolic, (args, kwargs))
    if type(layer).rematerialized_call(layer, call, *specs[0], **specs[1]) is call:
        return call
    return functools.partial(_computed_again, layer, call)


def _symbolic(value):
    return keras.KerasTensor(value.shape, value.dtype.name) if tf.is_tensor(value) else value


def _computed_again(layer, call, *args, **kwargs):
    """The outputs of a layer's call, of which only inputs, variables and state are kept for the gradient."""
    given = keras.tree.flatten((args, kwargs))
    places = [place for place, value in enumerate(given) if tf.is_tensor(value)]
    variables, dtype = layer.variables, autocast_dtype()
    changed, made = [], {}

    def compute(*values):
        """Outputs, assigned values, and losses, as flat lists; nothing else is changed."""
        inputs = list(given)
        for place, value in zip(places, values, strict=False):
            inputs[place] = value
        inner_args, inner_kwargs = keras.tree.pack_sequence_as((args, kwargs), inputs)
        before = values[len(places) :]
        with autocast_scope(None):  # a scope casts values to the types that its variables have there
            stateless = keras.StatelessScope(list(zip(variables, before, strict=True)), collect_losses=True)
        with stateless as scope, autocast_scope(dtype):
            outputs = call(*inner_args, **inner_kwargs)
        now = [scope.get_current_value(variable) for variable in variables]
        changed[:] = [number for number, (new, old) in enumerate(zip(now, before, strict=True)) if new is not old]
        losses = list(scope.losses or [])
        made.update(outputs=outputs, losses=len(losses))
        return [*keras.tree.flatten(outputs), *(tf.convert_to_tensor(now[number]) for number in changed), *losses]

    @tf.custom_gradient
    def apply(*values):
        def gradients(*upstream):
            # As part of the backward pass: TensorFlow would merge equal operations with those of the forward pass.
            with tf.control_dependencies([each for each in upstream if each is not None]):
                again = [tf.identity(value) for value in values]
            floats = [value for value in again if value.dtype.is_floating]
            with tf.GradientTape() as tape:
                tape.watch(floats)
                results = compute(*again)
            pairs = [(y, dy) for y, dy in zip(results, upstream, strict=True) if y.dtype.is_floating and dy is not None]
            found = iter(tape.gradient([y for y, _ in pairs], floats, output_gradients=[dy for _, dy in pairs]))
            return [next(found) if value.dtype.is_floating else None for value in again]

        return compute(*values), gradients

    with autocast_scope(None):
        state = [tf.convert_to_tensor(variable.value) for variable in variables]
    results = apply(*(given[place] for place in places), *state)
    count = len(results) - len(changed) - made["losses"]
    for number, value in zip(changed, results[count:], strict=False):
        variables[number].assign(value)
    for loss in results[count + len(changed) :]:
        layer.add_loss(loss)
    return keras.tree.pack_sequence_as(made["outputs"], results[:count])
