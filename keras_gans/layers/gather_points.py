"""Points of images, chosen by their numbers, with derivatives of any order."""

import tensorflow as tf


def gather_points(images, numbers):
    """Points of images.

    Args:
        images: Float tensor `(batch, height, width, channels)`.
        numbers: Int32 tensor `(batch, rows, columns)`: row * width + column of each point.

    Returns:
        Float tensor `(batch, rows, columns, channels)`.
    """
    batch, height, width, channels = tf.unstack(tf.shape(images))
    firsts = tf.range(batch) * (height * width)
    chosen = _gather(tf.reshape(images, (-1, channels)), tf.reshape(numbers + firsts[:, None, None], (-1,)))
    chosen = tf.reshape(chosen, (*tf.unstack(tf.shape(numbers)), channels))
    return tf.ensure_shape(chosen, (*numbers.shape, images.shape[-1]))


# Not `tf.gather(batch_dims=1)`, whose second derivative XLA cannot compile inside a branch, where a lazy term takes it.


@tf.custom_gradient
def _gather(rows, numbers):
    return tf.gather(rows, numbers), lambda upstream: (_scatter(upstream, numbers, tf.shape(rows)[0]), None)


@tf.custom_gradient
def _scatter(rows, numbers, count):
    return tf.math.unsorted_segment_sum(rows, numbers, count), lambda upstream: (_gather(upstream, numbers), None, None)
