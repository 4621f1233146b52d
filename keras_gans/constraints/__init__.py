"""Constraints on weights."""

from keras_gans.constraints.clip import Clip

__all__ = ["Clip"]
