"""Random subsets of samples, reproducible from a seed."""

import tensorflow as tf


def random_subset(rows, size, seed):
    """`size` of the rows, drawn without replacement.

    Args:
        rows: Tensor `(n, ...)`.
        size: Int, at most n.
        seed: Pair of ints. The same seed gives the same places among rows of equal number.

    Returns:
        Tensor `(size, ...)`, in random order.
    """
    order = tf.random.experimental.stateless_shuffle(tf.range(tf.shape(rows)[0]), tf.stack(seed))
    return tf.gather(rows, order[:size])
