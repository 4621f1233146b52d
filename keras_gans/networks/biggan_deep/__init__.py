"""The deep networks of BigGAN, and generators with released weights."""

from keras_gans.networks.biggan_deep.networks import discriminator
from keras_gans.networks.biggan_deep.networks import generator
from keras_gans.networks.biggan_deep.released import from_pretrained
from keras_gans.networks.biggan_deep.released import from_state_dict

__all__ = ["discriminator", "from_pretrained", "from_state_dict", "generator"]
