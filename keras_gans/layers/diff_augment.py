"""Differentiable augmentation: color, translation and cutout on the images of a discriminator."""

import keras
import tensorflow as tf

from keras_gans.layers.gather_points import gather_points
from keras_gans.utils import random
from keras_gans.utils.config import Serializable


class DiffAugment(Serializable, keras.layers.Layer):
    """Augments a discriminator's images in training, real and generated ones, so that it cannot memorize a small data set.

    Put the layer first in a discriminator. The generator is trained through it: every operation has a gradient. The operations
    are, in the order of `policy`, with numbers drawn anew for each image at each call, and for each replica:

    - "color": brightness, x + U(-0.5, 0.5); then saturation, the distance from the pixel's mean over channels times U(0, 2);
      then contrast, the distance from the image's mean times U(0.5, 1.5).
    - "translation": by whole pixels, up to 1/8 of the size each way; zeros come in.
    - "cutout": zeros in a square of half the size, whose centre is anywhere in the image.

    Without `training` the layer does nothing.

    Args:
        policy: String, names with commas between. Default: "color,translation,cutout".
        seed: Int, or None for one that follows `keras.utils.set_random_seed`. Default: None.

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1]. The output has the same shape, and is not clipped.

    Raises:
        ValueError: if `policy` has an unknown name, or the input is not a batch of images.

    Example:

    ```python
    images = keras.Input((32, 32, 3))
    x = keras_gans.layers.DiffAugment("translation,cutout")(images)
    x = keras.layers.Conv2D(64, 4, 2, "same")(x)  # and the rest of the discriminator
    print(x.shape)  # (None, 16, 16, 64)
    ```

    Reference:
        Zhao et al., Differentiable Augmentation for Data-Efficient GAN Training (2020), arXiv:2006.10738; the authors' code
        (mit-han-lab/data-efficient-gans).
    """

    def __init__(self, policy="color,translation,cutout", seed=None, **kwargs):
        super().__init__(**kwargs)
        self.policy = policy
        self.names = [name.strip() for name in policy.split(",")] if isinstance(policy, str) else []
        if not self.names or any(name not in _POLICIES for name in self.names):
            raise ValueError(f"`policy` must be names of {sorted(_POLICIES)} with commas between. Received: policy={policy!r}")
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(
                f"DiffAugment takes images (batch, height, width, channels). Received: input shape {tuple(input_shape)}."
            )

    def call(self, inputs, training=False):
        if not training:
            return inputs
        policies = [_POLICIES[name] for name in self.names]
        counts = [count for _, count in policies]
        # One draw for all operations, because XLA takes long to compile each draw.
        numbers = random.uniform((tf.shape(inputs)[0], sum(counts)), random.next_seed(self.seed_generator))
        x = inputs
        for (operation, _), drawn in zip(policies, tf.split(numbers, counts, axis=1), strict=True):
            x = operation(x, drawn)
        return tf.ensure_shape(x, inputs.shape)

    def compute_output_shape(self, input_shape):
        return input_shape


def brighten(x, amount):
    """Adds `amount`, one number an image: `(batch, 1, 1, 1)`, as in `saturate` and `contrast`."""
    return x + amount


def saturate(x, factor):
    """Moves each pixel away from its mean over channels."""
    mean = tf.reduce_mean(x, axis=-1, keepdims=True)
    return mean + (x - mean) * factor


def contrast(x, factor):
    """Moves each image away from its mean."""
    mean = tf.reduce_mean(x, axis=[1, 2, 3], keepdims=True)
    return mean + (x - mean) * factor


def translate(x, shifts):
    """Moves images by whole pixels, down and to the right: ints `(batch, 2)`. Zeros come in."""
    height, width = tf.shape(x)[1], tf.shape(x)[2]
    rows = (tf.range(height) - shifts[:, :1])[:, :, None]
    columns = (tf.range(width) - shifts[:, 1:])[:, None]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    moved = gather_points(x, tf.clip_by_value(rows, 0, height - 1) * width + tf.clip_by_value(columns, 0, width - 1))
    return moved * tf.cast(inside, x.dtype)[..., None]


def rectangle_cut_out(x, corners, sizes):
    """Zeros in a rectangle with these upper left corners, ints `(batch, 2)` that may lie outside, and sizes, ints `(2,)`."""
    inside = 1.0
    for axis in (1, 2):
        distance = tf.range(tf.shape(x)[axis])[None] - corners[:, axis - 1 : axis]
        inside *= _along(axis, tf.cast((distance >= 0) & (distance < sizes[axis - 1]), x.dtype))
    return x * (1.0 - inside)


def _along(axis, rows):
    return rows[:, :, None, None] if axis == 1 else rows[:, None, :, None]


def _color(x, numbers):
    for column, (operation, low, high) in enumerate(((brighten, -0.5, 0.5), (saturate, 0.0, 2.0), (contrast, 0.5, 1.5))):
        amount = low + (high - low) * numbers[:, column, None, None, None]
        x = operation(x, tf.cast(amount, x.dtype))
    return x


def _translation(x, numbers):
    reach = _share_of_size(x, 0.125)
    return translate(x, _integers(numbers, -reach, reach))


def _cutout(x, numbers):
    sizes = _share_of_size(x, 0.5)
    centers = _integers(numbers, tf.zeros_like(sizes), tf.shape(x)[1:3] - sizes % 2)
    return rectangle_cut_out(x, centers - sizes // 2, sizes)


def _share_of_size(x, share):
    return tf.cast(tf.cast(tf.shape(x)[1:3], tf.float32) * share + 0.5, tf.int32)


def _integers(numbers, low, high):
    """Ints in [low, high], of numbers in [0, 1)."""
    chosen = tf.cast(tf.floor(numbers * tf.cast(high - low + 1, tf.float32)), tf.int32)
    return low + tf.minimum(chosen, high - low)


# Operation, and how many numbers in [0, 1) it takes for each image.
_POLICIES = {"color": (_color, 3), "translation": (_translation, 2), "cutout": (_cutout, 2)}
