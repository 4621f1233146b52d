"""Batch normalization by the statistics of a fixed batch."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive


class VirtualBatchNormalization(Serializable, keras.layers.Layer):
    """Normalizes each example by the statistics of a reference batch and itself, so that examples do not see each other.

    The first n rows of the input are the reference: `keras_gans.networks.with_reference_batch` puts a stored batch there, and
    drops its rows from the output. The reference is normalized by its own mean and variance (over rows and space, a channel at a
    time). Any other example x is normalized by the statistics of the n + 1 examples consisting of the reference and x:

    c = 1 / (n + 1),   m = c mean(x) + (1 - c) mean(reference),   s = c mean(x^2) + (1 - c) mean(reference^2) - m^2

    y = gamma (x - m) / sqrt(s + epsilon) + beta

    There is no moving average: training and inference are the same. Statistics are float32 under every precision policy.

    Args:
        reference_size: Int n >= 1, rows of the reference. Default: 64.
        epsilon: Float, added to the variance. Default: 1e-5.
        gamma_initializer: Initializer. Default: normal, mean 1, standard deviation 0.02. beta starts at 0.

    Shapes:
        `(n + batch, channels)`, or with axes of space between: `(n + batch, height, width, channels)`. The output has the
        same shape.

    Raises:
        ValueError: if an argument is out of range, or a batch has fewer rows than the reference.

    Example:

    ```python
    norm = keras_gans.layers.VirtualBatchNormalization(reference_size=64)
    network = keras.Sequential([keras.Input((100,)), keras.layers.Dense(32), norm, keras.layers.ReLU()])
    latents = keras_gans.latents.Normal(100)
    generator = keras_gans.networks.with_reference_batch(network, latents.sample(64, seed=(0, 1)))
    print(generator(latents.sample(8, seed=(0, 2))).shape)  # (8, 32)
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498; the authors' code
        (openai/improved-gan), whose epsilon and gamma these are.

    Differences: the variance is computed as mean squares about m, equal to s but never negative by rounding.
    """

    def __init__(self, reference_size=64, epsilon=1e-5, gamma_initializer=None, **kwargs):
        super().__init__(**kwargs)
        check_ints(1, reference_size=reference_size)
        check_positive(epsilon=epsilon)
        self.reference_size = reference_size
        self.epsilon = epsilon
        self.gamma_initializer = keras.initializers.get(gamma_initializer) or keras.initializers.RandomNormal(1.0, 0.02)

    def build(self, input_shape):
        if len(input_shape) < 2 or input_shape[-1] is None:
            raise ValueError(
                "VirtualBatchNormalization takes (batch, ..., channels), with a known number of channels. "
                f"Received: input shape {tuple(input_shape)}."
            )
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape=shape, initializer=self.gamma_initializer, autocast=False, name="gamma")
        self.beta = self.add_weight(shape=shape, initializer="zeros", autocast=False, name="beta")

    def call(self, inputs):
        rows = inputs.shape[0]
        if rows is not None and rows < self.reference_size:
            raise ValueError(
                f"The first {self.reference_size} rows of the input are the reference. Received: {rows} rows. Prepend a "
                "reference batch: keras_gans.networks.with_reference_batch(network, reference)."
            )
        x = keras.ops.cast(inputs, keras.backend.result_type(self.compute_dtype, "float32"))
        reference, live = x[: self.reference_size], x[self.reference_size :]
        space = list(range(1, len(inputs.shape) - 1))
        reference_mean, reference_variance = _moments(reference, [0, *space])
        own_mean, own_variance = _moments(live, space)
        share = 1.0 / (self.reference_size + 1)
        mean = share * own_mean + (1.0 - share) * reference_mean
        variance = share * (own_variance + tf.square(own_mean - mean))
        variance += (1.0 - share) * (reference_variance + tf.square(reference_mean - mean))
        normalized = [
            (reference - reference_mean) * tf.math.rsqrt(reference_variance + self.epsilon),
            (live - mean) * tf.math.rsqrt(variance + self.epsilon),
        ]
        gamma, beta = (tf.cast(weight.value, x.dtype) for weight in (self.gamma, self.beta))
        return tf.cast(tf.concat(normalized, axis=0) * gamma + beta, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


def _moments(x, axes):
    mean = tf.reduce_mean(x, axes, keepdims=True)
    return mean, tf.reduce_mean(tf.square(x - mean), axes, keepdims=True)
