"""Extra terms of the players' objectives."""

from keras_gans.penalties.dragan import DRAGAN
from keras_gans.penalties.gradient_penalty import GradientPenalty
from keras_gans.penalties.penalty import Penalty
from keras_gans.penalties.r1 import R1
from keras_gans.penalties.r2 import R2

__all__ = ["DRAGAN", "GradientPenalty", "Penalty", "R1", "R2"]
