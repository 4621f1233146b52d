"""Functional models: tensors inside them, and the range of their outputs."""

import math
import numbers

import keras

from keras_gans.utils.private_keras import arguments_of_source
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
    # The output in this network: a layer that is a model, or is used twice, has other outputs elsewhere.
    layer = network.get_layer(name)
    found = (tensor for output in network.outputs for tensor in path(output) if source_of(tensor)[0] is layer)
    return next(found)


def input_of_last_layer(tensor):
    """The input of the last layer with weights on the path to `tensor`; None if there is no such layer."""
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


def images_in(output):
    """The images in a generator's output: the whole output, or `images` in a dict."""
    return output["images"] if isinstance(output, dict) else output


def images_of(generator):
    """The symbolic tensor of the images that a generator makes."""
    return images_in(output_of(generator))


def images_alone(generator):
    """A generator that returns only images: itself, or a model of the same layers."""
    if not isinstance(output_of(generator), dict):
        return generator
    return keras.Model(generator.input, generator.output["images"], name=generator.name)


def inputs_of(network):
    """The symbolic inputs of a network, as a new functional model takes them: one tensor, or a list."""
    return network.inputs[0] if len(network.inputs) == 1 else network.inputs


def input_structure(network):
    """The symbolic inputs of a network in the structure that its call takes, also where it was never called."""
    return network.inputs[0] if isinstance(network, keras.Sequential) else network.input


# Operations that move, drop or repeat values, and make none beyond the largest and the smallest.
_PASSED_THROUGH = (
    *("averagepooling1d", "averagepooling2d", "cast", "cropping1d", "cropping2d", "cropping3d", "dropout", "dropreference"),
    *("expanddims", "flatten", "getitem", "globalaveragepooling2d", "globalmaxpooling2d", "identity", "linear", "maxpooling1d"),
    *("maxpooling2d", "permute", "rescaling", "reshape", "spatialdropout2d", "squeeze", "transpose", "upsampling1d"),
    "upsampling2d",
)
_BOUNDS = {
    "abs": (0.0, math.inf),
    "absolute": (0.0, math.inf),
    "exp": (0.0, math.inf),
    "exponential": (0.0, math.inf),
    "hard_sigmoid": (0.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "hardsigmoid": (0.0, 1.0),
    "hardtanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softplus": (0.0, math.inf),
    "softsign": (-1.0, 1.0),
    "tanh": (-1.0, 1.0),
}
_UNKNOWN = -math.inf, math.inf


def final_operations(tensor):
    """Names of the operations that a symbolic tensor comes from, last first, up to the first that computes something.

    For example ["reshape", "tanh"], or ["linear"] where a network ends in a dense layer without activation.
    """
    operation, output = source_of(tensor)
    if isinstance(operation, keras.Model) and getattr(operation, "outputs", None):
        return final_operations(operation.outputs[output])
    name = name_of_operation(operation)
    inputs = inputs_of_source(tensor)
    if name not in _PASSED_THROUGH or not inputs or getattr(operation, "weights", None):
        return [name]
    return [name, *final_operations(inputs[0])]


def output_bounds(network):
    """The least and the greatest value that a network can output, judged by its last operations; infinite if unknown."""
    return bounds_of(images_of(network))


def image_range_of(network):
    """The values of black and white in the images that a network makes: (0, 1) if it cannot make negative values, because it
    ends in a sigmoid or a ReLU; else (-1, 1)."""
    return (0.0, 1.0) if output_bounds(network)[0] == 0.0 else (-1.0, 1.0)


def bounds_of(tensor):
    """The least and the greatest value that a symbolic tensor can have; see `output_bounds`."""
    operation, output = source_of(tensor)
    if isinstance(operation, keras.Model) and getattr(operation, "outputs", None):
        return bounds_of(operation.outputs[output])
    name = name_of_operation(operation)
    inputs = inputs_of_source(tensor)
    if name == "relu":
        return _bounds_of_relu(operation)
    if name in _BOUNDS:
        return _BOUNDS[name]
    if name in ("add", "subtract", "multiply", "divide", "truedivide", "clip", "concatenate"):
        return _bounds_of_arithmetic(name, operation, tensor)
    if name not in _PASSED_THROUGH or not inputs or getattr(operation, "weights", None):
        return _UNKNOWN
    if getattr(operation, "interpolation", "nearest") not in ("nearest", "bilinear"):
        return _UNKNOWN
    bounds = bounds_of(inputs[0])
    if name != "rescaling":
        return bounds
    if not all(isinstance(value, numbers.Real) for value in (operation.scale, operation.offset)):
        return _UNKNOWN
    return _ordered(bound * operation.scale + operation.offset for bound in bounds)


def _bounds_of_relu(operation):
    slope = getattr(operation, "negative_slope", 0.0) or 0.0
    threshold = getattr(operation, "threshold", 0.0) or 0.0
    greatest = getattr(operation, "max_value", None)
    return -math.inf if slope else min(threshold, 0.0), math.inf if greatest is None else float(greatest)


def _bounds_of_arithmetic(name, operation, tensor):
    """The bounds of a sum, product or the like with one number, of clipping, and of a concatenation."""
    inputs = inputs_of_source(tensor)
    if name == "concatenate":
        bounds = [bounds_of(each) for each in inputs]
        return min(low for low, _ in bounds), max(high for _, high in bounds)
    if name == "clip":
        low, high = bounds_of(inputs[0])
        return max(low, float(operation.x_min)), min(high, float(operation.x_max))
    arguments = arguments_of_source(tensor)
    constants = [value for value in arguments if isinstance(value, numbers.Real)]
    if len(inputs) != 1 or len(arguments) != 2 or len(constants) != 1:
        return _UNKNOWN
    constant, first = float(constants[0]), arguments[0] is not constants[0]
    bounds = bounds_of(inputs[0])
    if name == "add":
        return _ordered(bound + constant for bound in bounds)
    if name == "multiply":
        return _ordered(bound * constant if constant else 0.0 for bound in bounds)
    if name == "subtract":
        return _ordered(bound - constant if first else constant - bound for bound in bounds)
    return _ordered(bound / constant for bound in bounds) if first and constant else _UNKNOWN


def _ordered(values):
    values = list(values)
    return min(values), max(values)


def name_of_operation(operation):
    """The name of an operation of Keras in lower case, or of its activation. A user's own layer keeps its capitals."""
    operation = operation.layer if isinstance(operation, keras.layers.Wrapper) else operation
    if type(operation).__module__.split(".")[0] not in ("keras", "keras_gans"):
        return type(operation).__name__
    activation = getattr(operation, "activation", None)
    return type(operation).__name__.lower() if activation is None else getattr(activation, "__name__", "")
