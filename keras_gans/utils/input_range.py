"""Which values black and white have for a classifier that scales its input itself."""

import numbers
import warnings

import keras
import numpy as np

from keras_gans.utils.networks import name_of_operation
from keras_gans.utils.networks import path
from keras_gans.utils.private_keras import arguments_of_source
from keras_gans.utils.private_keras import inputs_of_source
from keras_gans.utils.private_keras import source_of

_RANGES = (0.0, 255.0), (-1.0, 1.0), (0.0, 1.0)
_SCALED = (*_RANGES, (-0.5, 0.5))  # what networks compute with
_CLOSE = 0.02  # of a range: 1 / 256 stands for 1 / 255
# Operations that move or repeat pixels, and drop some.
_MOVING = (
    *("cast", "centercrop", "cropping2d", "dropout", "expanddims", "flatten", "getitem", "identity", "permute", "reshape"),
    *("resizing", "squeeze", "transpose", "upsampling2d", "zeropadding2d"),
)
SCALE_IN_FRONT = (
    "If it takes images in [0, 1], put what makes these of [-1, 1] in front: keras.Sequential([keras.Input(shape), "
    "keras.layers.Rescaling(0.5, 0.5), model])."
)


def input_range(model, remedy):
    """The values of black and white in the images that a model takes: (-1, 1), unless it begins with what scales others.

    What scales are `Rescaling`, `Normalization`, and arithmetic with numbers, also in a model inside the model. Its range is the
    one of [0, 255], [-1, 1] and [0, 1] that becomes one of these, or [-0.5, 0.5]; of others, a mean above 1.5 tells [0, 255], and
    a negative one [-1, 1].

    Args:
        model: `keras.Model` of one input. One that is not functional or Sequential tells nothing.
        remedy: String, what to do where the range is not known, the end of the warning.

    Returns:
        Pair of floats.

    Warns:
        UserWarning: if the model scales its input, and the numbers do not tell from which range: it is taken to be [-1, 1].
    """
    scale, offset = 1.0, 0.0
    for factor, summand in _steps(model) if getattr(model, "inputs", None) else ():
        scale, offset = scale * factor, offset * factor + summand
        if not (np.all(scale == 1) and np.all(offset == 0)):
            for given in _RANGES:
                if _is_scaled(*np.sort([end * scale + offset for end in given], axis=0), given):
                    return given
    if np.all(scale == 1) and np.all(offset == 0):
        return -1.0, 1.0
    mean = -offset / scale
    if np.max(mean) > 1.5:
        return 0.0, 255.0
    if np.min(mean) < 0:
        return -1.0, 1.0
    warnings.warn(
        f"{model.name} scales its input itself, to {np.ravel(scale).tolist()} * x + {np.ravel(scale * 0 + offset).tolist()}, "
        f"which does not tell what black and white are for it. They are taken to be -1 and 1. {remedy}",
        stacklevel=3,
    )
    return -1.0, 1.0


def as_model_takes(images, given):
    """Images in [-1, 1] as images that range over the pair `given`, as `input_range` finds it."""
    low, high = given
    return images if (low, high) == (-1.0, 1.0) else (images + 1.0) * ((high - low) / 2.0) + low


def _is_scaled(low, high, given):
    """Whether all channels, from `low` to `high`, have a range that networks compute with, another than that which is given."""
    others = [wanted for wanted in _SCALED if wanted != given]
    return any(np.all(np.abs([low - black, high - white]) <= _CLOSE * (white - black)) for black, white in others)


def _steps(model):
    """Yields a factor and a summand for each of a model's first operations, those that scale; returns whether they are all."""
    current, output = model.inputs[0], model.outputs[0]
    tensors = path(output)
    while current is not output:
        after = [tensor for tensor in tensors if any(each is current for each in inputs_of_source(tensor))]
        if len(after) != 1 or len(inputs_of_source(after[0])) != 1:
            return False
        current = after[0]
        operation, _ = source_of(current)
        if isinstance(operation, keras.Model) and getattr(operation, "outputs", None):
            if not (yield from _steps(operation)):
                return False
        else:
            step = _step(operation, current)
            if step is None:
                return False
            yield step
    return True


def _step(operation, tensor):
    """The factor and the summand of an operation, 1 and 0 if it only moves values; None of any other."""
    name = name_of_operation(operation)
    if name == "rescaling":
        return np.asarray(operation.scale, "float64"), np.asarray(operation.offset, "float64")
    if name == "normalization":
        if operation.invert or operation.mean is None:
            return None
        mean, variance = (keras.ops.convert_to_numpy(value).astype("float64") for value in (operation.mean, operation.variance))
        deviation = np.maximum(np.sqrt(variance), keras.config.epsilon())
        return 1.0 / deviation, -mean / deviation
    if name in ("add", "subtract", "multiply", "divide", "truedivide"):
        return _arithmetic(name, arguments_of_source(tensor))
    return (1.0, 0.0) if name in _MOVING or name.startswith("random") else None


def _arithmetic(name, arguments):
    constants = [value for value in arguments if isinstance(value, (numbers.Real, np.ndarray))]
    if len(arguments) != 2 or len(constants) != 1:
        return None
    constant, first = np.asarray(constants[0], "float64"), arguments[0] is not constants[0]
    if name == "add":
        return 1.0, constant
    if name == "subtract":
        return (1.0, -constant) if first else (-1.0, constant)
    if name == "multiply":
        return constant, 0.0
    return (1.0 / constant, 0.0) if first else None
