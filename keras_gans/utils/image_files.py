"""Images as uint8, grids and files."""

import os
import warnings

import numpy as np
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFont

from keras_gans.utils.files import written_beside
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import checked_range
from keras_gans.utils.paths import check_path
from keras_gans.utils.sources import black_and_white


def to_uint8(images, image_range=None):
    """Converts images in [-1, 1] to uint8: round((x + 1) * 127.5), clipped to 0..255.

    The inverse of `x / 127.5 - 1`, exact for every uint8 value.

    Args:
        images: Float array or tensor of any shape. uint8 is returned as it is; of bools, True is white.
        image_range: Pair of floats, the values of black and white: (0, 1) for images that a sigmoid made. Default: (-1, 1), with
            a warning if the images look as if they were in [0, 1].

    Returns:
        NumPy uint8 array of the same shape.

    Raises:
        ValueError: if images hold NaN, or are integers of another type, or not numbers; if they are floats that look as if they
            were in [0, 255], and `image_range` does not say so; if `image_range` is not a pair of increasing numbers.

    Warns:
        UserWarning: if images lie in [0, 1], and `image_range` does not say so.

    Example:

    ```python
    print(keras_gans.utils.to_uint8([-1.0, 0.0, 1.0]))  # [  0 128 255]
    ```
    """
    black, white = (-1, 1) if image_range is None else checked_range(image_range)
    images = image_numbers(images)
    if images.dtype == np.uint8:
        return images
    if images.dtype == bool:
        return images.astype(np.uint8) * 255
    if np.issubdtype(images.dtype, np.integer):
        raise ValueError(f"Images must be uint8, or floats. Received: dtype {images.dtype}. Use images.astype('uint8').")
    images = images.astype("float32")
    if np.isnan(images).any():
        raise ValueError(f"Images must be numbers. Received: {int(np.isnan(images).sum())} values that are NaN.")
    if image_range is None and images.ndim >= 3 and images.size and 0 <= images.min() < images.max() <= 1:
        warnings.warn(
            "The images lie in [0, 1], but are taken to range over [-1, 1]: nothing will be darker than gray. Pass "
            "image_range=(0, 1) if they are scaled to [0, 1], (-1, 1) if not.",
            stacklevel=2,
        )
    if image_range is None and images.ndim >= 3 and black_and_white(images) == (0, 255):
        raise ValueError(
            f"Images must be uint8, or floats in [-1, 1]. Received: floats from {images.min():g} to {images.max():g}. Pass "
            "image_range=(0, 255)."
        )
    return np.clip(np.rint((images - black) * (255.0 / (white - black))), 0, 255).astype(np.uint8)


def image_numbers(images):
    """Images as a NumPy array of any shape. Raises a ValueError unless they are an array of real numbers."""
    try:
        array = np.asarray(images)
    except ValueError:
        raise ValueError(
            "Images must be an array. Received: a list of several sizes. Resize them, or save them one by one."
        ) from None
    if array.dtype.kind in "OSUcmM":
        received = (
            repr(images) if isinstance(images, (str, bytes, os.PathLike)) else f"{type(images).__name__}, dtype {array.dtype}"
        )
        raise ValueError(f"Images must be an array of real numbers. Received: {received}.")
    return array


def image_grid(images, rows=None, columns=None, padding=2, image_range=None):
    """Lays images out as one image, row by row, white between them.

    Args:
        images: Array, `(n, height, width, channels)`, float in [-1, 1] or `image_range`, or uint8; 1 or 3 channels.
        rows: Int. Default: as many as needed.
        columns: Int. Default: the smallest square.
        padding: Int, pixels between images. Default: 2.
        image_range: Pair of floats, as in `to_uint8`.

    Returns:
        NumPy uint8 array, `(height, width, channels)`.

    Raises:
        ValueError: if there are no images, or they do not have 4 axes with 1 or 3 channels, or do not fit into
            `rows` x `columns`; if an argument is out of range.

    Example:

    ```python
    grid = keras_gans.utils.image_grid(gan.generate(16))
    print(grid.shape)  # (118, 118, 1); four rows of four images, with two pixels between them
    ```
    """
    check_ints(1, **{name: value for name, value in (("rows", rows), ("columns", columns)) if value is not None})
    check_ints(0, padding=padding)
    images = to_uint8(images, image_range)
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or 0 in images.shape:
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


def with_row_names(canvas, names):
    """Writes a name left of each row of a grid.

    Args:
        canvas: NumPy uint8 array `(height, width, channels)`, a grid of `len(names)` rows of one height.
        names: Strings.

    Returns:
        NumPy uint8 array, wider than `canvas`, which is its right part.
    """
    height = len(canvas) / len(names)
    font = ImageFont.load_default(float(np.clip(height, 8, 14)))
    width = int(max(font.getlength(name) for name in names)) + 6
    margin = Image.new("L", (width, len(canvas)), 255)
    draw = ImageDraw.Draw(margin)
    for row, name in enumerate(names):
        draw.text((2, (row + 0.5) * height), name, fill=0, font=font, anchor="lm")
    return np.concatenate([np.repeat(np.asarray(margin)[..., None], canvas.shape[-1], axis=-1), canvas], axis=1)


def picture(canvas):
    """The Pillow image of one uint8 image (height, width, 1 or 3 channels)."""
    return Image.fromarray(canvas[..., 0] if canvas.shape[-1] == 1 else canvas)


def save_images(filepath, images, rows=None, columns=None, padding=2, image_range=None):
    """Saves a grid of images as one file, PNG by the usual ending; folders on the way are made.

    Args:
        filepath: Path of the file.
        images, rows, columns, padding, image_range: As in `image_grid`.

    Raises:
        ValueError: as `image_grid`, or if Pillow writes no files of that ending.
        OSError: if the file cannot be written.

    Example:

    ```python
    keras_gans.utils.save_images("samples/grid.png", gan.generate(16), columns=8)
    ```
    """
    check_path(filepath, "filepath", "It comes before the images.")
    ending = os.path.splitext(filepath)[1].lower()
    if Image.registered_extensions().get(ending) not in Image.SAVE:
        raise ValueError(
            f"The path of a picture must have an image ending, such as .png or .jpg. Received: {os.fspath(filepath)!r}"
        )
    canvas = image_grid(images, rows, columns, padding, image_range)
    with written_beside(filepath) as beside:
        picture(canvas).save(beside)
