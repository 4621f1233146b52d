"""Data for GANs: images in [-1, 1], alone, in pairs, of two domains, with captions or ages; named data sets, toys."""

from keras_gans.data.age_groups import age_to_group
from keras_gans.data.age_groups import signed_one_hot
from keras_gans.data.captions import captions
from keras_gans.data.colorization import colorization
from keras_gans.data.images import images
from keras_gans.data.lab import lab_to_rgb
from keras_gans.data.lab import rgb_to_lab
from keras_gans.data.load import load
from keras_gans.data.paired import paired
from keras_gans.data.semi_supervised import semi_supervised
from keras_gans.data.stacked_digits import stacked_digits
from keras_gans.data.super_resolution import super_resolution
from keras_gans.data.toy import grid
from keras_gans.data.toy import grid_centers
from keras_gans.data.toy import mixture
from keras_gans.data.toy import ring
from keras_gans.data.toy import ring_centers
from keras_gans.data.toy import swiss_roll
from keras_gans.data.unpaired import unpaired
from keras_gans.data.utkface import utkface

__all__ = [
    "age_to_group",
    "captions",
    "colorization",
    "grid",
    "grid_centers",
    "images",
    "lab_to_rgb",
    "load",
    "mixture",
    "paired",
    "rgb_to_lab",
    "ring",
    "ring_centers",
    "semi_supervised",
    "signed_one_hot",
    "stacked_digits",
    "super_resolution",
    "swiss_roll",
    "unpaired",
    "utkface",
]
