"""Sampling from an export whose network draws something itself."""

import tensorflow as tf

from keras_gans.export import Sampler


class ExportedSampler(Sampler):
    """A sampler of an export whose images depend on a seed beside their latents, or have none: StyleGAN's, and pix2pix's.

    An endpoint makes them, a chunk at a time, each with the seed that the exporting program gave it: `serve_with_seed`, or where
    there are no latents `sample`.
    """

    network_is_random = True

    def asking(self, endpoint):
        """Says which signature makes the images. Returns the sampler."""
        self._endpoint = endpoint
        return self

    def run(self, latents, condition=None, truncation=None, training=False, noise=None):
        if latents is not None and noise is None:
            return super().run(latents, condition, truncation)
        seed = tf.constant((0, 0)) if noise is None else tf.cast(noise, tf.int32)
        given = condition if isinstance(condition, dict) else {} if condition is None else {"condition": condition}
        if latents is None:
            given = {**given, "batch_size": tf.shape(tf.nest.flatten(condition)[0])[0]}
        else:
            given = {**given, "latents": latents}
        if self.truncates_latents:
            given["truncation"] = tf.constant(-1.0) if truncation is None else tf.cast(truncation, tf.float32)
        return self._endpoint(seed=seed, **given)["images"]

    def _like(self, network, latents):
        return super()._like(network, latents).asking(self._endpoint)
