"""Layers with an equalized learning rate, as the networks that grow have them."""

import math

from keras import layers

from keras_gans.layers import EqualizedLearningRate

HE_GAIN = math.sqrt(2.0)
# Keras' slope of this one is 0.2, that of its layer LeakyReLU 0.3.
LEAKY_RELU = "leaky_relu"


def conv(filters, size, name, gain=HE_GAIN, activation=LEAKY_RELU, use_bias=True, dtype=None):
    """A convolution that keeps the size."""
    layer = layers.Conv2D(filters, size, padding="same", activation=activation, use_bias=use_bias, dtype=dtype, name=name)
    return EqualizedLearningRate(layer, gain, name=name)


def halving_conv(filters, size, name, activation=LEAKY_RELU, use_bias=True):
    """A convolution with stride 2, without padding, and with gain 1."""
    layer = layers.Conv2D(filters, size, 2, activation=activation, use_bias=use_bias, name=name)
    return EqualizedLearningRate(layer, 1.0, name=name)


def dense(units, name, gain=HE_GAIN, activation=LEAKY_RELU, lr_multiplier=1.0, dtype=None):
    layer = layers.Dense(units, activation, dtype=dtype, name=name)
    return EqualizedLearningRate(layer, gain, lr_multiplier, name=name)


def linear_conv(filters, name, dtype=None):
    """A 1x1 convolution to image channels, or any others: gain 1, no activation."""
    return conv(filters, 1, name, 1.0, None, dtype=dtype)


def linear_dense(units, name, dtype=None):
    """A dense layer with gain 1 and without activation."""
    return dense(units, name, 1.0, None, dtype=dtype)
