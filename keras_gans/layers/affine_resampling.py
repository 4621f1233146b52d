"""Images under affine transformations: filtered and resampled, or copied pixel by pixel."""

import functools

import numpy as np
import tensorflow as tf

from keras_gans.layers.gather_points import gather_points
from keras_gans.utils.symlets import SYMLET_6

_CENTER = 5  # The tap of the filter that lies on the pixel: at twice the size, pixel k is at position 2k.
_MARGIN = 6  # Positions at twice the size that the filter needs beyond each end.


def resample(images, transforms):
    """Images under affine transformations: enlarged to twice the size, interpolated linearly, filtered and reduced again.

    Both filters are one orthogonal low-pass, the symlet of six vanishing moments, so that an image that does not move stays as it
    is. Beyond its edges, an image is mirrored. Linear in the images, with derivatives of any order.

    Args:
        images: Float32 tensor `(batch, height, width, channels)`, of a known size of at least 2x2.
        transforms: Float32 tensor `(batch, 3, 3)`, matrices that map the (x, y, 1) of each output pixel, in pixels from the
            image's centre, to its source.

    Returns:
        Float32 tensor of the shape of `images`.
    """
    height, width = images.shape[1:3]
    large = _filtered(images, _upsampling(height), _upsampling(width))
    y, x = (
        _mirrored(position, 2 * (size - 1), _MARGIN) + _MARGIN
        for position, size in zip(_sources(transforms, (height, width), 2, _MARGIN), (height, width), strict=True)
    )
    top, left = tf.floor(y), tf.floor(x)
    down, right = (y - top)[..., None], (x - left)[..., None]
    wide = large.shape[2]
    numbers = _numbers(top, left, wide)
    corners = tf.concat([numbers, numbers + 1, numbers + wide, numbers + (wide + 1)], axis=1)
    top_left, top_right, bottom_left, bottom_right = tf.split(gather_points(large, corners), 4, axis=1)
    above, below = top_left + right * (top_right - top_left), bottom_left + right * (bottom_right - bottom_left)
    return _filtered(above + down * (below - above), _downsampling(height), _downsampling(width))


def copy_pixels(images, transforms):
    """Images under affine transformations that take pixels to pixels, exactly; arguments as in `resample`.

    A pixel whose source is between two, as in a quarter turn of 8x5 pixels, is a copy of the left or upper one.
    """
    height, width = images.shape[1:3]
    # A quarter: whole numbers are not quite whole after sines and cosines, and halves go one way.
    y, x = (tf.floor(position + 0.25) for position in _sources(transforms, (height, width), 1, 0))
    return gather_points(images, _numbers(_mirrored(y, height - 1, 0), _mirrored(x, width - 1, 0), width))


def _sources(transforms, sizes, scale, margin):
    """The sources of the points of a grid, y and x `(batch, rows, columns)`, in points from the first pixel.

    Args:
        transforms: See `resample`.
        sizes: Pair of ints, height and width of the image.
        scale: Int, points of the grid in a pixel.
        margin: Int, points of the grid before the first pixel, and after the last.
    """
    centers = [0.5 * (size - 1) for size in sizes]
    rows, columns = (
        tf.constant(np.arange(-margin, scale * (size - 1) + margin + 1) / scale - center, tf.float32)
        for size, center in zip(sizes, centers, strict=True)
    )
    found = []
    for row, center in zip((1, 0), centers, strict=True):
        across = scale * (transforms[:, row, 0, None] * columns + (transforms[:, row, 2, None] + center))
        down = scale * (transforms[:, row, 1, None] * rows)
        found.append(down[:, :, None] + across[:, None, :])
    return found


def _mirrored(position, last, margin):
    """Positions in [-margin, last + margin], of any: those beyond are seen between mirrors at 0 and at `last`."""
    seen = position - 2 * last * tf.floor(position / (2 * last))  # not `tf.math.floormod`, which is slow
    mirrored = tf.clip_by_value(last - tf.abs(seen - last), 0.0, last)
    return tf.where((position < -margin) | (position > last + margin), mirrored, position)


def _numbers(rows, columns, width):
    """The numbers of points, int32, of their rows and columns, floats without fractions."""
    return tf.cast(rows, tf.int32) * width + tf.cast(columns, tf.int32)


def _filtered(images, down, across):
    """Images with every column multiplied by one matrix, and every row by another."""
    # Not `tf.matmul` of transposed images, for the reason in `gather_points`.
    return tf.einsum("qw,bpwc->bpqc", across, tf.einsum("ph,bhwc->bpwc", down, images))


@functools.cache
def _upsampling(size):
    """A matrix `(2 size + 2 margins, size)`: positions at twice the size, of a row of pixels that goes on as in a mirror."""
    around = len(SYMLET_6)
    matrix = np.zeros((2 * (size + 2 * around), size))
    for place, pixel in enumerate(np.pad(np.arange(size), around, mode="reflect")):
        taps = slice(2 * place, 2 * place + len(SYMLET_6))
        matrix[taps, pixel] += 2**0.5 * SYMLET_6[: len(matrix[taps])]
    first = 2 * around + _CENTER - _MARGIN
    return matrix[first : first + 2 * (size + _MARGIN)].astype("float32")


@functools.cache
def _downsampling(size):
    """A matrix `(size, 2 size - 1 + 2 margins)`: the pixels of a row of positions at twice the size."""
    matrix = np.zeros((size, 2 * (size + _MARGIN) - 1))
    for pixel in range(size):
        first = 2 * pixel + _MARGIN - _CENTER
        matrix[pixel, first : first + len(SYMLET_6)] = SYMLET_6 / 2**0.5
    return matrix.astype("float32")
