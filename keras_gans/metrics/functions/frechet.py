"""The Frechet distance between two Gaussians."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.finite import check_finite

# A Cholesky factor whose smallest pivot is this much smaller than the largest one has lost too many digits.
_SMALLEST_PIVOT = 1e-7


def frechet_distance(mean1, covariance1, mean2, covariance2):
    """||m1 - m2||^2 + Tr(C1) + Tr(C2) - 2 Tr((C1 C2)^(1/2)), in float64.

    Args:
        mean1, mean2: Arrays or tensors `(d,)`.
        covariance1, covariance2: Symmetric, positive semidefinite, `(d, d)`.

    Returns:
        Float64 scalar tensor. For equal Gaussians it is zero up to rounding, of either sign. In a graph, NaN gives NaN.

    Raises:
        ValueError: if a mean or a covariance holds NaN or infinite values.

    Example:

    ```python
    mean, covariance = np.zeros(4), np.eye(4)
    distance = keras_gans.metrics.frechet_distance(mean, covariance, mean + 1.0, covariance)
    print(f"{float(distance):.3f}")  # 4.000
    ```
    """
    moments = {"mean1": mean1, "covariance1": covariance1, "mean2": mean2, "covariance2": covariance2}
    if tf.executing_eagerly():
        for name, value in moments.items():
            check_finite(value, f"`{name}`")
    return _distance(*moments.values())


def _distance(*moments):
    mean1, covariance1, mean2, covariance2 = (tf.cast(value, tf.float64) for value in moments)
    traces = tf.linalg.trace(covariance1) + tf.linalg.trace(covariance2)
    return tf.reduce_sum((mean1 - mean2) ** 2) + traces - 2.0 * trace_sqrt_product(covariance1, covariance2)


def moments_distance(first, second):
    """`frechet_distance` of two triples of count, mean and covariance; NaN if either count is below two."""
    enough = tf.reduce_all([count >= 2.0 for count, _, _ in (first, second)])
    # In a graph, a matrix that is not finite must not reach the eigenvalues.
    identity = tf.eye(first[1].shape[0], dtype=tf.float64)
    safe = [(mean, tf.where(enough, covariance, identity)) for _, mean, covariance in (first, second)]
    return tf.where(enough, _distance(*safe[0], *safe[1]), float("nan"))


def trace_sqrt_product(covariance1, covariance2):
    """Tr((C1 C2)^(1/2)), as the sum of the square roots of the eigenvalues of F^T C2 F, where C1 = F F^T.

    Always real, and without a matrix square root. Eagerly F is a Cholesky factor, by LAPACK through NumPy, unless C1 is near
    singular; otherwise, and in a `tf.function`, it is from the eigenvectors of C1.

    Returns:
        Float64 scalar tensor.
    """
    covariance1, covariance2 = tf.cast(covariance1, tf.float64), tf.cast(covariance2, tf.float64)
    return (_with_lapack if tf.executing_eagerly() else _in_graph)(covariance1, covariance2)


@tf.custom_gradient
def _with_lapack(covariance1, covariance2):
    first, second = covariance1.numpy(), covariance2.numpy()
    value = np.nan
    if np.isfinite(first).all() and np.isfinite(second).all():
        factor = _cholesky(first)
        if factor is None:
            values, vectors = np.linalg.eigh(first)
            factor = vectors * np.sqrt(np.maximum(values, 0.0))
        value = np.sqrt(np.maximum(np.linalg.eigvalsh(factor.T @ second @ factor), 0.0)).sum()
    return tf.constant(value, tf.float64), lambda upstream: _gradients(covariance1, covariance2, upstream)


@tf.function(autograph=False)
def _gradients(covariance1, covariance2, upstream):
    return tf.gradients(_in_graph(covariance1, covariance2), [covariance1, covariance2], upstream)


def _in_graph(covariance1, covariance2):
    values, vectors = tf.linalg.eigh(covariance1)
    factor = vectors * tf.sqrt(tf.maximum(values, 0.0))
    product = tf.matmul(factor, tf.matmul(covariance2, factor), transpose_a=True)
    return tf.reduce_sum(tf.sqrt(tf.maximum(tf.linalg.eigvalsh(product), 0.0)))


def _cholesky(matrix):
    """The Cholesky factor of a matrix, or None where it would be inaccurate."""
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return None
    pivots = np.diag(factor) ** 2
    return factor if pivots.min() > _SMALLEST_PIVOT * pivots.max() else None
