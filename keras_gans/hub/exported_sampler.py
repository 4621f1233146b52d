"""Sampling from an export whose network draws something itself."""

import tensorflow as tf

from keras_gans.export import Sampler


class ExportedSampler(Sampler):
    """A sampler of an export without latents, whose images depend on a seed nevertheless: that of pix2pix.

    The endpoint `sample` makes them, a chunk at a time, each with the seed that the exporting program gave it.
    """

    network_is_random = True

    def asking(self, endpoint):
        """Says which signature makes the images. Returns the sampler."""
        self._endpoint = endpoint
        return self

    def run(self, latents, condition=None, truncation=None, training=False, noise=None):
        seed = tf.constant((0, 0)) if noise is None else tf.cast(noise, tf.int32)
        count = tf.shape(tf.nest.flatten(condition)[0])[0]
        conditions = condition if isinstance(condition, dict) else {"condition": condition}
        return self._endpoint(batch_size=count, seed=seed, **conditions)["images"]

    def _like(self, network, latents):
        return super()._like(network, latents).asking(self._endpoint)
