"""What is refused, and what is warned of: networks that do not fit, data in the wrong range."""

import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gans.utils.conditions import check_classes
from keras_gans.utils.networks import final_operations
from keras_gans.utils.networks import output_of
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import is_called_once
from keras_gans.utils.shapes import compatible


def check_network(network, role):
    """Raises unless `network` is a built Keras model that gives what its role needs."""
    if not isinstance(network, keras.Model):
        raise ValueError(f"`{role}` must be a keras.Model. Received: {network!r}")
    if not network.built or not getattr(network, "inputs", None):
        raise ValueError(
            f"`{role}` must be a functional or Sequential model that starts with keras.Input, so that its shapes are known. "
            f"Received: {network!r}. Start it with keras.Input(shape)."
        )
    output = output_of(network)
    if isinstance(output, (list, tuple)) or (isinstance(output, dict) and (role == "generator" or "scores" not in output)):
        wanted = 'one tensor, or a dict with the key "scores"' if role == "discriminator" else "one tensor"
        received = sorted(output) if isinstance(output, dict) else f"{len(output)} outputs"
        raise ValueError(f"The {role} must return {wanted}. Received: {received}.")


def scores_of(discriminator):
    """The symbolic tensor of a discriminator's scores."""
    output = output_of(discriminator)
    return output["scores"] if isinstance(output, dict) else output


def check_fit_together(generator, discriminator):
    """Raises unless what the generator makes is what the discriminator takes."""
    made, taken = output_shape(generator), tuple(discriminator.inputs[0].shape[1:])
    if not compatible(made, taken):
        raise ValueError(
            f"The generator's output and the discriminator's input differ in shape: {made} and {taken}, without the batch axis. "
            "(The generator is the first argument.)"
        )


def output_shape(generator):
    """The shape of what the generator makes, without the batch axis."""
    return tuple(generator.outputs[0].shape[1:])


def number_of_classes(network):
    """How many classes a network's integer condition has: the size of the table that it feeds. None if it is unknown."""
    if len(network.inputs) < 2 or "int" not in network.inputs[1].dtype:
        return None
    for layer in network.layers:
        if is_called_once(layer) and layer.input is network.inputs[1]:
            layer = getattr(layer, "layer", layer)  # inside a wrapper, such as spectral normalization
            size = getattr(layer, "input_dim", None) or getattr(layer, "num_tokens", None)
            if size:
                return size
    return None


def check_batch(real, condition, generator, wanted, classes):
    """Raises or warns if a batch of data does not fit the networks.

    Args:
        real: Array or tensor, a batch of real data as the data set gave it.
        condition: Array, or None.
        generator: The generator.
        wanted: The Keras input that takes the condition, or None for an unconditional GAN.
        classes: Int, or None.
    """
    expected = output_shape(generator)
    if not compatible(tuple(real.shape)[1:], expected):
        if compatible(tuple(real.shape), expected):
            raise ValueError(
                f"The data are not in batches. Received: single examples {tuple(real.shape)}. Use `dataset.batch(64)`."
            )
        raise ValueError(
            f"The data do not have the shape that the generator makes. Expected: (batch, {', '.join(map(str, expected))}). "
            f"Received: {tuple(real.shape)}. Resize or reshape the data (keras_gans.data.images does), or build other networks."
        )
    if wanted is not None and condition is None:
        raise ValueError(
            "This GAN is conditional, but the data have no labels. Expected batches of (data, condition) or of "
            '{"image": ..., "label": ...}. Pass labels: fit(images, labels), or a data set of pairs.'
        )
    if wanted is not None:
        check_classes(np.asarray(condition), wanted, classes)
    if len(expected) == 3:
        _check_image_range(real, generator)


def _check_image_range(real, generator):
    remedy = "Scale them: x / 127.5 - 1, or keras_gans.data.images(...)."
    if not tf.as_dtype(real.dtype).is_floating:
        raise ValueError(f"Images must be floats in [-1, 1]. Received: dtype {tf.as_dtype(real.dtype).name}. {remedy}")
    values = np.asarray(real, "float32")
    low, high = float(values.min()), float(values.max())
    if max(-low, high) > 2:
        raise ValueError(f"Images must be in [-1, 1]. Received: values from {low:g} to {high:g}. {remedy}")
    operations = final_operations(output_of(generator))
    symmetric = operations[-1] == "tanh" or (operations[-1] == "sigmoid" and "rescaling" in operations)
    if low >= 0 and high <= 1 and high > low and symmetric:
        warnings.warn(
            f"The images lie in [{low:g}, {high:g}], but the generator makes images in [-1, 1]: it ends in "
            f"{' after '.join(operations)}. If they are scaled to [0, 1], scale them to [-1, 1]: 2 * x - 1.",
            stacklevel=2,
        )


def has_regularizer(network):
    """Whether a network brings losses of its own: regularizers of weights, or of activities."""
    return any(variable.regularizer is not None for variable in network.trainable_variables) or any(
        getattr(layer, "activity_regularizer", None) is not None for layer in all_layers(network)
    )
