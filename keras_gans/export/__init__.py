"""Generators as SavedModels."""

from keras_gans.export.endpoint import Endpoint
from keras_gans.export.export_sampler import export_sampler
from keras_gans.export.sampler import Sampler
from keras_gans.export.training_mode_sampler import TrainingModeSampler

__all__ = ["Endpoint", "Sampler", "TrainingModeSampler", "export_sampler"]
