"""Convolutions whose kernels a style scales, for each example."""

import math

import keras
import tensorflow as tf
from keras import ops

from keras_gans.layers.equalized_learning_rate import EqualizedLearningRate
from keras_gans.layers.kernel_wrapper import float32_value
from keras_gans.utils.choices import check_bools
from keras_gans.utils.choices import check_choice
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints

_METHODS = ("inputs", "kernels")


class ModulatedConv2D(Serializable, keras.layers.Layer):
    """A convolution with an equalized learning rate, whose input channels each example's style scales.

    s = A w + b + 1,   W'[y, x, i, o] = c s[i] W[y, x, i, o],   c = 1 / sqrt(size size channels)
    W''[y, x, i, o] = W'[y, x, i, o] / sqrt(sum over y, x, i of W'^2 + 1e-8)   with `demodulate`
    output = conv(x, W'')

    Demodulation stands for a normalization: if the input channels are independent and have variance 1, so has the output,
    whatever the style. There is no bias. The sums and scales are computed in float32 under every precision policy.

    Both methods compute the same. Kernels of each example are one grouped convolution, whose gradient TensorFlow has on GPUs, and
    on CPUs under XLA alone (`jit_compile=True`). Scaled inputs and outputs are one convolution for all examples, everywhere.

    Args:
        filters: Int, output channels.
        kernel_size: Int, sides of the kernel. Default: 3.
        demodulate: Bool. Default: True.
        upsample: Bool: a transposed convolution with stride 2 and without padding, the convolution of an image with zeros between
            its pixels, for a low-pass filter after it. Default: False: "same" padding.
        method: "inputs", which scales x by s and the output by the demodulation, or "kernels". Default: "inputs".

    Shapes:
        [x `(batch, height, width, channels)`, w `(batch, dim)`] to `(batch, height, width, filters)`, or
        `(batch, 2 height + kernel_size - 2, 2 width + kernel_size - 2, filters)` with `upsample`.

    Raises:
        ValueError: if an argument is none of the above, or the layer is called on anything but such a pair.

    Example:

    ```python
    layer = keras_gans.layers.ModulatedConv2D(16)
    print(layer([tf.zeros((2, 8, 8, 4)), tf.zeros((2, 6))]).shape)  # (2, 8, 8, 16)
    ```

    Reference:
        Karras et al., Analyzing and Improving the Image Quality of StyleGAN (2019), arXiv:1912.04958, section 2.2; matches
        NVlabs/stylegan2 (`modulated_conv2d_layer`, with and without `fused_modconv`).
    """

    def __init__(self, filters, kernel_size=3, demodulate=True, upsample=False, method="inputs", **kwargs):
        check_bools(demodulate=demodulate, upsample=upsample)
        super().__init__(**kwargs)
        check_ints(1, filters=filters, kernel_size=kernel_size)
        check_choice(_METHODS, method=method)
        self.filters = filters
        self.kernel_size = kernel_size
        self.demodulate = demodulate
        self.upsample = upsample
        self.method = method

    def build(self, input_shape):
        if len(input_shape) != 2 or [len(shape) if isinstance(shape, (tuple, list)) else 0 for shape in input_shape] != [4, 2]:
            raise ValueError(
                "ModulatedConv2D is called on [x, w], maps (batch, height, width, channels) and styles (batch, dim). "
                f"Received: shape {input_shape}."
            )
        (*_, channels), styles = input_shape
        dense = keras.layers.Dense(channels, dtype="float32", name="style")
        self.style = EqualizedLearningRate(dense, gain=1.0, dtype="float32", name="style")
        self.style.build(styles)
        size = (self.kernel_size, self.kernel_size)
        self.kernel = self.add_weight(
            shape=(*size, channels, self.filters), initializer=keras.initializers.RandomNormal(0.0, 1.0), name="kernel"
        )
        self.coefficient = 1.0 / math.sqrt(math.prod(size) * channels)

    def call(self, inputs):
        x, w = inputs
        style = self.style(ops.cast(w, "float32")) + 1.0
        kernel = self.coefficient * float32_value(self.kernel)
        if self.demodulate:
            # No scale of the style changes the output: one of size 1 leaves it within the range of float16.
            style = style * ops.rsqrt(ops.mean(ops.square(style), axis=-1, keepdims=True) + 1e-8)
        scale = self._demodulation(kernel, style) if self.demodulate else ops.ones((1, self.filters), "float32")
        if self.method == "inputs":
            y = self._convolve(x * self._maps(style), ops.cast(kernel, self.compute_dtype))
            return y * self._maps(scale) if self.demodulate else y
        kernels = kernel * style[:, None, None, :, None] * scale[:, None, None, None, :]
        return self._grouped(x, ops.cast(kernels, self.compute_dtype))

    def _demodulation(self, kernel, style):
        """1 / sqrt(sum of W'^2 + 1e-8), `(batch, filters)`."""
        squares = ops.sum(ops.square(kernel), axis=(0, 1))
        return ops.rsqrt(ops.matmul(ops.square(style), squares) + 1e-8)

    def _maps(self, scale):
        return ops.cast(scale, self.compute_dtype)[:, None, None, :]

    def _convolve(self, x, kernel):
        if not self.upsample:
            return tf.nn.conv2d(x, kernel, 1, "SAME")
        # The transpose of a correlation is a convolution: turned around, the kernel is that of a correlation again.
        kernel = ops.transpose(ops.flip(kernel, axis=(0, 1)), (0, 1, 3, 2))
        batch, height, width, _ = ops.shape(x)
        shape = (batch, *(2 * side + self.kernel_size - 2 for side in (height, width)), self.filters)
        return tf.nn.conv2d_transpose(x, kernel, shape, 2, "VALID")

    def _grouped(self, x, kernels):
        """The convolution of each example with its kernel, as one with a group for each example."""
        batch, height, width, channels = ops.shape(x)
        size = self.kernel_size
        padding = "same"
        if self.upsample:
            x, padding = _with_zeros(x, size), "valid"
            height, width = x.shape[1:3]
        x = ops.reshape(ops.transpose(x, (1, 2, 0, 3)), (1, height, width, batch * channels))
        kernels = ops.reshape(ops.transpose(kernels, (1, 2, 3, 0, 4)), (size, size, channels, batch * self.filters))
        y = tf.nn.conv2d(x, kernels, 1, padding.upper())
        y = ops.reshape(y, (*ops.shape(y)[1:3], batch, self.filters))
        return ops.transpose(y, (2, 0, 1, 3))

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape[0]
        if self.upsample:
            height, width = (None if side is None else 2 * side + self.kernel_size - 2 for side in (height, width))
        return batch, height, width, self.filters


def _with_zeros(x, size):
    """Images with zeros between their pixels, and around them as many as a full convolution needs."""
    batch, height, width, channels = ops.shape(x)
    x = ops.pad(x[:, :, None, :, None, :], [[0, 0], [0, 0], [0, 1], [0, 0], [0, 1], [0, 0]])
    x = ops.reshape(x, (batch, 2 * height, 2 * width, channels))[:, : 2 * height - 1, : 2 * width - 1]
    return ops.pad(x, [[0, 0], [size - 1, size - 1], [size - 1, size - 1], [0, 0]])
