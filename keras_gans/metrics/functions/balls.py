"""Balls around features, whose union stands for all similar images."""

import tensorflow as tf

_BLOCK = 1000  # rows at a time: of distances to 10,000 others, 80 MB


def squared_radii(features, neighbors):
    """The squared distance of each row to its `neighbors`-th nearest other row, `(n,)`, float64."""

    def radii(block):
        nearest = tf.math.top_k(-squared_distances(block, features), neighbors + 1).values
        return -nearest[:, -1]  # the first of the ascending distances is that to the row itself

    return in_blocks(radii, features)


def squared_distances(x, y):
    """||x_i - y_j||^2 of the rows of two float64 matrices, `(n, m)`; exactly 0 for equal rows."""
    norms = tf.reduce_sum(x * x, axis=1)[:, None] + tf.reduce_sum(y * y, axis=1)[None]
    distances = norms - 2.0 * tf.matmul(x, y, transpose_b=True)
    # Rounding leaves a little where rows are equal.
    return tf.where(distances < 1e-12 * norms, tf.zeros((), tf.float64), distances)


def in_blocks(function, rows):
    """`function(rows)`, which gives one number for each row, computed in blocks of rows."""
    count = tf.shape(rows)[0]
    size = tf.minimum(count, _BLOCK)
    padding = -count % size
    blocks = tf.reshape(tf.pad(rows, [[0, padding], [0, 0]]), (-1, size, rows.shape[1]))
    values = tf.map_fn(function, blocks, fn_output_signature=tf.float64)
    return tf.reshape(values, (-1,))[:count]
