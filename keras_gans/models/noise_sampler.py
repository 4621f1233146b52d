"""A sampler of networks with maps of noise."""

import keras
import tensorflow as tf

from keras_gans.export import Sampler
from keras_gans.networks.blocks.styles import NOISE
from keras_gans.networks.blocks.styles import with_noise_input
from keras_gans.utils import random


class NoiseSampler(Sampler):
    """A sampler of a network with `keras_gans.layers.NoiseInjection`; the seed gives each image its own noise.

    Where latents are given, and there is no seed, all images have the noise of the network itself, the same: then an image is a
    function of its latents.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._noisy = with_noise_input(self.network)
        self.network_is_random = NOISE in self._noisy.input

    def call_network(self, values, training, noise):
        if noise is None:
            return super().call_network(values, training, noise)
        named = {tensor.name: value for tensor, value in zip(self.network.inputs, keras.tree.flatten(values), strict=True)}
        rows = tf.shape(next(iter(named.values())))[0]
        return self._noisy({**named, **noise_of(self._noisy, rows, random.fold_in(noise, "network"))}, training=training)


def noise_of(network, rows, seed):
    """The noise inputs of a network from `with_noise_input`, by name; an empty dict if it has none."""
    if NOISE not in network.input:
        return {}
    return {NOISE: random.normal((rows, network.input[NOISE].shape[-1]), seed)}
