"""Generators as SavedModels."""

from keras_gans.export.sampler import Sampler
from keras_gans.export.saved_model import export_sampler

__all__ = ["Sampler", "export_sampler"]
