"""A convolution in groups of channels that learns on every device."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints


class GroupedConv2D(Serializable, keras.layers.Conv2D):
    """`keras.layers.Conv2D(groups=n)`, with the same weights, which learns on a CPU as fast as other convolutions do.

    Output channels of group k see input channels of group k alone: n convolutions, side by side, with 1/n of the weights of one.

    TensorFlow has no gradient of such a convolution on a CPU, unless the processor has oneDNN's. So Keras has XLA compile it, and
    its gradient there takes hundreds of times as long as the convolution. Here, where there are only CPUs, each group is a
    convolution of its own, which takes as long as oneDNN's, though XLA needs a minute to compile a hundred of them; elsewhere
    TensorFlow computes all groups at once.

    Args:
        filters: Int, output channels, a multiple of `groups`.
        kernel_size: Int, or pair of ints.
        groups: Int, which divides the input's channels.
        strides, padding, dilation_rate, activation, use_bias, ...: As in `keras.layers.Conv2D`.

    Shapes:
        Those of `keras.layers.Conv2D`. The kernel is `(height, width, input channels / groups, filters)`.

    Raises:
        ValueError: if an argument is out of range; if `groups` does not divide the channels.

    Example:

    ```python
    layer = keras_gans.layers.GroupedConv2D(32, 3, groups=8, padding="same")
    print(layer(keras.random.normal((2, 8, 8, 16))).shape, layer.kernel.shape)  # (2, 8, 8, 32) (3, 3, 2, 32)
    ```

    Reference:
        Xie et al., Aggregated Residual Transformations for Deep Neural Networks (2017), arXiv:1611.05431, which calls the number
        of groups the cardinality.
    """

    def __init__(self, filters, kernel_size, groups, **kwargs):
        check_ints(1, filters=filters, groups=groups)
        super().__init__(filters, kernel_size, groups=groups, data_format="channels_last", **kwargs)

    def convolution_op(self, inputs, kernel):
        def convolve(x, filters):
            # Without its `data_format`, TensorFlow has no second derivative in eager mode.
            return tf.nn.convolution(x, filters, self.strides, self.padding.upper(), "NHWC", self.dilation_rate)

        if self.groups == 1 or not only_cpus():
            return convolve(inputs, kernel)
        parts = zip(tf.split(inputs, self.groups, axis=-1), tf.split(kernel, self.groups, axis=-1), strict=True)
        return tf.concat([convolve(*part) for part in parts], axis=-1)


def only_cpus():
    return all(device.device_type == "CPU" for device in tf.config.list_logical_devices())
