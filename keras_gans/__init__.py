"""Generative adversarial networks for Keras 3 on TensorFlow."""

import os

# Faster convolutions, on processors for which it is not the default. TensorFlow reads it when it is imported.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow":
    import keras

    _backend = keras.backend.backend()
else:  # before Keras fails to import a backend that may not be installed
    _backend = os.environ["KERAS_BACKEND"]
if _backend != "tensorflow":
    raise ImportError(
        "keras_gans needs Keras' TensorFlow backend: its training steps are gradient tapes. "
        f"Received: backend {_backend!r}. Set the environment variable KERAS_BACKEND=tensorflow before Keras is imported."
    )

from keras_gans import balance
from keras_gans import callbacks
from keras_gans import constraints
from keras_gans import data
from keras_gans import evaluation
from keras_gans import export
from keras_gans import hub
from keras_gans import latents
from keras_gans import layers
from keras_gans import losses
from keras_gans import metrics
from keras_gans import networks
from keras_gans import optimizers
from keras_gans import penalties
from keras_gans import regularizers
from keras_gans import replay
from keras_gans import schedules
from keras_gans import utils
from keras_gans._version import __version__
from keras_gans.models import AAE
from keras_gans.models import ACGAN
from keras_gans.models import ALI
from keras_gans.models import CAAE
from keras_gans.models import DCGAN
from keras_gans.models import LAPGAN
from keras_gans.models import LSGAN
from keras_gans.models import R3GAN
from keras_gans.models import SAGAN
from keras_gans.models import SNGAN
from keras_gans.models import SRGAN
from keras_gans.models import UNIT
from keras_gans.models import VAE
from keras_gans.models import VAEGAN
from keras_gans.models import WGAN
from keras_gans.models import WGANGP
from keras_gans.models import BiGAN
from keras_gans.models import BigGAN
from keras_gans.models import BigGANDeep
from keras_gans.models import CoGAN
from keras_gans.models import ConditionalGAN
from keras_gans.models import ConsensusGAN
from keras_gans.models import CycleGAN
from keras_gans.models import DiscoGAN
from keras_gans.models import InfoGAN
from keras_gans.models import LatentRegressor
from keras_gans.models import LocallyStableGAN
from keras_gans.models import Pix2Pix
from keras_gans.models import ProGAN
from keras_gans.models import ProjectionGAN
from keras_gans.models import SemiSupervisedGAN
from keras_gans.models import SimGAN
from keras_gans.models import StackGAN
from keras_gans.models import StyleGAN
from keras_gans.models import StyleGAN2
from keras_gans.models import UnrolledGAN
from keras_gans.training import EMA
from keras_gans.training import GAN
from keras_gans.training import Minibatch
from keras_gans.training import load_model

__all__ = [
    "AAE",
    "ACGAN",
    "ALI",
    "CAAE",
    "DCGAN",
    "EMA",
    "GAN",
    "LAPGAN",
    "LSGAN",
    "R3GAN",
    "SAGAN",
    "SNGAN",
    "SRGAN",
    "UNIT",
    "VAE",
    "VAEGAN",
    "WGAN",
    "WGANGP",
    "BiGAN",
    "BigGAN",
    "BigGANDeep",
    "CoGAN",
    "ConditionalGAN",
    "ConsensusGAN",
    "CycleGAN",
    "DiscoGAN",
    "InfoGAN",
    "LatentRegressor",
    "LocallyStableGAN",
    "Minibatch",
    "Pix2Pix",
    "ProGAN",
    "ProjectionGAN",
    "SemiSupervisedGAN",
    "SimGAN",
    "StackGAN",
    "StyleGAN",
    "StyleGAN2",
    "UnrolledGAN",
    "__version__",
    "balance",
    "callbacks",
    "constraints",
    "data",
    "evaluation",
    "export",
    "hub",
    "latents",
    "layers",
    "load_model",
    "losses",
    "metrics",
    "networks",
    "optimizers",
    "penalties",
    "regularizers",
    "replay",
    "schedules",
    "utils",
]
