"""The Frechet distances, of any classifier."""

import warnings

import tensorflow as tf

from keras_gans.metrics.functions.frechet import frechet_distance
from keras_gans.tfgan.activations import matrices
from keras_gans.tfgan.run import run_classifier_fn
from keras_gans.utils.assured import assured
from keras_gans.utils.optional import require


def frechet_classifier_distance(input_tensor1, input_tensor2, classifier_fn, num_batches=1):
    """The distance of `frechet_classifier_distance_from_activations`, of the activations that a classifier gives.

    Args:
        input_tensor1, input_tensor2: Tensors `(n, ...)`, `(m, ...)`, what the classifier takes.
        classifier_fn: Function of such a tensor that returns activations `(n, d)`.
        num_batches: Int, parts that are classified one after the other; it divides n and m. Default: 1.

    Returns:
        Scalar tensor of the activations' type.

    Raises:
        ImportError: without TensorFlow Probability.
        ValueError: see `frechet_classifier_distance_from_activations` and `run_classifier_fn`.

    Example:

    ```python
    generated = gan.generate(20)
    distance = keras_gans.metrics.tfgan.frechet_classifier_distance(images, generated, classifier, num_batches=2)
    print(distance.shape)  # ()
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.frechet_classifier_distance`.
    """
    activations = [run_classifier_fn(tensor, classifier_fn, num_batches) for tensor in (input_tensor1, input_tensor2)]
    return frechet_classifier_distance_from_activations(*activations)


def frechet_classifier_distance_from_activations(activations1, activations2):
    """The distance of the Gaussians fitted to two sets of activations: lower is better.

    ||m1 - m2||^2 + Tr(C1) + Tr(C2) - 2 Tr((C1 C2)^(1/2))

    with means m and covariances C of divisor n - 1. It is biased by about c / n: compare figures of equal numbers only.

    Args:
        activations1, activations2: Floating-point tensors `(n, d)`, `(m, d)`, of two rows at least.

    Returns:
        Scalar tensor of the type of `activations1`, computed in float64.

    Raises:
        ImportError: without TensorFlow Probability.
        ValueError: if the shapes differ from these, or a type is not a floating-point one.
        tf.errors.InvalidArgumentError: in a graph, if a number of rows that was not known is below two.

    Example:

    ```python
    activations = tf.random.normal((100, 4))
    distance = keras_gans.metrics.tfgan.frechet_classifier_distance_from_activations(activations, activations + 1.0)
    print(f"{float(distance):.3f}")  # 4.000; the squared distance of the means, since the covariances are equal
    ```

    Reference:
        Heusel et al., GANs Trained by a Two Time-Scale Update Rule (2017), arXiv:1706.08500; matches tensorflow/gan,
        `tfgan.eval.frechet_classifier_distance_from_activations`, to its tolerance.

    Differences: the trace of the root comes from symmetric eigenvalues, without a threshold, where TF-GAN leaves singular
    values below 1e-10 as they are.
    """
    first, second = matrices(activations1, activations2, least=2)
    return tf.cast(frechet_distance(*_gaussian(first), *_gaussian(second)), first.dtype)


def mean_only_frechet_classifier_distance_from_activations(activations1, activations2):
    """The squared distance of the means of two sets of activations, ||m1 - m2||^2.

    Args:
        activations1, activations2: Floating-point tensors `(n, d)`, `(m, d)`.

    Returns:
        Scalar tensor of the type of `activations1`, computed in float64.

    Raises:
        ValueError: if the shapes differ from these, or a type is not a floating-point one.

    Example:

    ```python
    activations = tf.random.normal((100, 4))
    distance = keras_gans.metrics.tfgan.mean_only_frechet_classifier_distance_from_activations(activations, activations + 1.0)
    print(f"{float(distance):.3f}")  # 4.000
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.mean_only_frechet_classifier_distance_from_activations`.
    """
    first, second = matrices(activations1, activations2)
    means = (tf.reduce_mean(tf.cast(rows, tf.float64), axis=0) for rows in (first, second))
    return tf.cast(tf.reduce_sum(tf.math.squared_difference(*means)), first.dtype)


def diagonal_only_frechet_classifier_distance_from_activations(activations1, activations2):
    """The Frechet distance as if the activations' components were independent.

    sum over components of (m1 - m2)^2 + v1 + v2 - 2 sqrt(v1 v2)

    with variances v of divisor n, not n - 1 as in the full distance. Memory is linear in d.

    Args:
        activations1, activations2: Floating-point tensors `(n, d)`, `(m, d)`.

    Returns:
        Scalar tensor of the type of `activations1`, computed in float64.

    Raises:
        ValueError: if the shapes differ from these, or a type is not a floating-point one.

    Example:

    ```python
    activations = tf.random.normal((100, 4))
    distance = keras_gans.metrics.tfgan.diagonal_only_frechet_classifier_distance_from_activations(activations, activations + 1.0)
    print(f"{float(distance):.3f}")  # 4.000
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.diagonal_only_frechet_classifier_distance_from_activations`.
    """
    first, second = matrices(activations1, activations2)
    (mean1, variance1), (mean2, variance2) = (tf.nn.moments(tf.cast(rows, tf.float64), [0]) for rows in (first, second))
    spread = variance1 + variance2 - 2.0 * tf.sqrt(variance1 * variance2)
    return tf.cast(tf.reduce_sum(tf.math.squared_difference(mean1, mean2) + spread), first.dtype)


def _gaussian(activations):
    """Mean and unbiased covariance, in float64."""
    activations = tf.cast(activations, tf.float64)
    count = tf.cast(tf.shape(activations)[0], tf.float64)
    activations = assured(activations, count > 1.0, "A covariance needs at least two rows of activations. Received:", count)
    unbiased = count / (count - 1.0) * _tensorflow_probability().stats.covariance(activations)
    return tf.reduce_mean(activations, axis=0), unbiased


@tf.autograph.experimental.do_not_convert
def _tensorflow_probability():
    # Imported outside of any graph that is being traced.
    with tf.init_scope(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "distutils", DeprecationWarning)
        return require("tensorflow_probability", "metrics", "The Frechet distance of TF-GAN")
