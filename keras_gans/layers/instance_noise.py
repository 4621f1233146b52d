"""Noise on a discriminator's input, annealed."""

import keras
import tensorflow as tf

from keras_gans.utils import random
from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_not_negative
from keras_gans.utils.numbers import check_positive


class InstanceNoise(Serializable, keras.layers.Layer):
    """Adds Gaussian noise in training, with decreasing strength, so that real and generated data overlap from the start.

    y = x + sigma e,   e ~ N(0, 1),   sigma = stddev max(0, 1 - updates / steps)

    Put the layer first in a discriminator: real and generated data then get noise in the steps of both players, fresh at each
    call, other noise on each replica, and none without `training`. `updates` counts the updates of the player that has the
    layer; `GAN` calls `after_step` for that. The count is saved, as is the state of the noise.

    Args:
        stddev: Float, standard deviation at the start, in units of the data. Default: 0.1.
        steps: Int, updates until there is no noise, or None for noise that stays as it is. Default: 100_000.
        seed: Int, or None for one that follows `keras.utils.set_random_seed`. Default: None.

    Shapes:
        Any. The output has the same shape.

    Raises:
        ValueError: if `stddev` is negative, or `steps` not positive.

    Example:

    ```python
    noise = keras_gans.layers.InstanceNoise(0.1, steps=20_000)
    images = keras.Input((32, 32, 3))
    x = keras.layers.Conv2D(64, 4, 2, "same")(noise(images))  # and the rest of the discriminator
    print(f"{float(noise.stddev_at(10_000)):.3f}")  # 0.050; half of it is left
    ```

    Reference:
        Sonderby et al., Amortised MAP Inference for Image Super-resolution (2016), arXiv:1610.04490; Arjovsky, Bottou,
        Towards Principled Methods for Training GANs (2017), arXiv:1701.04862. Neither has official code.
    """

    def __init__(self, stddev=0.1, steps=100_000, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_not_negative(stddev=stddev)
        if steps is not None:  # constant noise
            check_positive(steps=steps)
        self.stddev = stddev
        self.steps = steps
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.updates = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="updates")

    def call(self, inputs, training=False):
        if not training:
            return inputs
        noise = random.normal(tf.shape(inputs), random.next_seed(self.seed_generator))
        return inputs + tf.cast(self.stddev_at(self.updates.value) * noise, inputs.dtype)

    def stddev_at(self, updates):
        """sigma after so many updates, as a float32 scalar."""
        left = 1.0 if self.steps is None else 1.0 - tf.cast(updates, tf.float32) / float(self.steps)
        return self.stddev * tf.maximum(left, 0.0)

    def after_step(self):
        """Counts an update of the player that has the layer."""
        self.updates.assign_add(1)

    def compute_output_shape(self, input_shape):
        return input_shape
