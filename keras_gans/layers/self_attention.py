"""Self-attention over the positions of an image."""

import keras
import tensorflow as tf
from keras import ops

from keras_gans.layers.spectral_normalization import check_spectral_normalization
from keras_gans.layers.spectral_normalization import spectrally_normalized
from keras_gans.utils.config import Serializable
from keras_gans.utils.initializers import fresh


class SelfAttention(Serializable, keras.layers.Layer):
    """Adds to each position of an image a mean of features of all positions, weighted by similarity.

    y = x + gamma out(A pool(g(x))),   A = softmax(theta(x) pool(phi(x))')

    theta and phi are 1x1 convolutions to C/8 channels, g to C/2, rounded down to at least 1, out back to C, none with a bias;
    pool takes the greatest of 2x2. The softmax is over the pooled positions, a quarter of all, without a scale, in float32 under
    every precision policy. gamma is a scalar that starts at 0: the layer starts as the identity.

    Args:
        spectral_normalization: Bool, or dict of arguments of `keras_gans.layers.SpectralNormalization` for the four
            convolutions. Default: False.
        kernel_initializer: Initializer of the four kernels. Default: "glorot_uniform".
        kernel_regularizer: Regularizer of the four kernels. Default: none.

    Shapes:
        `(batch, height, width, C)`, height and width even. The output has the same shape. (5/4) C^2 + 1 parameters where
        8 divides C.

    Raises:
        ValueError: if the input has another shape.

    Example:

    ```python
    x = keras.random.normal((2, 16, 16, 64))
    layer = keras_gans.layers.SelfAttention(spectral_normalization=True)
    print(layer(x).shape, layer.theta.layer.kernel.shape)  # (2, 16, 16, 64) (1, 1, 64, 8)
    ```

    Reference:
        Zhang et al., Self-Attention Generative Adversarial Networks (2018), arXiv:1805.08318, in the form of the authors' code
        (brain-research/self-attention-gan), which BigGAN has too. The paper's text has no pooling, and C/8 channels for g.
    """

    def __init__(self, spectral_normalization=False, kernel_initializer="glorot_uniform", kernel_regularizer=None, **kwargs):
        check_spectral_normalization(spectral_normalization)
        super().__init__(**kwargs)
        self.spectral_normalization = spectral_normalization
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

    def build(self, input_shape):
        _check(input_shape)
        channels = input_shape[-1]
        self.theta = self._conv(max(1, channels // 8), "theta")
        self.phi = self._conv(max(1, channels // 8), "phi")
        self.g = self._conv(max(1, channels // 2), "g")
        self.out = self._conv(channels, "out")
        for conv in (self.theta, self.phi, self.g):
            conv.build(input_shape)
        self.out.build((*input_shape[:-1], max(1, channels // 2)))
        self.gamma = self.add_weight(shape=(), initializer="zeros", name="gamma")

    def _conv(self, filters, name):
        conv = keras.layers.Conv2D(
            filters,
            1,
            use_bias=False,
            kernel_initializer=fresh(self.kernel_initializer),
            kernel_regularizer=self.kernel_regularizer,
            data_format="channels_last",
            dtype=self.dtype_policy,
            name=name,
        )
        return spectrally_normalized(conv, self.spectral_normalization)

    def call(self, inputs, training=False):
        theta, phi, g = (conv(inputs, training=training) for conv in (self.theta, self.phi, self.g))
        _, height, width, _ = ops.shape(inputs)
        query = ops.reshape(theta, (-1, height * width, theta.shape[-1]))
        key, value = (ops.reshape(_pooled(x), (-1, height * width // 4, x.shape[-1])) for x in (phi, g))
        products = ops.matmul(query, ops.swapaxes(key, 1, 2))
        attention = tf.nn.softmax(ops.cast(products, keras.backend.result_type(products.dtype, "float32")))
        seen = ops.matmul(ops.cast(attention, value.dtype), value)
        seen = ops.reshape(seen, (-1, height, width, value.shape[-1]))
        return inputs + self.gamma * self.out(seen, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape


def _pooled(x):
    return ops.max_pool(x, 2, 2, data_format="channels_last")


def _check(shape):
    wanted = len(shape) == 4 and (shape[-1] or 0) >= 1
    if not wanted or any(size is not None and size % 2 for size in shape[1:3]):
        raise ValueError(
            "SelfAttention takes (batch, height, width, channels), height and width even, for its pooling, and the number of "
            f"channels known. Received: input shape {tuple(shape)}."
        )
