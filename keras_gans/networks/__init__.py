"""Networks of papers, as functions that return plain Keras models. One paper a module."""

from keras_gans.networks import aae
from keras_gans.networks import acgan
from keras_gans.networks import ali
from keras_gans.networks import bigan
from keras_gans.networks import biggan
from keras_gans.networks import biggan_deep
from keras_gans.networks import caae
from keras_gans.networks import cogan
from keras_gans.networks import cyclegan
from keras_gans.networks import dcgan
from keras_gans.networks import discogan
from keras_gans.networks import infogan
from keras_gans.networks import lapgan
from keras_gans.networks import mlp
from keras_gans.networks import pix2pix
from keras_gans.networks import progan
from keras_gans.networks import r3gan
from keras_gans.networks import sagan
from keras_gans.networks import simgan
from keras_gans.networks import sngan
from keras_gans.networks import sngan_cnn
from keras_gans.networks import srgan
from keras_gans.networks import stackgan
from keras_gans.networks import stylegan
from keras_gans.networks import stylegan2
from keras_gans.networks import unit
from keras_gans.networks import vae
from keras_gans.networks import vaegan
from keras_gans.networks import wgan_gp
from keras_gans.networks.adapters.autoencoder_discriminator import autoencoder_discriminator
from keras_gans.networks.adapters.classifier_discriminator import classifier_discriminator
from keras_gans.networks.adapters.with_augmentation import with_augmentation
from keras_gans.networks.adapters.with_features import with_features
from keras_gans.networks.adapters.with_reference_batch import with_reference_batch

__all__ = [
    "aae",
    "acgan",
    "ali",
    "autoencoder_discriminator",
    "bigan",
    "biggan",
    "biggan_deep",
    "caae",
    "classifier_discriminator",
    "cogan",
    "cyclegan",
    "dcgan",
    "discogan",
    "infogan",
    "lapgan",
    "mlp",
    "pix2pix",
    "progan",
    "r3gan",
    "sagan",
    "simgan",
    "sngan",
    "sngan_cnn",
    "srgan",
    "stackgan",
    "stylegan2",
    "stylegan",
    "unit",
    "vae",
    "vaegan",
    "wgan_gp",
    "with_augmentation",
    "with_features",
    "with_reference_batch",
]
