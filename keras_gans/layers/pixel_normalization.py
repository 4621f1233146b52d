"""Normalization of each pixel's feature vector."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_positive


class PixelNormalization(Serializable, keras.layers.Layer):
    """Gives the feature vector of each pixel a mean square of one, so that a generator's activations cannot grow.

    y = x / sqrt(mean over channels of x^2 + epsilon)

    The layer has no weights. The progressive GAN has it after each convolution of the generator, and on the latents. The layer
    computes in float32 under every precision policy.

    Args:
        epsilon: Float, added to the mean square. Default: 1e-8.

    Shapes:
        `(batch, ..., channels)`. The output has the same shape.

    Raises:
        ValueError: if `epsilon` is not positive.

    Example:

    ```python
    x = tf.constant([[3.0, 4.0]])
    y = keras_gans.layers.PixelNormalization()(x)
    print(float(tf.reduce_mean(y**2)))  # 1.0
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196; the authors' code
        (tkarras/progressive_growing_of_gans).
    """

    def __init__(self, epsilon=1e-8, **kwargs):
        super().__init__(**kwargs)
        check_positive(epsilon=epsilon)
        self.epsilon = epsilon

    def call(self, inputs):
        x = ops.cast(inputs, "float32")  # epsilon is zero in half precision
        return ops.cast(x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + self.epsilon), inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape
