"""The public name of `keras_gans.tfgan`: TF-GAN's functional evaluation API."""

from keras_gans.tfgan import *  # noqa: F403
from keras_gans.tfgan import __all__ as __all__
