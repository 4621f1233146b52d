"""Penalties on gradients, weights, scores and codes: terms that restrain a network. One penalty a file."""

from keras_gans.penalties.dragan import DRAGAN
from keras_gans.penalties.drift import Drift
from keras_gans.penalties.gradient_penalty import GradientPenalty
from keras_gans.penalties.historical_averaging import HistoricalAveraging
from keras_gans.penalties.path_length import PathLength
from keras_gans.penalties.penalty import Penalty
from keras_gans.penalties.pulling_away import PullingAway
from keras_gans.penalties.r1 import R1
from keras_gans.penalties.r2 import R2

__all__ = ["DRAGAN", "R1", "R2", "Drift", "GradientPenalty", "HistoricalAveraging", "PathLength", "Penalty", "PullingAway"]
