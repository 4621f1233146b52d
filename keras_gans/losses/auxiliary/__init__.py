"""Losses that a player may minimize beside its adversarial loss. One loss a file."""

from keras_gans.losses.auxiliary.auxiliary_classifier import AuxiliaryClassifier
from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.losses.auxiliary.classification import Classification
from keras_gans.losses.auxiliary.cycle_consistency import CycleConsistency
from keras_gans.losses.auxiliary.feature_matching import FeatureMatching
from keras_gans.losses.auxiliary.feature_reconstruction import FeatureReconstruction
from keras_gans.losses.auxiliary.gaussian_kl import GaussianKL
from keras_gans.losses.auxiliary.identity import Identity
from keras_gans.losses.auxiliary.identity_preservation import IdentityPreservation
from keras_gans.losses.auxiliary.latent_regression import LatentRegression
from keras_gans.losses.auxiliary.mutual_information import MutualInformation
from keras_gans.losses.auxiliary.perceptual import Perceptual
from keras_gans.losses.auxiliary.reconstruction import Reconstruction
from keras_gans.losses.auxiliary.self_reconstruction import SelfReconstruction
from keras_gans.losses.auxiliary.self_regularization import SelfRegularization
from keras_gans.losses.auxiliary.total_variation import TotalVariation

__all__ = [
    "AuxiliaryClassifier",
    "AuxiliaryLoss",
    "Classification",
    "CycleConsistency",
    "FeatureMatching",
    "FeatureReconstruction",
    "GaussianKL",
    "Identity",
    "IdentityPreservation",
    "LatentRegression",
    "MutualInformation",
    "Perceptual",
    "Reconstruction",
    "SelfReconstruction",
    "SelfRegularization",
    "TotalVariation",
]
