"""The public name of `keras_gans.features`: networks whose features metrics compare."""

from keras_gans.features import *  # noqa: F403
from keras_gans.features import __all__ as __all__
