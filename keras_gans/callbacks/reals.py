"""The argument `reals` of callbacks: real images to show or to compare with."""

import os

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_gans.utils.pillow import pixels
from keras_gans.utils.pixels import as_generated
from keras_gans.utils.shapes import compatible
from keras_gans.utils.shapes import how_to_reshape
from keras_gans.utils.split_batch import split_batch

_EXPECTED = "`reals` must be an array or a list of images, a pair of it and labels, or a tf.data.Dataset of batches"


def check_reals(reals):
    """Raises a ValueError if `reals` cannot hold images, as far as this shows before training."""
    if reals is None or isinstance(reals, tf.data.Dataset):
        return
    paths = (str, bytes, os.PathLike)
    if isinstance(reals, paths) or (isinstance(reals, (list, tuple)) and reals and isinstance(reals[0], paths)):
        received = "paths. Read them: keras_gans.data.images(paths, size=...)"
    elif isinstance(reals, dict):
        received = f"a dict of {sorted(map(str, reals))}. Pass the images, one of its values"
    elif not hasattr(reals, "__iter__") and not hasattr(reals, "__getitem__"):
        received = f"{reals!r}"
    elif hasattr(reals, "__len__") and not len(reals):
        received = "none of them"
    else:
        return
    raise ValueError(f"{_EXPECTED}. Received: {received}.")


def first_reals(reals, count, gan):
    """The first `count` images of `reals`, as the generator of `gan` makes them: see `as_generated`.

    Args:
        reals: What has passed `check_reals`; of a pair, the images are taken.
        count: Int, how many at most.
        gan: What samples.

    Raises:
        ValueError: if the images are of several shapes, or of another one than the generator makes, or out of range.
    """
    wanted = tuple(gan.as_sampler().network.outputs[0].shape[1:])
    if isinstance(reals, tuple):
        reals = reals[0]
    if isinstance(reals, list) and all(isinstance(item, Image.Image) for item in reals):
        reals = [_pixels(item, wanted[-1]) for item in reals[:count]]
    single = isinstance(reals, list) and all(hasattr(item, "shape") and len(item.shape) == len(wanted) for item in reals)
    if hasattr(reals, "shape") or single:
        images = [np.asarray(image) for image in reals[:count]] if single else list(np.asarray(reals[:count]))
    else:
        images = []
        for batch in reals:
            images.extend(np.asarray(split_batch(batch)[0]))
            if len(images) >= count:
                break
        images = images[:count]
    shapes = sorted({tuple(np.shape(image)) for image in images})
    if len(shapes) != 1 or not compatible(shapes[0], wanted):
        received = f"images of {shapes[0] if len(shapes) == 1 else shapes}" if shapes else "none of them"
        remedy = how_to_reshape((len(images), *shapes[0]), wanted, "Resize them.") if shapes else "Pass some."
        raise ValueError(f"`reals` must be images {wanted}, as the generator makes them. Received: {received}. {remedy}")
    return as_generated(np.stack(images), gan.image_range)


def _pixels(image, channels):
    """The pixels of a Pillow image, gray or colored as the generator makes them; 16 and 32 bits as they are, to be refused."""
    return np.asarray(image)[..., None] if image.mode.startswith(("F", "I")) else pixels(image, 1 if channels == 1 else 3)
