"""Data for GANs: images in [-1, 1], named data sets, toy distributions."""

from keras_gans.data.images import images
from keras_gans.data.load import load
from keras_gans.data.semi_supervised import semi_supervised
from keras_gans.data.stacked_digits import stacked_digits
from keras_gans.data.toy import grid
from keras_gans.data.toy import grid_centers
from keras_gans.data.toy import mixture
from keras_gans.data.toy import ring
from keras_gans.data.toy import ring_centers
from keras_gans.data.toy import swiss_roll

__all__ = [
    "grid",
    "grid_centers",
    "images",
    "load",
    "mixture",
    "ring",
    "ring_centers",
    "semi_supervised",
    "stacked_digits",
    "swiss_roll",
]
