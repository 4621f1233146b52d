"""Images to translate, as a generator takes them."""

import warnings

import numpy as np
import tensorflow as tf

from keras_gans.utils.finite import check_examples
from keras_gans.utils.shapes import compatible


def checked_source(source, wanted, source_range=None, taker="generator translates"):
    """Images to translate, or to encode, as an array or tensor that a network takes; see `check_source`.

    Args:
        source: Array or tensor `(batch, height, width, channels)`, or a list of arrays of images.
        wanted, source_range, taker: As in `check_source`.

    Raises:
        ValueError: if it is something else, or of another shape or range.
    """
    expected = f"The {taker} an array of images {('batch', *wanted.shape[1:])}."
    if isinstance(source, (list, tuple)):
        try:
            source = np.asarray(source)
        except ValueError as error:
            raise ValueError(f"{expected} Received: a list of images of several sizes. Resize them.") from error
    if not hasattr(source, "shape"):
        of_data_set = "Pass one batch after the other: for batch in dataset."
        remedy = of_data_set if isinstance(source, tf.data.Dataset) else "Pass such an array, or a list of images."
        raise ValueError(f"{expected} Received: {type(source).__name__}. {remedy}")
    check_source(source, wanted, source_range, taker)
    return source


def check_source(source, wanted, source_range=None, taker="generator translates"):
    """Raises if images to translate, or to encode, are not what a network takes.

    Args:
        source: Array or tensor `(batch, height, width, channels)`.
        wanted: The Keras input that takes it.
        source_range: Pair of floats, the values of black and white; None: not known, and not checked.
        taker: String, who takes them, for the error. Default: "generator translates".
    """
    expected = tuple(wanted.shape[1:])
    if not compatible(tuple(source.shape)[1:], expected) or len(source.shape) != len(expected) + 1:
        raise ValueError(
            f"The {taker} images {('batch', *expected)}. Received: {tuple(source.shape)}. Resize them, or add a "
            "batch axis: image[None]."
        )
    if source_range is not None:
        _check_range(source, len(expected) == 3, *source_range)
    check_examples(source, "The sources have")


def warn_of_range(source, source_range):
    """Warns if images of a training are taken to be in [-1, 1], and look as if they were in [0, 1].

    Args:
        source: Array or tensor `(batch, height, width, channels)`, a first batch; maps of other than 1 or 3 channels are fine.
        source_range: Pair of floats, the values of black and white.
    """
    values = np.asarray(source, "float32")
    low, high = float(values.min()), float(values.max())
    if source_range[0] < 0 <= low < high <= 1 and values.shape[-1] in (1, 3):
        warnings.warn(
            f"The sources lie in [{low:g}, {high:g}], but are taken to be in [-1, 1]. If they are scaled to [0, 1], scale them "
            "to [-1, 1]: 2 * x - 1.",
            stacklevel=2,
        )


def _check_range(source, are_images, low, high):
    dtype, values = tf.as_dtype(source.dtype), np.asarray(source, "float32")
    remedy = f"Scale them: {scaling(values, (low, high))}"
    if not dtype.is_floating:
        raise ValueError(f"Sources must be floats in [{low:g}, {high:g}]. Received: dtype {dtype.name}. {remedy}")
    if are_images and values.size and (values.max() > 2 * high or values.min() < (2 * low or -0.05)):
        raise ValueError(
            f"Sources must be in [{low:g}, {high:g}]. Received: values from {values.min():g} to {values.max():g}. {remedy}"
        )


def scaling(values, wanted_range):
    """The formula that brings images to a range, as their values look: pixels, or images in [-1, 1]. For errors.

    Args:
        values: Array.
        wanted_range: Pair of floats, the values of black and white: (-1, 1) or (0, 1).
    """
    least, greatest = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    low, high = wanted_range
    if least >= 0:
        white = 255 if greatest <= 255 else 65535
        return f"x / {white / 2:g} - 1." if low < 0 else f"x / {white}."
    if low >= 0 and least >= -1.1 and greatest <= 1.1:
        return "(x + 1) / 2."
    shift = f" - {-low:g}" if low else ""
    return f"{high - low:g} * (x - a) / (b - a){shift}, where a is the value of black and b that of white."
