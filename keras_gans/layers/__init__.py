"""Layers that GAN papers need and Keras does not have."""

from keras_gans.layers.diff_augment import DiffAugment
from keras_gans.layers.instance_noise import InstanceNoise
from keras_gans.layers.instance_normalization import InstanceNormalization
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.minibatch_discrimination import MinibatchDiscrimination
from keras_gans.layers.minibatch_stddev import MinibatchStdDev
from keras_gans.layers.pixel_normalization import PixelNormalization
from keras_gans.layers.spectral_normalization import SpectralNormalization
from keras_gans.layers.virtual_batch_normalization import VirtualBatchNormalization

__all__ = [
    "DiffAugment",
    "InstanceNoise",
    "InstanceNormalization",
    "Maxout",
    "MinibatchDiscrimination",
    "MinibatchStdDev",
    "PixelNormalization",
    "SpectralNormalization",
    "VirtualBatchNormalization",
]
