"""Pairs of lightness and colors, for the coloring of photographs."""

import tensorflow as tf

from keras_gans.data.lab import rgb_to_lab
from keras_gans.data.paired import paired


def colorization(source, size=None, batch_size=1, **arguments):
    """A pipeline of pairs `(lightness, colors)` of photographs, as pix2pix has them; see `rgb_to_lab` and `lab_to_rgb`.

    Args:
        source: Photographs, anything that `keras_gans.data.images` takes, without labels, or "tfds:NAME".
        size, batch_size: As in `keras_gans.data.paired`.
        **arguments: More arguments of `keras_gans.data.paired`: load_size, augment, flip, shuffle, seed, cache, drop_remainder,
            on_error, split, data_dir, verbose.

    Returns:
        `tf.data.Dataset` of pairs of float32 batches `(batch, height, width, 1)` and `(batch, height, width, 2)` in [-1, 1].

    Raises:
        ValueError: as `keras_gans.data.paired`.

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
    dataset = paired(tf.identity, source, size, batch_size, channels=3, **arguments)
    return dataset.map(lambda _, images: rgb_to_lab(images), tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
