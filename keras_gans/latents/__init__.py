"""Priors over the generator's input."""

from keras_gans.latents.coded import Coded
from keras_gans.latents.latents import Latents
from keras_gans.latents.no_latents import NoLatents
from keras_gans.latents.normal import Normal
from keras_gans.latents.uniform import Uniform

__all__ = ["Coded", "Latents", "NoLatents", "Normal", "Uniform"]
