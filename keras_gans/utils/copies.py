"""Copies of networks that compute the same and share no variable, even with layers that cannot be saved.

Keras copies a layer by its configuration. That is right for Keras' own layers and for those of this library. A user's layer may
have no `get_config`, or one that leaves out an argument, and still train. So it is copied as an object: attribute by attribute,
with copies of its variables and of the layers inside it.
"""

import collections
import copy
import types

import keras

from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import own_variables
from keras_gans.utils.private_keras import take_call_signature
from keras_gans.utils.private_keras import track_variable

_OURS = ("keras", "keras_gans")
_MADE_ANEW = ("build", "quantize", "rematerialized_call")  # bound to the object at hand


def clone(network):
    """A network with copies of the same layers and weights.

    Args:
        network: Built functional or Sequential `keras.Model`, whatever layers it has.
    """
    return take_weights(copy_layer(network), network)


def copy_layer(layer, name=None, copies=None):
    """A copy of a layer, an operation or a network. One that is copied by its configuration has no weights before it is called.

    Args:
        layer: Layer, operation or model.
        name: String. Default: that of the layer.
        copies: Dict of the copies made so far, by the `id` of the original, to which this one is added: a layer that is used
            twice is copied once. Default: none.
    """
    copies = {} if copies is None else copies
    if id(layer) not in copies:
        if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
            copies[id(layer)] = _copy_network(layer, copies)
        elif _is_known(layer):
            copies[id(layer)] = _by_configuration(layer, name, copies)
        else:
            _as_object(layer, name, copies)
    return copies[id(layer)]


def take_weights(copied, layer):
    """Gives a built copy of a layer or network the weights of the original. Returns the copy."""
    copied.set_weights(layer.get_weights())
    for inner in all_layers(copied, include_self=True):
        if hasattr(inner, "finalize_state"):  # adapted layers compute with values derived from their weights
            inner.finalize_state()
    return copied


def _copy_network(network, copies):
    for layer in _layers_that_share(network):
        _built_copy(layer, copies)
    inside = keras.models.clone_model(network, clone_function=lambda inner: copy_layer(inner, copies=copies))
    if type(network).__module__.split(".")[0] not in _OURS:
        # A user's subclass, perhaps with its own `call`: the same graph and class, and its other attributes.
        copies[id(network)] = inside
        made = set(vars(inside))
        inside.__class__ = type(network)
        take_call_signature(inside, network)
        for attribute, value in vars(network).items():
            if attribute not in made and attribute not in _MADE_ANEW:
                setattr(inside, attribute, _copy_value(value, copies))
    return inside


def _layers_that_share(network):
    """Layers whose variables another layer holds too: after a copy by configuration, the other would not have them."""
    inside = all_layers(network)
    held = collections.Counter(id(variable) for layer in inside for variable in own_variables(layer))
    return [layer for layer in inside if any(held[id(variable)] > 1 for variable in own_variables(layer))]


def _is_known(layer):
    """Whether a layer, and every layer inside it, is one of Keras or of this library, and holds no function of the user's."""
    inside = all_layers(layer, include_self=True) if isinstance(layer, keras.layers.Layer) else [layer]
    functions = [value for each in inside for value in vars(each).values() if isinstance(value, types.FunctionType)]
    return all(thing.__module__.split(".")[0] in _OURS for thing in [*map(type, inside), *functions])


def _by_configuration(layer, name, copies):
    config = layer.get_config() if name is None else {**layer.get_config(), "name": name}
    try:
        return type(layer).from_config(config)
    except Exception:  # an initializer or a regularizer of the user's in it, which is not registered
        return _as_object(layer, name, copies)


def _as_object(layer, name, copies):
    if not isinstance(layer, keras.layers.Layer):  # an operation without state
        copies[id(layer)] = layer
        return layer
    new = type(layer).__new__(type(layer))
    keras.layers.Layer.__init__(new, name=name or layer.name, dtype=layer.dtype_policy, trainable=layer.trainable)
    made = set(vars(new))
    copies[id(layer)] = new
    for variable in own_variables(layer):  # in their order, which is that of the weights
        track_variable(new, _copy_variable(variable, copies))
    for attribute, value in vars(layer).items():
        if attribute not in made and attribute not in _MADE_ANEW and not attribute.startswith("_self_"):  # of TensorFlow
            setattr(new, attribute, _copy_value(value, copies))
    for attribute in ("activity_regularizer", "autocast", "input_spec", "supports_masking"):
        if getattr(new, attribute) is not getattr(layer, attribute):
            setattr(new, attribute, getattr(layer, attribute))
    new.built = layer.built
    return new


def _copy_variable(variable, copies):
    if id(variable) not in copies:
        value = keras.ops.convert_to_tensor(variable)
        copies[id(variable)] = keras.Variable(
            lambda shape, dtype: keras.ops.cast(value, dtype),
            shape=variable.shape,
            dtype=variable.dtype,
            trainable=variable.trainable,
            name=variable.name,
        )
        copies[id(variable)].regularizer = variable.regularizer
        copies[id(variable)].constraint = variable.constraint
    return copies[id(variable)]


def _copy_value(value, copies):
    if isinstance(value, keras.Variable):
        return _copy_variable(value, copies)
    if isinstance(value, keras.layers.Layer):
        return _built_copy(value, copies)
    if isinstance(value, keras.random.SeedGenerator):
        generator = type(value).from_config(value.get_config())
        generator.state.assign(value.state)
        return generator
    if isinstance(value, dict):
        return {key: _copy_value(inner, copies) for key, inner in value.items()}
    if isinstance(value, (list, set, tuple)) and not hasattr(value, "_fields"):
        kind = next(kind for kind in (list, set, tuple) if isinstance(value, kind))
        return kind(_copy_value(inner, copies) for inner in value)
    if isinstance(value, types.FunctionType):
        return _copy_function(value, copies)
    if isinstance(value, types.MethodType):
        return types.MethodType(value.__func__, _copy_value(value.__self__, copies))
    try:
        return copy.deepcopy(value, copies)
    except Exception:  # a module, a lock, a graph: nothing that trains
        return value


def _copy_function(function, copies):
    """A function in which copies replace the layers and variables in its closure, its defaults and its global names.

    The function itself, if it holds none.
    """
    if id(function) in copies:
        return copies[id(function)]
    if function.__module__.split(".")[0] in _OURS:
        return function
    named = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    known = {name: copies[id(value)] for name, value in named.items() if id(value) in copies}
    if not (function.__closure__ or function.__defaults__ or function.__kwdefaults__ or known):
        return function
    cells = tuple(types.CellType() for _ in function.__closure__ or ())
    namespace = {**function.__globals__, **known} if known else function.__globals__
    new = types.FunctionType(function.__code__, namespace, function.__name__, None, cells)
    copies[id(function)] = new
    new.__defaults__ = _copy_value(function.__defaults__, copies)
    new.__kwdefaults__ = _copy_value(function.__kwdefaults__, copies)
    for cell, original in zip(cells, function.__closure__ or (), strict=True):
        cell.cell_contents = _copy_value(original.cell_contents, copies)
    return new


def _built_copy(layer, copies):
    """A copy of a layer inside an object. It is copied with its weights, because no call will build it."""
    if id(layer) in copies:
        return copies[id(layer)]
    if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
        return take_weights(copy_layer(layer, copies=copies), layer)
    return _as_object(layer, None, copies)
