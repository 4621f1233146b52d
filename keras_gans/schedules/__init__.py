"""Schedules of published recipes that Keras does not have: of learning rates, and of networks that grow. One a file."""

from keras_gans.schedules.growth import Growth
from keras_gans.schedules.linear_decay import LinearDecay

__all__ = ["Growth", "LinearDecay"]
