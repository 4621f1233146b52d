"""The standard normal prior, with BigGAN's truncation."""

import tensorflow as tf

from keras_gans.latents.latents import Latents
from keras_gans.utils import random


class Normal(Latents):
    """Standard normal latents.

    z ~ N(0, I)                      with `truncation=None`, as in training
    z ~ t * TN(-2, 2)                with `truncation=t`: normal values redrawn until they lie in [-2, 2], times t

    The truncated form is what the published BigGAN modules expect. It is not the paper's "resample until |z| < t": at
    t = 0.5 its standard deviation is 0.4398, not 0.2839. A negative value means None; a served model, which cannot be
    sent None, uses that.

    Args:
        shape: Int or tuple, the shape of one latent. Default: 100.

    Example:

    ```python
    prior = keras_gans.latents.Normal(100)
    z = prior.sample(64, seed=(0, 1), truncation=0.5)
    print(z.shape, bool(tf.reduce_all(tf.abs(z) <= 1.0)))  # (64, 100) True
    ```

    Reference:
        Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018),
        arXiv:1809.11096; the sampling matches the deepmind/biggan modules on TF Hub.
    """

    truncatable = True

    def sample(self, batch_size, seed, truncation=None):
        shape = (batch_size, *self.shape)
        if truncation is None:
            return random.normal(shape, seed)
        truncation = tf.cast(truncation, tf.float32)
        return tf.cond(
            truncation < 0,
            lambda: random.normal(shape, seed),
            lambda: truncation * random.truncated_normal(shape, seed),
        )
