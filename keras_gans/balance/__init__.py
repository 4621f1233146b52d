"""Rules that choose how many steps each player takes in a round."""

from keras_gans.balance.accuracy_threshold import AccuracyThreshold
from keras_gans.balance.balance import Balance
from keras_gans.balance.equilibrium import Equilibrium
from keras_gans.balance.loss_change import LossChange
from keras_gans.balance.loss_ratio import LossRatio
from keras_gans.balance.separate_warm_ups import SeparateWarmUps
from keras_gans.balance.warm_up import WarmUp

__all__ = ["AccuracyThreshold", "Balance", "Equilibrium", "LossChange", "LossRatio", "SeparateWarmUps", "WarmUp"]
