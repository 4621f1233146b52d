"""Networks of hundreds of millions of weights, counted without making one of these."""

import contextlib

import keras
import numpy as np
from keras.src.backend.common import global_state

from keras_gans.layers import ClassEmbedding
from keras_gans.layers import ConditionalBatchNormalization
from keras_gans.layers import SpectralNormalization
from keras_gans.layers import TruncationBatchNormalization
from keras_gans.utils.private_keras import all_layers


@contextlib.contextmanager
def without_weights():
    """Networks made in here have variables of the right shapes, and no values: nothing is drawn, and nothing allocated."""
    with keras.StatelessScope():
        try:
            yield
        finally:  # where the scope ends, Keras makes the variables in this list
            global_state.set_global_attribute("uninitialized_variables", [])


def trainable(network):
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


def total(network):
    """With the weights that are not trained, as Keras' summary counts them."""
    return sum(int(np.prod(variable.shape)) for variable in network.weights)


def parts(network, *names):
    """How many trainable weights each part has: the layers whose names begin so."""
    return [sum(trainable(layer) for layer in network.layers if layer.name.startswith(name)) for name in names]


def layers_of(network, *classes):
    """The layers of these very classes, at any depth."""
    return [layer for layer in all_layers(network) if type(layer) in classes]


def normalized_tensors(network):
    """How many kernels and tables have a spectral norm."""
    return len(layers_of(network, SpectralNormalization))


def conditional_norms(network):
    return len(layers_of(network, ConditionalBatchNormalization))


def norms(network):
    """How many batch normalizations are not conditional."""
    return len(layers_of(network, keras.layers.BatchNormalization, TruncationBatchNormalization))


def embeddings(network):
    """How many tables of classes stand outside batch normalizations."""
    inside = {id(each) for norm in layers_of(network, ConditionalBatchNormalization) for each in all_layers(norm)}
    return len([layer for layer in layers_of(network, ClassEmbedding) if id(layer) not in inside])
