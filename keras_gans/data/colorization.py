"""Pairs of lightness and colors, for the coloring of photographs."""

import warnings

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_gans.data.arrays import image_array
from keras_gans.data.check_arguments import check_size
from keras_gans.data.check_arguments import check_verbose
from keras_gans.data.lab import rgb_to_lab
from keras_gans.data.paired import paired
from keras_gans.data.pictures import FilePictures
from keras_gans.data.pictures import find_pictures
from keras_gans.data.pictures import without_pandas
from keras_gans.data.splits import check_split
from keras_gans.data.splits import split_of

_DECODED = 16  # files whose pixels are looked at
_ROUNDING = 2  # of 255, between the channels of a gray pixel


def colorization(source, size=None, batch_size=1, on_error="raise", split=None, data_dir=None, verbose=True, **arguments):
    """A pipeline of pairs `(lightness, colors)` of photographs, as pix2pix has them; see `rgb_to_lab` and `lab_to_rgb`.

    Args:
        source: Photographs, anything that `keras_gans.data.images` takes, without labels, or "tfds:NAME".
        size, batch_size, on_error, split, data_dir, verbose: As in `keras_gans.data.paired`.
        **arguments: More arguments of `keras_gans.data.paired`: load_size, augment, flip, shuffle, seed, cache, drop_remainder.

    Returns:
        `tf.data.Dataset` of pairs of float32 batches `(batch, height, width, 1)` and `(batch, height, width, 2)` in [-1, 1].

    Raises:
        ValueError: as `keras_gans.data.paired`; if all photographs are gray.

    Warns:
        UserWarning: if some are. For files, all headers and the pixels of sixteen are checked.

    Example:

    ```python
    photos = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3)).astype("uint8")
    lightness, colors = next(iter(keras_gans.data.colorization(photos, size=16, batch_size=4)))
    images = keras_gans.data.lab_to_rgb(lightness, colors)
    ```

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial Networks (2017), arXiv:1611.07004;
        junyanz/pytorch-CycleGAN-and-pix2pix, data/colorization_dataset.py.
    """
    check_verbose(verbose)
    size = check_size(size)
    check_split(split, source)
    source = split_of(source, split, data_dir)
    pictures = find_pictures(source, size, 3, on_error, verbose, classes=False)
    _check_colors(_gray(source, pictures))
    dataset = paired(tf.identity, pictures, size, batch_size, channels=3, on_error=on_error, verbose=verbose, **arguments)
    return dataset.map(lambda _, images: rgb_to_lab(images), tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def _check_colors(gray):
    """Raises if all photographs are gray, and warns if some are.

    Args:
        gray: List, for each photograph whether it is gray: True, False, or None if it was not examined.
    """
    if all(gray):
        raise ValueError("Photographs have colors to learn from. Received: gray ones only.")
    if any(gray):
        least = "At least " if None in gray else ""
        warnings.warn(
            f"{least}{gray.count(True)} of {len(gray)} photographs are gray: from these, a generator learns to add no colors. "
            "Leave them out.",
            stacklevel=3,
        )


def _gray(source, pictures):
    """For each photograph whether it is gray, as a list; None if it was not examined. For a data set, a list with one entry."""
    if isinstance(pictures, FilePictures):
        names, headers = pictures.columns[0].names, pictures.columns[0].headers
        gray = [None if header.colored else True for header in headers]
        unsure = [index for index, known in enumerate(gray) if known is None]
        for index in unsure[:: -(-len(unsure) // _DECODED)] if unsure else ():
            gray[index] = _is_gray_file(names[index])
        return gray
    if isinstance(source, tf.data.Dataset):
        spec = source.element_spec
        image = spec["image"] if isinstance(spec, dict) else tf.nest.flatten(spec)[0]
        return [True if image.shape[-1] == 1 else None]
    images = image_array(without_pandas(source), watch=False)
    return [bool(np.all(image == image[..., :1])) for image in images]


def _is_gray_file(name):
    """Whether the pixels of a file are gray; None if they cannot be decoded, which is for the pipeline to say."""
    try:
        with Image.open(name) as image:
            image.draft("RGB", (256, 256))  # a JPEG is decoded small
            pixels = np.asarray(image.convert("RGB"), "int16")
    # Plugins of Pillow raise errors of all kinds on damaged files.
    except Exception:
        return None
    return bool(np.ptp(pixels, axis=-1).max() <= _ROUNDING)
