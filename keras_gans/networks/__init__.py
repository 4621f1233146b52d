"""Networks of papers, as functions that return plain Keras models. One paper a module."""

from keras_gans.networks import dcgan
from keras_gans.networks import mlp
from keras_gans.networks import wgan_gp

__all__ = ["dcgan", "mlp", "wgan_gp"]
