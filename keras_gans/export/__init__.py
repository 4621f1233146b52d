"""Generators as SavedModels."""

from keras_gans.export.export_sampler import export_sampler
from keras_gans.export.sampler import Sampler

__all__ = ["Sampler", "export_sampler"]
