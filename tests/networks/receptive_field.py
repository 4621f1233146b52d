"""How many pixels across a score of a discriminator sees: by the layers' sizes and strides, and by its gradient."""

import keras
import numpy as np
import tensorflow as tf

WINDOWS = (keras.layers.Conv2D, keras.layers.MaxPooling2D)


def computed(network):
    """From the last layer back to the first of a network without branches."""
    field = 1
    for layer in reversed([layer for layer in network.layers if isinstance(layer, WINDOWS)]):
        size, stride = (getattr(layer, "kernel_size", None) or layer.pool_size)[0], layer.strides[0]
        field = (field - 1) * stride + size
    return field


def measured(network, row, column):
    """The first and last row, and the first and last column, of the first input on which one score of the map depends."""
    images = [tf.random.stateless_normal((1, *x.shape[1:]), seed=(1, 2)) for x in network.inputs]
    with tf.GradientTape() as tape:
        tape.watch(images[0])
        output = network(images if len(images) > 1 else images[0], training=False)  # each score by itself: no batch statistics
        score = output[0, row, column, 0]
    seen = np.abs(tape.gradient(score, images[0])[0]).sum(-1) > 0
    return [(int(places[0]), int(places[-1])) for places in (np.flatnonzero(seen.any(axis)) for axis in (1, 0))]
