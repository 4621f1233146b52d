"""The squared maximum mean discrepancy with the cubic kernel of KID."""

import tensorflow as tf


def polynomial_kernel(x, y):
    """k(x, y) = (x . y / d + 1)^3 of the rows of two matrices `(n, d)`, `(m, d)`: a matrix `(n, m)`."""
    base = tf.matmul(x, y, transpose_b=True) / tf.cast(tf.shape(x)[1], x.dtype) + 1.0
    return base * base * base  # a power takes seven times as long


def unbiased_mmd(x, y):
    """The unbiased estimate of the squared maximum mean discrepancy of two samples; it may be negative.

    sum over i != j of k(x_i, x_j) / (n (n - 1)) + the same for y - 2 mean k(x_i, y_j)

    Args:
        x, y: Float tensors `(n, d)`, `(m, d)`.

    Returns:
        Scalar of their dtype. NaN if either has fewer than two rows.
    """

    def within(rows):
        kernel = polynomial_kernel(rows, rows)
        count = tf.cast(tf.shape(rows)[0], rows.dtype)
        return (tf.reduce_sum(kernel) - tf.linalg.trace(kernel)) / (count * (count - 1.0))

    return within(x) + within(y) - 2.0 * tf.reduce_mean(polynomial_kernel(x, y))
