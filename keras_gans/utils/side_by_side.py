"""Brings images of different sizes, channels and ranges together in one picture."""

import numpy as np

from keras_gans.utils.image_files import to_uint8


def is_picture(shape):
    """Whether images of a shape, without the batch axis, can be shown: (height, width, 1 or 3)."""
    return len(shape) == 3 and shape[-1] in (1, 3)


def side_by_side(columns, ranges):
    """The images of all examples in order, each example with one image for each column, for `image_grid`.

    Smaller images are enlarged, their pixels sharp, and gray ones stand beside color.

    Args:
        columns: List of arrays `(n, height, width, 1 or 3)`, floats or uint8, such as sources, outputs and targets.
        ranges: List of pairs of floats, black and white of each column.

    Returns:
        NumPy uint8 array `(n * len(columns), greatest height, greatest width, most channels)`.
    """
    images = [to_uint8(column, image_range) for column, image_range in zip(columns, ranges, strict=True)]
    height, width, channels = np.max([column.shape[1:] for column in images], axis=0)
    alike = np.stack([_enlarged(column, height, width, channels) for column in images], axis=1)
    return alike.reshape(-1, height, width, channels)


def _enlarged(images, height, width, channels):
    """Images by their nearest pixels; one channel for all."""
    rows, columns = (np.arange(size) * old // size for size, old in zip((height, width), images.shape[1:3], strict=True))
    images = images[:, rows][:, :, columns]
    return np.broadcast_to(images, (*images.shape[:3], channels))
