"""Channels to space: how super-resolution networks enlarge their maps."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints


class PixelShuffle(Serializable, keras.layers.Layer):
    """Enlarges a map by moving channels to positions: after a convolution, this is the sub-pixel convolution.

    y[h s + i, w s + j, c] = x[h, w, (i s + j) C + c],    C the channels of y, s the scale, i and j in 0..s-1

    Args:
        scale: Int s, the factor of height and width. Default: 2.

    Shapes:
        Input `(batch, height, width, s^2 C)`, output `(batch, s height, s width, C)`.

    Raises:
        ValueError: if `scale` is not an int >= 1; if the channels are not a multiple of its square.

    Example:

    ```python
    x = keras.ops.reshape(keras.ops.arange(4.0), (1, 1, 1, 4))
    y = keras_gans.layers.PixelShuffle(2)(x)
    print(y.shape, np.ravel(y).tolist())  # (1, 2, 2, 1) [0.0, 1.0, 2.0, 3.0]
    ```

    Reference:
        Shi et al., Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel CNN (2016), arXiv:1609.05158;
        equals `tf.nn.depth_to_space`.

    Differences: PyTorch's `PixelShuffle` reads the channels as (C, s, s), this layer as (s, s, C), as TensorFlow does.
    Kernels of a convolution before it that come from PyTorch need their output channels in that order.
    """

    def __init__(self, scale=2, **kwargs):
        super().__init__(**kwargs)
        check_ints(1, scale=scale)
        self.scale = scale

    def build(self, input_shape):
        if len(input_shape) != 4 or input_shape[-1] % self.scale**2:
            raise ValueError(
                f"PixelShuffle({self.scale}) takes (batch, height, width, channels), channels a multiple of {self.scale**2}. "
                f"Received: shape {tuple(input_shape)}. Give the convolution before it as many filters."
            )

    def call(self, inputs):
        return inputs if self.scale == 1 else tf.nn.depth_to_space(inputs, self.scale)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        height, width = (None if size is None else size * self.scale for size in (height, width))
        return (batch, height, width, channels // self.scale**2)
