"""Images as metrics of pixels take them: checked, in 0..255."""

import tensorflow as tf


def to_pixels(images, metric, quantize=True):
    """Images in [-1, 1] as float32 pixels in 0..255: (x + 1) * 127.5, clipped.

    Args:
        images: Array or tensor `(batch, height, width, channels)`.
        metric: String, who asks, for errors.
        quantize: Bool, whether they are rounded to whole numbers, as files store them. Default: True.

    Raises:
        ValueError: if these are no images of a known size.
        tf.errors.InvalidArgumentError: if they hold NaN or infinite values.
    """
    images = tf.convert_to_tensor(images)
    if images.shape.rank != 4 or None in images.shape[1:]:
        raise ValueError(
            f"{metric} takes images (batch, height, width, channels) in [-1, 1], of a known size. "
            f"Received: shape {tuple(images.shape) if images.shape.rank is not None else None}. Reshape them first."
        )
    check_floats(images, f"{metric} takes float images in [-1, 1]")
    pixels = (
        tf.debugging.assert_all_finite(tf.cast(images, tf.float32), f"{metric}: images have NaN or infinite values.") + 1.0
    ) * 127.5
    return tf.clip_by_value(tf.round(pixels) if quantize else pixels, 0.0, 255.0)


def check_floats(images, expected):
    """Raises a ValueError, which begins with what was expected, if these are no floats."""
    if not images.dtype.is_floating:
        raise ValueError(f"{expected}. Received: dtype {images.dtype.name}. Scale uint8 images with x / 127.5 - 1.")
