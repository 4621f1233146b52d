"""The engine: two players, how they are compiled, and the game that they play."""

from keras_gans.training.ema import EMA
from keras_gans.training.gan import GAN
from keras_gans.training.load_model import load_model
from keras_gans.training.minibatch import Minibatch
from keras_gans.training.network_calls import run_network

__all__ = ["EMA", "GAN", "Minibatch", "load_model", "run_network"]
