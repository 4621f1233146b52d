"""Images in the form for metrics of pixels: checked, in 0..255."""

import warnings

import numpy as np
import tensorflow as tf

from keras_gans.utils.assured import assured
from keras_gans.utils.finite import finite
from keras_gans.utils.finite import finite_floats

_REMEDY = "Scale images of 0..255 with x / 127.5 - 1, or keras_gans.data.images(...)."


def to_pixels(images, metric, quantize=True):
    """Images in [-1, 1] as float32 pixels in 0..255: (x + 1) * 127.5, clipped.

    Args:
        images: Array or tensor `(batch, height, width, channels)`.
        metric: String, the caller's name in errors.
        quantize: Bool, whether they are rounded to whole numbers, as files store them. Default: True.

    Raises:
        ValueError: if the input is not a batch of images of a known size.
        tf.errors.InvalidArgumentError: see `checked`.
    """
    images = tf.convert_to_tensor(images)
    if images.shape.rank != 4 or None in images.shape[1:]:
        raise ValueError(
            f"{metric} takes images (batch, height, width, channels) in [-1, 1], of a known size. "
            f"Received: shape {tuple(images.shape) if images.shape.rank is not None else None}. Reshape them first."
        )
    pixels = (checked(images, metric) + 1.0) * 127.5
    return tf.clip_by_value(tf.round(pixels) if quantize else pixels, 0.0, 255.0)


def checked(images, who):
    """Images in [-1, 1] as float32. Small excesses of generators stay; images of 0..255 are refused.

    Args:
        images: Tensor.
        who: String, the caller's name in errors.

    Raises:
        ValueError: if the images are not floats.
        tf.errors.InvalidArgumentError: if they hold NaN or infinite values; if none is negative and their mean is above 2. Not
            where XLA compiles, which leaves out such checks.
    """
    check_floats(images, f"{who} takes float images in [-1, 1]")
    images = finite(tf.cast(images, tf.float32), f"{who}: images")
    # The images of a diverging generator are far from [-1, 1] too, but on both sides of 0.
    bright = tf.reduce_sum(images - 2.0)
    return assured(
        images,
        (bright <= 0.0) | tf.reduce_any(images < 0.0),
        f"{who} takes images in [-1, 1]. Received: images without negative values, of a mean above 2. {_REMEDY}",
    )


def check_floats(images, expected):
    """Raises a ValueError, which begins with what was expected, if the images are not floats."""
    if not images.dtype.is_floating:
        raise ValueError(f"{expected}. Received: dtype {images.dtype.name}. {_REMEDY}")


def as_metrics_take(images, image_range):
    """Images that range over `image_range`, (0, 1) for example, as images in [-1, 1]. Data that are not images stay as they are.

    Args:
        images: Array or tensor.
        image_range: Pair (black, white) of floats.
    """
    low, high = image_range
    if (low, high) == (-1.0, 1.0) or len(images.shape) != 4:
        return images
    return (images - low) * (2.0 / (high - low)) - 1.0


def as_generated(reals, image_range, name="reals"):
    """Real images as a generator makes them, floats that range over `image_range`: uint8 are scaled, others are checked.

    Args:
        reals: Array. Data that are not images `(n, height, width, channels)` are only checked to be finite.
        image_range: Pair (black, white) of floats, the generator's.
        name: String, the argument's, for errors.

    Raises:
        ValueError: if values are NaN or infinite; if images cannot range over `image_range`.

    Warns:
        UserWarning: if images lie in [0, 1], and the generator's range over [-1, 1].
    """
    reals = np.asarray(reals)
    is_float = reals.dtype.kind not in "biu"
    if is_float:
        finite_floats(reals, name)
    if reals.ndim != 4 or not reals.size:
        return reals
    black, white = image_range
    if reals.dtype == np.uint8:
        return (black + reals.astype("float32") * ((white - black) / 255)).astype("float32")
    scale = "x / 127.5 - 1" if black < 0 else "x / 255"
    expected = f"`{name}` must be uint8, or floats in [{black:g}, {white:g}], as the generator makes them"
    if not is_float:
        raise ValueError(f"{expected}. Received: dtype {reals.dtype}. Scale images of 0..255: {scale}.")
    low, high = float(reals.min()), float(reals.max())
    if max(-low, high) > 2:
        raise ValueError(f"{expected}. Received: values from {low:g} to {high:g}. Scale images of 0..255: {scale}.")
    if black == 0 and low < -0.01:
        raise ValueError(f"{expected}. Received: values from {low:g} to {high:g}. Scale images of [-1, 1]: (x + 1) / 2.")
    if black < 0 and 0 <= low < high <= 1:
        warnings.warn(
            f"`{name}` lie in [{low:g}, {high:g}], and the generator's images range over [{black:g}, {white:g}]. If they are "
            "scaled to [0, 1], scale them: 2 * x - 1.",
            stacklevel=2,
        )
    return reals
