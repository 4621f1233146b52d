"""Helpers: image grids and files, pyramids, videos, stateless random numbers, configurations."""

from keras_gans.utils import random
from keras_gans.utils.config import Serializable
from keras_gans.utils.image_files import image_grid
from keras_gans.utils.image_files import save_images
from keras_gans.utils.image_files import to_uint8
from keras_gans.utils.laplacian_pyramid import from_laplacian_pyramid
from keras_gans.utils.laplacian_pyramid import laplacian_pyramid
from keras_gans.utils.videos import save_video

__all__ = [
    "Serializable",
    "from_laplacian_pyramid",
    "image_grid",
    "laplacian_pyramid",
    "random",
    "save_images",
    "save_video",
    "to_uint8",
]
