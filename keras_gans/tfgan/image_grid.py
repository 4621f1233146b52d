"""Images laid out as one."""

import math

import numpy as np
import tensorflow as tf


def image_grid(input_tensor, grid_shape, image_shape=(32, 32), num_channels=3):
    """Lays a batch of images out as one image, row by row.

    Args:
        input_tensor: Tensor `(n, height, width, channels)`, or `(n, height * width * channels)`.
        grid_shape: Pair of ints, rows and columns; their product is n.
        image_shape: Pair of ints, height and width. Default: (32, 32).
        num_channels: Int. Default: 3.

    Returns:
        Tensor `(1, rows * height, columns * width, channels)`.

    Raises:
        ValueError: if the batch has another number of images, or images another shape.

    Example:

    ```python
    grid = keras_gans.metrics.tfgan.image_grid(gan.generate(16), (4, 4), image_shape=(28, 28), num_channels=1)
    print(grid.shape)  # (1, 112, 112, 1)
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.image_grid`.
    """
    images = tf.convert_to_tensor(input_tensor)
    shape = (*image_shape, num_channels)
    if tuple(images.shape[1:]) not in (shape, (math.prod(shape),)):
        raise ValueError(
            f"Expected images (n, {', '.join(map(str, shape))}), or flat ones. Received: shape {tuple(images.shape)}."
        )
    _check_count(images.shape[0], grid_shape)
    grid = tf.transpose(tf.reshape(images, (*grid_shape, *shape)), (0, 2, 1, 3, 4))
    return tf.reshape(grid, (1, grid_shape[0] * image_shape[0], grid_shape[1] * image_shape[1], num_channels))


def python_image_grid(input_array, grid_shape):
    """`image_grid` of a NumPy array.

    Args:
        input_array: Array `(n, height, width, channels)`.
        grid_shape: Pair of ints, rows and columns; their product is n.

    Returns:
        Array `(rows * height, columns * width, channels)`.

    Raises:
        ValueError: if there are not four axes, or the batch has another number of images.

    Example:

    ```python
    grid = keras_gans.metrics.tfgan.python_image_grid(gan.generate(16), (4, 4))
    print(grid.shape)  # (112, 112, 1)
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.python_image_grid`.
    """
    images = np.asarray(input_array)
    if images.ndim != 4:
        raise ValueError(f"Expected images (n, height, width, channels). Received: shape {images.shape}.")
    _check_count(len(images), grid_shape)
    _, height, width, channels = images.shape
    grid = images.reshape(*grid_shape, height, width, channels).transpose(0, 2, 1, 3, 4)
    return grid.reshape(grid_shape[0] * height, grid_shape[1] * width, channels)


def image_reshaper(images, num_cols=None):
    """Lays images out as one image, near a square, row by row; what is left of the last row is zero.

    Args:
        images: Tensor `(n, height, width, channels)`, or a list of n tensors `(height, width, channels)`; 1 or 3 channels.
        num_cols: Int. Default: ceil(sqrt(n)).

    Returns:
        Tensor `(1, rows * height, columns * width, channels)`.

    Raises:
        ValueError: if there are no images, or one has another number of axes or channels, or an unknown size.

    Example:

    ```python
    grid = keras_gans.metrics.tfgan.image_reshaper(tf.constant(gan.generate(14)))
    print(grid.shape)  # (1, 112, 112, 1); the last two places are zero
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.image_reshaper`.
    """
    images = [tf.convert_to_tensor(image) for image in (tf.unstack(images) if tf.is_tensor(images) else images)]
    for image in images:
        if not image.shape.is_fully_defined() or image.shape.rank != 3 or image.shape[-1] not in (1, 3):
            raise ValueError(f"Expected images (height, width, 1 or 3 channels). Received: shape {image.shape}.")
    if not images:
        raise ValueError("`images` must have at least one image. Received: none.")
    columns = num_cols or math.ceil(math.sqrt(len(images)))
    images += [tf.zeros_like(images[-1])] * (-len(images) % columns)
    rows = [tf.concat(images[first : first + columns], axis=1) for first in range(0, len(images), columns)]
    return tf.concat(rows, axis=0)[None]


def _check_count(count, grid_shape):
    if count != math.prod(grid_shape):
        raise ValueError(f"{count} images do not fill a grid of {grid_shape[0]} x {grid_shape[1]}.")
