"""Data for GANs: images in [-1, 1], named data sets, toy distributions."""

from keras_gans.data.images import images
from keras_gans.data.load import load
from keras_gans.data.toy import grid
from keras_gans.data.toy import mixture
from keras_gans.data.toy import ring
from keras_gans.data.toy import swiss_roll

__all__ = ["grid", "images", "load", "mixture", "ring", "swiss_roll"]
