"""Functional models: tensors inside them, and what they can make."""

import math
import numbers

import keras

from keras_gans.utils.private_keras import inputs_of_source
from keras_gans.utils.private_keras import source_of


def output_of_layer(network, name):
    """The symbolic output of the layer called `name`.

    Raises:
        ValueError: if there is none.
    """
    names = [layer.name for layer in network.layers]
    if name not in names:
        raise ValueError(f"{network.name} has no layer {name!r}. It has {names}.")
    # In this network: a layer that is a model, or is used twice, has other outputs elsewhere.
    layer = network.get_layer(name)
    found = (tensor for output in network.outputs for tensor in path(output) if source_of(tensor)[0] is layer)
    return next(found)


def input_of_last_layer(tensor):
    """What the last layer with weights on the path to `tensor` takes in; None if there is no such layer."""
    for current in reversed(path(tensor)):
        if getattr(source_of(current)[0], "weights", None):
            return inputs_of_source(current)[0]
    return None


def path(tensor):
    """The symbolic tensors that `tensor` is computed from, itself and the model's inputs included, in order of computation."""
    found, waiting = [], [tensor]
    while waiting:
        current = waiting.pop()
        if any(current is other for other in found):
            continue
        found.append(current)
        waiting.extend(inputs_of_source(current))
    return found[::-1]


def output_of(network):
    """The symbolic output of a network: a tensor, or a structure of them."""
    return network.outputs[0] if isinstance(network, keras.Sequential) else network.output


def inputs_of(network):
    """The symbolic inputs of a network, as a new functional model takes them: one tensor, or a list."""
    return network.inputs[0] if len(network.inputs) == 1 else network.inputs


_PASSED_THROUGH = ("linear", "flatten", "reshape", "identity", "cast", "rescaling", "dropreference")


def final_operations(tensor):
    """Names of the operations that a symbolic tensor comes from, last first, up to the first that computes something.

    For example ["reshape", "tanh"], or ["linear"] where a network ends in a dense layer without activation.
    """
    operation, output = source_of(tensor)
    if isinstance(operation, keras.Model):
        return final_operations(operation.outputs[output])
    name = _name_of(operation)
    inputs = inputs_of_source(tensor)
    if name not in _PASSED_THROUGH or not inputs or getattr(operation, "weights", None):
        return [name]
    return [name, *final_operations(inputs[0])]


def _name_of(operation):
    activation = getattr(operation, "activation", None)
    return type(operation).__name__.lower() if activation is None else getattr(activation, "__name__", "")


_BOUNDS = {
    "hard_sigmoid": (0.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softplus": (0.0, math.inf),
    "softsign": (-1.0, 1.0),
    "tanh": (-1.0, 1.0),
}


def output_bounds(network):
    """The least and the greatest value that a network can make, by its last operations; infinite where they do not say."""
    return _bounds_of(output_of(network))


def _bounds_of(tensor):
    operation, output = source_of(tensor)
    if isinstance(operation, keras.Model):
        return _bounds_of(operation.outputs[output])
    name = _name_of(operation)
    inputs = inputs_of_source(tensor)
    if name in _BOUNDS:
        return _BOUNDS[name]
    if name not in _PASSED_THROUGH or not inputs or getattr(operation, "weights", None):
        return -math.inf, math.inf
    bounds = _bounds_of(inputs[0])
    if name != "rescaling":
        return bounds
    if not all(isinstance(value, numbers.Real) for value in (operation.scale, operation.offset)):
        return -math.inf, math.inf
    ends = [bound * operation.scale + operation.offset for bound in bounds]
    return min(ends), max(ends)
