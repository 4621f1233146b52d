"""Published systems: subclasses of `GAN` with a paper's networks, recipe, or update rule as defaults. One paper a file."""

from keras_gans.models.aae import AAE
from keras_gans.models.acgan import ACGAN
from keras_gans.models.ali import ALI
from keras_gans.models.bigan import BiGAN
from keras_gans.models.biggan import BigGAN
from keras_gans.models.biggan_deep import BigGANDeep
from keras_gans.models.caae import CAAE
from keras_gans.models.cogan import CoGAN
from keras_gans.models.conditional_gan import ConditionalGAN
from keras_gans.models.consensus_gan import ConsensusGAN
from keras_gans.models.cyclegan import CycleGAN
from keras_gans.models.dcgan import DCGAN
from keras_gans.models.discogan import DiscoGAN
from keras_gans.models.infogan import InfoGAN
from keras_gans.models.lapgan import LAPGAN
from keras_gans.models.latent_regressor import LatentRegressor
from keras_gans.models.locally_stable_gan import LocallyStableGAN
from keras_gans.models.lsgan import LSGAN
from keras_gans.models.pix2pix import Pix2Pix
from keras_gans.models.progan import ProGAN
from keras_gans.models.projection_gan import ProjectionGAN
from keras_gans.models.r3gan import R3GAN
from keras_gans.models.sagan import SAGAN
from keras_gans.models.semi_supervised_gan import SemiSupervisedGAN
from keras_gans.models.simgan import SimGAN
from keras_gans.models.sngan import SNGAN
from keras_gans.models.srgan import SRGAN
from keras_gans.models.stackgan import StackGAN
from keras_gans.models.stylegan import StyleGAN
from keras_gans.models.stylegan2 import StyleGAN2
from keras_gans.models.unit import UNIT
from keras_gans.models.unrolled_gan import UnrolledGAN
from keras_gans.models.vae import VAE
from keras_gans.models.vaegan import VAEGAN
from keras_gans.models.wgan import WGAN
from keras_gans.models.wgan_gp import WGANGP

__all__ = [
    "AAE",
    "ACGAN",
    "ALI",
    "CAAE",
    "DCGAN",
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
    "Pix2Pix",
    "ProGAN",
    "ProjectionGAN",
    "SemiSupervisedGAN",
    "SimGAN",
    "StackGAN",
    "StyleGAN",
    "StyleGAN2",
    "UnrolledGAN",
]
