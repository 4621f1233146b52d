"""Optimizers of published recipes that Keras does not have. One a file."""

from keras_gans.optimizers.scheduled_adam import ScheduledAdam

__all__ = ["ScheduledAdam"]
