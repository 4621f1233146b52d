"""Schedules of published recipes that Keras does not have: of rates and weights, and of networks that grow. One a file."""

from keras_gans.schedules.cosine import Cosine
from keras_gans.schedules.growth import Growth
from keras_gans.schedules.half_life import HalfLife
from keras_gans.schedules.linear_decay import LinearDecay

__all__ = ["Cosine", "Growth", "HalfLife", "LinearDecay"]
