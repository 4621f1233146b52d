"""Generators and extractors whose answers are known."""

import tensorflow as tf


class Function:
    """A generator that is a function of latents, and of a condition if it is given."""

    def __init__(self, function):
        self.function = function

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        assert len(latents) == batch_size
        return self.function(latents) if condition is None else self.function(latents, condition)


class Mean:
    """The mean of each channel is a feature, and a logit."""

    quantize = False

    def __call__(self, images):
        mean = tf.reduce_mean(tf.cast(images, tf.float32), axis=[1, 2])
        return {"features": 2.0 * mean, "logits": mean}
