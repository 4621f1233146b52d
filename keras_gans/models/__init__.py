"""The game, and published systems as its subclasses."""

from keras_gans.models.conditional_gan import ConditionalGAN
from keras_gans.models.consensus_gan import ConsensusGAN
from keras_gans.models.dcgan import DCGAN
from keras_gans.models.ema import EMA
from keras_gans.models.gan import GAN
from keras_gans.models.locally_stable_gan import LocallyStableGAN
from keras_gans.models.lsgan import LSGAN
from keras_gans.models.minibatch import Minibatch
from keras_gans.models.semi_supervised_gan import SemiSupervisedGAN
from keras_gans.models.unrolled_gan import UnrolledGAN
from keras_gans.models.wgan import WGAN
from keras_gans.models.wgan_gp import WGANGP

__all__ = [
    "DCGAN",
    "EMA",
    "GAN",
    "LSGAN",
    "WGAN",
    "WGANGP",
    "ConditionalGAN",
    "ConsensusGAN",
    "LocallyStableGAN",
    "Minibatch",
    "SemiSupervisedGAN",
    "UnrolledGAN",
]
