"""Helpers: images at the border of the library, stateless random numbers, configurations."""

from keras_gans.utils import random
from keras_gans.utils.config import Serializable
from keras_gans.utils.image_files import image_grid
from keras_gans.utils.image_files import save_images
from keras_gans.utils.image_files import to_uint8

__all__ = ["Serializable", "image_grid", "random", "save_images", "to_uint8"]
