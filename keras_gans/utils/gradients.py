"""Gradients of scores with respect to images, for the penalties on them; norms of gradients."""

import tensorflow as tf

from keras_gans.utils.replicas import cross_replica_mean


def input_gradient_squared_norms(discriminate, *inputs):
    """Per-example squared L2 norms of the gradient of the scores with respect to all `inputs` together.

    norm_i^2 = sum over inputs x, and all their non-batch axes, of (d sum_j scores(inputs)_j / d x_i)^2

    It is the gradient of each example's own score only if the discriminator lets no example see another: no batch
    statistics. Differentiable a second time, and computed in float32 under every precision policy.

    Args:
        discriminate: Callable, inputs to a dict of outputs with `scores`, as `Minibatch.discriminate`.
        *inputs: Float tensors, `(batch, ...)`. An input that scores do not depend on adds nothing.

    Returns:
        Float32 tensor of shape `(batch,)`.
    """
    inputs = [tf.cast(each, tf.float32) for each in inputs]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        scores = discriminate(*inputs)["scores"]
    gradients = [tf.cast(each, tf.float32) for each in tape.gradient(scores, inputs) if each is not None]
    return tf.add_n([tf.reduce_sum(tf.square(each), axis=list(range(1, len(each.shape)))) for each in gradients])


def safe_sqrt(squares):
    """Square root whose gradient at 0 is 0, not infinite (a constant discriminator has zero input gradient)."""
    positive = squares > 0
    return tf.where(positive, tf.sqrt(tf.where(positive, squares, tf.ones_like(squares))), tf.zeros_like(squares))


def mean_gradients(tape, targets, variables):
    """The gradients of the sum of `targets`, averaged over the replicas; dense, and 0 where there is none."""
    gradients = tape.gradient(targets, variables, unconnected_gradients="zero")
    return [cross_replica_mean(tf.convert_to_tensor(gradient)) for gradient in gradients]


def squared_norm(gradients):
    """The sum of squares over a list of tensors."""
    return tf.add_n([tf.reduce_sum(tf.square(tf.cast(gradient, tf.float32))) for gradient in gradients])


def scale_gradient(x, factor):
    """`x`, whose gradient is multiplied by `factor`.

    Args:
        x: Float tensor.
        factor: Float.
    """

    @tf.custom_gradient
    def scaled(x):
        return tf.identity(x), lambda gradient: tf.cast(factor, gradient.dtype) * gradient

    return scaled(x)
