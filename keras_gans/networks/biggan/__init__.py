"""The networks of BigGAN, and generators with released weights."""

from keras_gans.networks.biggan.hub_variables import from_hub_variables
from keras_gans.networks.biggan.networks import discriminator
from keras_gans.networks.biggan.networks import generator

__all__ = ["discriminator", "from_hub_variables", "generator"]
