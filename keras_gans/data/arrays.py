"""Arrays of images, and labels, as data sets."""

import os
from collections.abc import Iterator
from collections.abc import KeysView
from collections.abc import Set
from collections.abc import ValuesView

import numpy as np
from PIL import Image

from keras_gans.data.headers import has_unknown_range
from keras_gans.data.masks import warn_of_mask_arrays
from keras_gans.data.transforms import ROUNDING
from keras_gans.utils.finite import broken_examples
from keras_gans.utils.finite import check_not_masked
from keras_gans.utils.numbers import HOW_TO_NUMBER
from keras_gans.utils.pillow import pixels
from keras_gans.utils.shapes import MOVE_CHANNELS
from keras_gans.utils.shapes import looks_channels_first

_EXPECTED = (
    "Expected an array of images (n, height, width, channels) or (n, height, width), a folder, a list of files, or a "
    "tf.data.Dataset; or a tuple of images and labels."
)
_PATHS = (str, bytes, os.PathLike)


def image_array(source, channels=None, watch=True):
    """Images as an array `(n, height, width, channels)`, uint8, or float in [-1, 1].

    Args:
        source: Array, or list of arrays or Pillow images of one size.
        channels: 1 or 3, for Pillow images. Default: 1 if all are gray.
        watch: Bool, whether to warn of masks. Default: True.

    Raises:
        ValueError: if `source` is not an array of images, or values are missing, infinite or out of range.

    Warns:
        UserWarning: if the pixels of uint8 are 0 and 1 alone, or look like numbers of classes.
    """
    _refuse_others(source)
    if isinstance(source, list) and source and all(isinstance(item, Image.Image) for item in source):
        unknown = next((f"mode {item.mode!r}" for item in source if has_unknown_range(item)), None)
        if unknown is not None:
            raise ValueError(
                f"Pillow images must have 8 or 16 bits. Received: {unknown}, whose 32-bit pixels have no known range. Pass "
                "arrays, uint8 or floats in [-1, 1]; of pixels in 0..255, np.asarray(image).astype('uint8')."
            )
        channels = channels or (1 if all(item.mode in ("1", "L") for item in source) else 3)
        source = [pixels(item, channels) for item in source]
    _refuse_labels(source)
    check_not_masked(source, "The images have")
    try:
        array = np.asarray(source)
    except ValueError:
        shapes = sorted({np.shape(item) for item in source})[:3] if all(hasattr(item, "shape") for item in source) else "unlike"
        raise ValueError(f"Images of a list must have one size. Received: shapes {shapes}. Resize them first.") from None
    if array.ndim == 3 and array.shape[-1] in (1, 3):
        raise ValueError(
            f"{_EXPECTED} Received: shape {array.shape}, as of one image (height, width, channels). Pass a list of images, or "
            "images[None] for one; and images[..., None] if they are so narrow."
        )
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim != 4 or 0 in array.shape or array.dtype.kind not in "biuf":
        raise ValueError(f"{_EXPECTED} Received: {type(source).__name__}, shape {array.shape}, dtype {array.dtype}.")
    if looks_channels_first(array.shape[1:]):
        raise ValueError(f"{_EXPECTED} Received: shape {array.shape}. {MOVE_CHANNELS}")
    if array.dtype != np.uint8:
        _check_range(array)
    elif watch:
        warn_of_mask_arrays([array])
    return array


def _refuse_others(source):
    """Raises if `source` is one image, or something that holds images or files and is neither an array nor a list."""
    if isinstance(source, Image.Image):
        received = f"one image, of {source.width} x {source.height} pixels. Pass a list: [image]"
    elif isinstance(source, (Iterator, Set, KeysView, ValuesView)):
        received = f"{type(source).__name__}. Pass a list: list(...)"
    elif isinstance(source, list) and not source:
        received = "an empty list: no images, and no files"
    elif _holds_objects(source) and any(isinstance(item, _PATHS) for item in source):
        row, other = next((row, item) for row, item in enumerate(source) if not isinstance(item, _PATHS))
        received = f"a list of paths and of other things. Pass the one or the other: number {row} is {_said(other)}"
    else:
        return
    raise ValueError(f"{_EXPECTED} Received: {received}.")


def _holds_objects(source):
    return isinstance(source, list) or (isinstance(source, np.ndarray) and source.dtype.kind == "O")


def _said(item):
    return f"{type(item).__name__} {tuple(item.shape)}" if hasattr(item, "shape") and len(item.shape) else repr(item)


def _refuse_labels(source):
    """Raises if a tuple or a list is a pair of images and labels, not a list of images."""
    if not isinstance(source, (tuple, list)) or len(source) != 2 or not all(hasattr(part, "__len__") for part in source):
        return
    images, labels = source
    if np.ndim(images) in (3, 4) and len(labels) == len(images) > 0 and np.ndim(labels[0]) < 2:
        raise ValueError(
            f"Expected images alone. Received: a pair (images, labels), of {len(images)} images and {len(labels)} labels. Pass "
            "the images, its first part; keras_gans.data.images takes labels too, in a tuple (images, labels)."
        )


def int_labels(labels, count, hidden=""):
    """Labels as an int array `(count,)`.

    Args:
        labels: Array, or list.
        count: Int, the number of images.
        hidden: String, more allowed values of labels for the error. Default: nothing.

    Raises:
        ValueError: if they are something else.
    """
    try:
        array = np.asarray(labels)
    except ValueError:
        raise ValueError("Labels must be an array of one int an image. Received: rows of several lengths.") from None
    if array.shape == (count,) and array.dtype.kind in "iu":
        return array
    remedy = ""
    if array.dtype.kind in "OSU":
        remedy = f" {HOW_TO_NUMBER}"
    elif array.shape == (count, 1):
        remedy = " Make them a vector: labels[:, 0]."
    elif array.ndim == 2 and len(array) == count:
        remedy = " Make ints of one-hot rows: labels.argmax(-1)."
    elif array.shape == (count,):
        remedy = ' If they are whole numbers, make them ints: labels.astype("int64").'
    first = f", the first is {array.flat[0]!r}" if array.dtype.kind in "OSU" and array.size else ""
    raise ValueError(
        f"`labels` must be ints of shape ({count},), one for each image{hidden}. Received: shape {array.shape}, dtype "
        f"{array.dtype}{first}.{remedy}"
    )


def _check_range(array):
    # NaN is neither below nor above anything, but it is what `min` and `max` give if it is there.
    low, high = array.min(), array.max()
    floats = array.dtype.kind == "f"
    if floats and not (np.isfinite(low) and np.isfinite(high)):
        bad = broken_examples(array)
        raise ValueError(
            f"Images must be uint8, or floats in [-1, 1]. Received: NaN or infinite values in {len(bad)} of {len(array)} images, "
            f"the first at index {bad[0]}. Remove those images, or repair what made them (such as a division by zero)."
        )
    if not floats or low < -1 - ROUNDING or high > 1 + ROUNDING:
        remedy = "`.astype('uint8')` if they are in 0..255"
        if not floats and low >= 0 and high <= 1:
            remedy = "`2. * x - 1` if 0 is black and 1 is white"
        elif high > 255:
            remedy = "`(x / 257).astype('uint8')` if they are in 0..65535"
        raise ValueError(
            f"Images must be uint8, or floats in [-1, 1]. Received: dtype {array.dtype}, values from {float(low):g} to "
            f"{float(high):g}. Convert them with {remedy}."
        )


def checked_labels(labels, count):
    """Labels or other conditions, one row an image, as arrays; a dict or a tuple of several stays one.

    Raises:
        ValueError: if the labels are not finite numbers, or not `count` of them.
    """
    if isinstance(labels, dict):
        return {name: checked_labels(value, count) for name, value in labels.items()}
    if isinstance(labels, tuple) and any(np.ndim(value) for value in labels):
        return tuple(checked_labels(value, count) for value in labels)
    check_not_masked(labels, "The labels have")
    try:
        array = np.asarray(labels)
    except ValueError:
        raise ValueError("Labels must be an array of one row an image. Received: rows of several lengths.") from None
    if array.ndim == 0 or len(array) != count:
        raise ValueError(f"Expected {count} labels, one for each image. Received: labels of shape {array.shape}.")
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"Labels must be numbers. Received: dtype {array.dtype}, the first is {array.flat[0]!r}. {HOW_TO_NUMBER}"
        )
    bad = broken_examples(array) if array.dtype.kind == "f" else ()
    if len(bad):
        raise ValueError(
            f"Labels must be finite. Received: NaN or infinite values for {len(bad)} of {count} images, the first at index "
            f"{bad[0]}. Remove those images."
        )
    return array


def images_and_labels(images, labels, channels):
    """An array of images, or a pair of it and the labels, checked."""
    array = image_array(images, channels)
    return array if labels is None else (array, checked_labels(labels, len(array)))
