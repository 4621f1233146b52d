"""Learning-rate schedules of published recipes that Keras does not have. One a file."""

from keras_gans.schedules.linear_decay import LinearDecay

__all__ = ["LinearDecay"]
