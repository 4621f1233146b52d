"""What a player may minimize beside its adversarial loss. One loss a file."""

from keras_gans.losses.auxiliary.auxiliary_classifier import AuxiliaryClassifier
from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.losses.auxiliary.classification import Classification
from keras_gans.losses.auxiliary.feature_matching import FeatureMatching

__all__ = ["AuxiliaryClassifier", "AuxiliaryLoss", "Classification", "FeatureMatching"]
