"""Published generators: BigGAN, BigBiGAN and others from TF Hub and Kaggle, and exports, all sampled in one way."""

from keras_gans.hub.class_names import imagenet_classes
from keras_gans.hub.exported_latents import ExportedLatents
from keras_gans.hub.known_modules import ModuleInfo
from keras_gans.hub.known_modules import known_modules as list  # noqa: A004
from keras_gans.hub.load import load
from keras_gans.hub.published_generator import PublishedGenerator
from keras_gans.hub.published_styles import PublishedStyles
from keras_gans.hub.signature_layer import SignatureLayer

__all__ = [
    "ExportedLatents",
    "ModuleInfo",
    "PublishedGenerator",
    "PublishedStyles",
    "SignatureLayer",
    "imagenet_classes",
    "list",
    "load",
]
