"""Losses: adversarial families, both halves in one class, and auxiliary losses beside them."""

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.auxiliary import AuxiliaryClassifier
from keras_gans.losses.auxiliary import AuxiliaryLoss
from keras_gans.losses.auxiliary import Classification
from keras_gans.losses.auxiliary import CycleConsistency
from keras_gans.losses.auxiliary import FeatureMatching
from keras_gans.losses.auxiliary import FeatureReconstruction
from keras_gans.losses.auxiliary import GaussianKL
from keras_gans.losses.auxiliary import Identity
from keras_gans.losses.auxiliary import IdentityPreservation
from keras_gans.losses.auxiliary import LatentRegression
from keras_gans.losses.auxiliary import MutualInformation
from keras_gans.losses.auxiliary import Perceptual
from keras_gans.losses.auxiliary import Reconstruction
from keras_gans.losses.auxiliary import SelfReconstruction
from keras_gans.losses.auxiliary import SelfRegularization
from keras_gans.losses.auxiliary import TotalVariation
from keras_gans.losses.discriminator_only import DiscriminatorOnly
from keras_gans.losses.energy_based import EnergyBased
from keras_gans.losses.fisher import Fisher
from keras_gans.losses.get import get
from keras_gans.losses.hinge import Hinge
from keras_gans.losses.least_squares import LeastSquares
from keras_gans.losses.minimax import Minimax
from keras_gans.losses.non_saturating import NonSaturating
from keras_gans.losses.relativistic import Relativistic
from keras_gans.losses.relativistic_average import RelativisticAverage
from keras_gans.losses.saddle import Saddle
from keras_gans.losses.sum_over_patches import SumOverPatches
from keras_gans.losses.symmetric import Symmetric
from keras_gans.losses.wasserstein import Wasserstein
from keras_gans.losses.weighted import Weighted

__all__ = [
    "AdversarialLoss",
    "AuxiliaryClassifier",
    "AuxiliaryLoss",
    "Classification",
    "CycleConsistency",
    "DiscriminatorOnly",
    "EnergyBased",
    "FeatureMatching",
    "FeatureReconstruction",
    "Fisher",
    "GaussianKL",
    "Hinge",
    "Identity",
    "IdentityPreservation",
    "LatentRegression",
    "LeastSquares",
    "Minimax",
    "MutualInformation",
    "NonSaturating",
    "Perceptual",
    "Reconstruction",
    "Relativistic",
    "RelativisticAverage",
    "Saddle",
    "SelfReconstruction",
    "SelfRegularization",
    "SumOverPatches",
    "Symmetric",
    "TotalVariation",
    "Wasserstein",
    "Weighted",
    "get",
]
