"""Images at the border of the library: uint8, grids and files."""

import numpy as np
from PIL import Image

from keras_gans.utils.files import written_beside


def to_uint8(images):
    """Converts images in [-1, 1] to uint8: round((x + 1) * 127.5), clipped to 0..255.

    The inverse of `x / 127.5 - 1`, exact for every uint8 value.

    Args:
        images: Float array or tensor of any shape. uint8 is returned as it is.

    Returns:
        NumPy uint8 array of the same shape.

    Example:

    ```python
    print(keras_gans.utils.to_uint8([-1.0, 0.0, 1.0]))  # [  0 128 255]
    ```
    """
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    return np.clip(np.rint((images.astype("float32") + 1.0) * 127.5), 0, 255).astype(np.uint8)


def image_grid(images, rows=None, columns=None, padding=2):
    """Lays images out as one image, row by row, white between them.

    Args:
        images: Array, `(n, height, width, channels)`, float in [-1, 1] or uint8; 1 or 3 channels.
        rows: Int. Default: as many as needed.
        columns: Int. Default: the smallest square.
        padding: Int, pixels between images. Default: 2.

    Returns:
        NumPy uint8 array, `(height, width, channels)`.

    Raises:
        ValueError: if the images do not have 4 axes with 1 or 3 channels, or do not fit into `rows` x `columns`.

    Example:

    ```python
    grid = keras_gans.utils.image_grid(gan.generate(16))
    print(grid.shape)  # (118, 118, 1); four rows of four images, with two pixels between them
    ```
    """
    images = to_uint8(images)
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(
            "Expected images of shape (n, height, width, channels) with 1 or 3 channels. "
            f"Received: shape={images.shape}. Reshape them, or select three channels to show."
        )
    count, height, width, channels = images.shape
    columns = columns or (-(-count // rows) if rows else int(np.ceil(np.sqrt(count))))
    rows = rows or -(-count // columns)
    if count > rows * columns:
        raise ValueError(f"{count} images do not fit into a grid of {rows} x {columns}. Use more rows or columns.")
    canvas = np.full((rows * (height + padding) - padding, columns * (width + padding) - padding, channels), 255, np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * (height + padding), index % columns * (width + padding)
        canvas[top : top + height, left : left + width] = image
    return canvas


def picture(canvas):
    """The Pillow image of one uint8 image (height, width, 1 or 3 channels)."""
    return Image.fromarray(canvas[..., 0] if canvas.shape[-1] == 1 else canvas)


def save_images(filepath, images, rows=None, columns=None, padding=2):
    """Saves a grid of images as one file, PNG by the usual ending; folders on the way are made.

    Args:
        filepath: Path of the file.
        images, rows, columns, padding: As in `image_grid`.

    Example:

    ```python
    keras_gans.utils.save_images("samples/grid.png", gan.generate(16), columns=8)
    ```
    """
    canvas = image_grid(images, rows, columns, padding)
    with written_beside(filepath) as beside:
        picture(canvas).save(beside)
