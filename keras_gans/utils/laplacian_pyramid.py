"""The Laplacian pyramid of LAPGAN: a small image, and the detail that each larger size adds."""

import functools

import keras
import numpy as np
from keras import ops

from keras_gans.utils.integers import is_int


def laplacian_pyramid(images, levels):
    """The bands of images: the detail that each level adds to the enlarged next, smaller one; last the smallest images.

    band_k = I_k - u(I_(k+1)),    I_0 = images,    I_(k+1) = d(I_k),    the last band = I_last

    d averages the area of each new pixel, u interpolates linearly between pixels, the outermost of which stay where they are:
    Torch's `image.scale`, in both directions. Any sizes will do: `d` and `u` need not halve and double.

    Args:
        images: Floats `(batch, height, width, channels)`.
        levels: Int, the number of bands, each half as large as the one before, rounded up; or the sizes of the bands after the
            first, ints or pairs (height, width), from the larger to the smaller: (14, 8) for images of 28.

    Returns:
        List of tensors, from the largest to the smallest.

    Raises:
        ValueError: if `images` are not such images; if the sizes do not decrease.

    Example:

    ```python
    images = keras.random.uniform((2, 28, 28, 3), -1, 1)
    bands = keras_gans.utils.laplacian_pyramid(images, (14, 8))
    print([tuple(band.shape[1:3]) for band in bands])  # [(28, 28), (14, 14), (8, 8)]
    again = keras_gans.utils.from_laplacian_pyramid(bands)
    print(bool(tf.reduce_max(tf.abs(again - images)) < 1e-6))  # True
    ```

    Reference:
        Denton, Chintala, Szlam, Fergus, Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (2015),
        arXiv:1506.05751; resized as in the authors' code (facebookarchive/eyescream, torch/image).

    Differences: the paper's d and u blur; its code's do not. `metrics.SlicedWasserstein` has a pyramid of blurred images.
    """
    pairs, smallest = bands_and_coarse(images, _sizes(_size_of(images), levels))
    return [*(band for band, _ in pairs), smallest]


def from_laplacian_pyramid(bands):
    """The images of a Laplacian pyramid: the smallest, enlarged and added to each band in turn.

    I_k = u(I_(k+1)) + band_k

    Args:
        bands: List of floats `(batch, height, width, channels)`, from the largest to the smallest; see `laplacian_pyramid`.

    Returns:
        Tensor of the shape of the first band.

    Raises:
        ValueError: if the bands are not such images, or do not become smaller.

    Example:

    ```python
    bands = [tf.zeros((2, 8, 8, 3)), tf.ones((2, 4, 4, 3))]
    print(keras_gans.utils.from_laplacian_pyramid(bands).shape)  # (2, 8, 8, 3)
    ```
    """
    sizes = [tuple(band.shape[1:3]) if len(band.shape) == 4 else None for band in bands]
    if not sizes or None in sizes or not decrease(sizes):
        raise ValueError(
            "`bands` must be images (batch, height, width, channels), from the largest to the smallest. Received: shapes "
            f"{[tuple(band.shape) for band in bands]}"
        )
    *details, images = bands
    for band in details[::-1]:
        images = pyramid_up(images, tuple(band.shape[1:3])) + band
    return images


def bands_and_coarse(images, sizes):
    """A Laplacian pyramid for given levels: a pair for each larger level, and the smallest images.

    Args:
        images: Floats `(batch, height, width, channels)`.
        sizes: Pairs (height, width) of the levels after the first, from the larger to the smaller.

    Returns:
        List of pairs, from the largest level: its band, and the next level's images, enlarged to it; and the smallest images.
    """
    pairs = []
    for size in sizes:
        smaller = pyramid_down(images, size)
        coarse = pyramid_up(smaller, _size_of(images))
        pairs.append((images - coarse, coarse))
        images = smaller
    return pairs, images


def pyramid_down(images, size):
    """Images made smaller, to a pair (height, width): each pixel is the average of the area that it covers."""
    return _resized(images, size, _averages)


def pyramid_up(images, size):
    """Images made larger, to a pair (height, width): linear between pixels, and the corners stay."""
    return _resized(images, size, _interpolation)


def _resized(images, size, weights):
    for axis, (before, after) in enumerate(zip(_size_of(images), size, strict=True)):
        if before != after:
            matrix = ops.cast(weights(before, after), images.dtype)
            images = ops.einsum("ph,bhwc->bpwc" if axis == 0 else "qw,bhwc->bhqc", matrix, images)
    return images


@functools.cache
def _averages(before, after):
    """A matrix `(after, before)`: the share of each new pixel that each old pixel covers."""
    edges = np.arange(after + 1) * (before / after)
    starts, ends = edges[:-1, None], edges[1:, None]
    pixels = np.arange(before)
    shared = np.clip(np.minimum(ends, pixels + 1) - np.maximum(starts, pixels), 0, None)
    return (shared / shared.sum(axis=1, keepdims=True)).astype("float32")


@functools.cache
def _interpolation(before, after):
    """A matrix `(after, before)`: the new pixels are evenly spaced from the first old one to the last."""
    positions = np.linspace(0, before - 1, after)[:, None]
    return np.clip(1 - np.abs(positions - np.arange(before)), 0, 1).astype("float32")


def _size_of(images):
    shape = tuple(images.shape)
    if len(shape) != 4 or None in shape[1:3] or not keras.backend.is_float_dtype(keras.backend.standardize_dtype(images.dtype)):
        raise ValueError(
            "Expected images (batch, height, width, channels), floats of known sizes. Received: shape "
            f"{shape}, dtype {keras.backend.standardize_dtype(images.dtype)}."
        )
    return shape[1:3]


def _sizes(size, levels):
    """The sizes of the bands after the first, pairs."""
    if is_int(levels) and levels >= 1:
        sizes = [tuple(-(-length // 2**k) for length in size) for k in range(levels)]
    elif isinstance(levels, (list, tuple)) and levels:
        sizes = [size, *map(size_pair, levels)]
    else:
        sizes = [None]
    if None in sizes or not decrease(sizes):
        raise ValueError(
            "`levels` must be an int >= 1, by which images can be halved, or sizes that decrease, ints or pairs (height, width), "
            f"the first smaller than the images. Received: levels={levels!r}, images of size {size}"
        )
    return sizes[1:]


def size_pair(size):
    """A pair (height, width) of such a pair, or of one int for both; None if these are not ints >= 1."""
    pair = tuple(size) if isinstance(size, (list, tuple)) else (size, size)
    return pair if len(pair) == 2 and all(is_int(length) and length >= 1 for length in pair) else None


def decrease(sizes):
    """Whether each pair is smaller than the one before in at least one number, and larger in none."""
    return all(
        small != large and all(a <= b for a, b in zip(small, large, strict=True))
        for large, small in zip(sizes, sizes[1:], strict=False)
    )
