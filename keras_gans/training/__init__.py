"""The engine: two players, how they are compiled, and the game that they play."""

from keras_gans.training.ema import EMA
from keras_gans.training.gan import GAN
from keras_gans.training.load_model import load_model
from keras_gans.training.minibatch import Minibatch

__all__ = ["EMA", "GAN", "Minibatch", "load_model"]
