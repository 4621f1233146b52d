"""Checks of images to translate."""

import os
import warnings

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_gans.utils.finite import check_examples
from keras_gans.utils.ranges import leave_unjudged
from keras_gans.utils.ranges import slip
from keras_gans.utils.ranges import warn_of_first
from keras_gans.utils.shapes import compatible


def checked_source(source, wanted, source_range=None, taker="generator translates", owner=None):
    """Images to translate or to encode, as an array or tensor that a network takes; see `check_source`.

    Args:
        source: As in `source_array`.
        wanted, source_range, taker: As in `check_source`.
        owner: What takes them: the first images that it gets are judged by their range. None: others judge them.

    Raises:
        ValueError: if it is something else, or of another shape or range.
    """
    source = source_array(source, wanted, taker)
    check_source(source, wanted, source_range, taker)
    if owner is not None:
        judge_first_source(owner, source, source_range)
    return source


def source_array(source, wanted, taker="generator translates"):
    """Images as an array or tensor, of any shape.

    Args:
        source: Array or tensor `(batch, height, width, channels)`, or a list of arrays of images.
        wanted, taker: As in `check_source`.

    Raises:
        ValueError: if it is something else.
    """
    array, problem = source, other_than_images(source, tuple(wanted.shape[1:3]))
    if isinstance(source, list) and not problem:
        try:
            array = np.asarray(source)
        except ValueError:
            alike = len({len(getattr(item, "shape", ())) for item in source}) == 1
            problem = "images of several sizes. Resize them." if alike else "a list of several things. Pass the images alone."
    if not problem and tuple(array.shape)[:1] == (0,):
        problem = "no images. Pass at least one."
    if problem:
        raise ValueError(f"The {taker} an array of images {('batch', *wanted.shape[1:])}. Received: {problem}")
    return array


def other_than_images(source, size="..."):
    """A description of something that is neither an array nor a list of images, with the remedy; None for anything else.

    Args:
        source: Anything.
        size: The size (height, width) that is wanted, or "...".
    """
    if isinstance(source, tf.data.Dataset):
        batch = "images, *_" if isinstance(source.element_spec, tuple) else "batch"
        return f"{type(source).__name__}. Pass one batch after the other: for {batch} in dataset."
    if isinstance(source, tuple):
        return f"a tuple of {len(source)}, as the pair (images, labels) is. Pass the images alone, such as batch[0]."
    if isinstance(source, dict):
        return f"a dict of {list(source)}. Pass the images alone, one of its values."
    if isinstance(source, (str, bytes, os.PathLike)):
        return f"the path {source!r}. Pass what is in the file: keras.utils.img_to_array(keras.utils.load_img(path))[None]."
    if isinstance(source, list) and source and isinstance(source[0], (str, bytes, os.PathLike)):
        return f"paths. Pass the batches that keras_gans.data.images(paths, size={size}, shuffle=False) makes."
    if isinstance(source, list) and source and isinstance(source[0], Image.Image):
        return "images of Pillow. Pass an array of floats: np.stack(images) / 127.5 - 1."
    if not isinstance(source, list) and not hasattr(source, "shape"):
        return f"{type(source).__name__}. Pass such an array, or a list of images."
    return None


def check_source(source, wanted, source_range=None, taker="generator translates"):
    """Raises if images to translate, or to encode, are not what a network takes.

    Args:
        source: Array or tensor `(batch, height, width, channels)`.
        wanted: The Keras input that takes it.
        source_range: Pair of floats, the values of black and white; None: not known, and not checked.
        taker: String, the subject and verb of the error. Default: "generator translates".
    """
    expected, received = tuple(wanted.shape[1:]), tuple(source.shape)
    if not compatible(received[1:], expected) or len(received) != len(expected) + 1:
        remedy = f"Pass an array {('batch', *expected)}."
        if compatible(received, expected):
            remedy = "Add a batch axis: image[None]."
        elif compatible(received[2:], expected):
            remedy = "Join the batches: np.concatenate(batches)."
        elif len(received) == 4 == len(expected) + 1 and compatible(received[3:], expected[2:]):
            remedy = "Resize them."
        raise ValueError(f"The {taker} images {('batch', *expected)}. Received: {received}. {remedy}")
    if source_range is not None:
        _check_range(source, len(expected) == 3, *source_range)
    check_examples(source, "The sources have")


def judge_first_source(owner, source, source_range):
    """Warns, once, if the first images that something translates, or encodes, look as if they were in [0, 1], not in [-1, 1].

    Args:
        owner: What takes them. Of one that `warn_of_range` warned of, nothing more is said.
        source, source_range: As in `warn_of_range`.
    """
    if source_range is not None and source_range[0] < 0 and np.shape(source)[-1] in (1, 3):
        warn_of_first(owner, stacklevel=5, source=source)


def warn_of_range(owner, source, source_range):
    """Warns if training images look as if they had another range than the one that they are taken to have.

    Args:
        owner: What takes them: `judge_first_source` then says nothing of it.
        source: Array or tensor `(batch, height, width, channels)`, a first batch; maps of other than 1 or 3 channels are fine.
        source_range: Pair of floats, the values of black and white.
    """
    message = slip("The sources", source, source_range) if source.shape[-1] in (1, 3) else None
    if message:
        leave_unjudged(owner, "source")
        warnings.warn(message, stacklevel=2)


def _check_range(source, are_images, low, high):
    dtype, values = tf.as_dtype(source.dtype), np.asarray(source, "float32")
    remedy = how_to_scale(source, (low, high))
    if not dtype.is_floating:
        raise ValueError(f"Sources must be floats in [{low:g}, {high:g}]. Received: dtype {dtype.name}. {remedy}")
    if are_images and values.size and (values.max() > 2 * high or values.min() < (2 * low or -0.05)):
        raise ValueError(
            f"Sources must be in [{low:g}, {high:g}]. Received: values from {values.min():g} to {values.max():g}. {remedy}"
        )


def how_to_scale(images, wanted_range):
    """A sentence for errors on how to scale images: with the formula, if their type and values reveal black and white.

    Args:
        images: Array or tensor, as it was received.
        wanted_range: Pair of floats, the values of black and white: (-1, 1) or (0, 1).
    """
    given, wanted = black_and_white(images), tuple(wanted_range)
    if given is None:
        return f"Scale them so that black is {wanted[0]:g}, and white {wanted[1]:g}."
    if given == wanted:
        return 'Make them floats: tf.cast(x, "float32").'
    if given == (-1, 1):
        return "Scale them: (x + 1) / 2."
    white = given[1]
    if white == 1:
        return 'Scale them: 2. * tf.cast(x, "float32") - 1.'
    return f"Scale them: x / {white / 2:g} - 1." if wanted[0] < 0 else f"Scale them: x / {white}."


def black_and_white(images):
    """The values of black and white in images: (0, 255), (0, 65535), (0, 1) or (-1, 1). None if that cannot be inferred.

    For uint8 and uint16 the dtype decides, unless there are only 0 and 1; for other types, the greatest value must be above an
    eighth of white.
    """
    dtype, values = tf.as_dtype(images.dtype), np.asarray(images, "float32")
    least, greatest = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if least < 0:
        return (-1, 1) if -1.1 <= least <= -0.5 and greatest <= 1.1 else None
    if greatest == 1 and not dtype.is_floating:
        return 0, 1
    if dtype in (tf.uint8, tf.uint16):
        return 0, dtype.max
    return next(((0, white) for white in (255, 65535) if white / 8 < greatest <= white), None)
