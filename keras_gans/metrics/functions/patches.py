"""Patches of images, and distances between two sets of them."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.random import fold_in


def normalized_patches(images, number, size, seed):
    """Cuts `number` patches from each image at random places, and normalizes each channel over all of them.

    Returns:
        Float tensor `(batch * number, size * size * channels)`.
    """
    batch, (height, width, channels) = tf.shape(images)[0], images.shape[1:]
    top, left = (
        tf.random.stateless_uniform((batch, number, 1, 1), fold_in(seed, axis), 0, extent - size + 1, tf.int32)
        for axis, extent in enumerate((height, width))
    )
    steps = tf.range(size)
    places = (top + steps[:, None]) * width + left + steps
    patches = tf.gather(tf.reshape(images, (batch, height * width, channels)), places, batch_dims=1)
    mean, variance = tf.nn.moments(patches, axes=(0, 1, 2, 3))
    return tf.reshape(tf.math.divide_no_nan(patches - mean, tf.sqrt(variance)), (batch * number, size * size * channels))


def projected_distances(x, y, directions):
    """The Wasserstein distance between two samples, projected on each direction: mean |sort(x . w) - sort(y . w)|.

    Args:
        x, y: Float tensors `(n, d)`, of one size.
        directions: Float tensor `(d, k)`, a unit vector a column.

    Returns:
        Tensor `(k,)`.
    """
    x, y = (_sorted(tf.matmul(directions, rows, transpose_a=True, transpose_b=True)) for rows in (x, y))
    return tf.reduce_mean(tf.abs(x - y), axis=1)


def _sorted(rows):
    return _with_numpy(rows) if tf.executing_eagerly() else tf.sort(rows)


@tf.custom_gradient
def _with_numpy(rows):
    """Sorted rows, many times faster than by TensorFlow."""
    rows = rows.numpy()

    def gradient(upstream):
        places = np.argsort(np.argsort(rows))  # where each element went
        return tf.gather(upstream, places, batch_dims=1)

    return tf.constant(np.sort(rows)), gradient
