"""Regularizers of weights."""

from keras_gans.regularizers.orthogonal import Orthogonal

__all__ = ["Orthogonal"]
