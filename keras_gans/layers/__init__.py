"""Layers that GAN papers need and Keras has not."""

from keras_gans.layers.maxout import Maxout

__all__ = ["Maxout"]
