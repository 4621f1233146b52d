"""Minibatch discrimination: how close each example is to the others of its batch, as features."""

import keras
import tensorflow as tf

from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints


class MinibatchDiscrimination(Serializable, keras.layers.Layer):
    """Tells a discriminator how close each example is to the others of its batch, so that it sees a collapsed generator.

    With M_i = x_i T, a matrix of B rows and C columns, and its rows M_ib:

    o_ib = sum over j of exp(-||M_ib - M_jb||_1)

    The output is x with o beside it. The layer computes in float32 under every precision policy.

    The layer couples the batch: with it in a discriminator, penalties on input gradients see the gradient of the summed scores,
    not each example's own.

    Args:
        kernels: Int B, numbers that are added to an example's features. Default: 100.
        kernel_size: Int C, in how many dimensions each compares examples. Default: 5.
        include_self: Bool, whether j = i is in the sum: True as in the paper, False as in the authors' code. Default: True.
        use_bias: Bool, whether a learned bias, which starts at -1, is added to o, as in the authors' code. Default: False.
        kernel_initializer: Initializer of T. Default: normal, standard deviation 0.05.

    Shapes:
        Input `(batch, features)`, output `(batch, features + kernels)`. Under `tf.distribute` a batch is that of one replica.

    Raises:
        ValueError: if an argument is out of range, or the input is not a matrix.

    Example:

    ```python
    features = keras.random.normal((16, 64))
    y = keras_gans.layers.MinibatchDiscrimination(kernels=10)(features)
    print(y.shape)  # (16, 74); ten numbers about the batch stand beside the features
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498; the authors' code
        (openai/improved-gan) with `include_self=False, use_bias=True`.

    Differences: the code also normalizes the columns of T, with learned scales that start from the first batch.
    """

    def __init__(self, kernels=100, kernel_size=5, include_self=True, use_bias=False, kernel_initializer=None, **kwargs):
        check_bools(include_self=include_self, use_bias=use_bias)
        super().__init__(**kwargs)
        check_ints(1, kernels=kernels, kernel_size=kernel_size)
        self.kernels = kernels
        self.kernel_size = kernel_size
        self.include_self = include_self
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer) or keras.initializers.RandomNormal(0.0, 0.05)

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(
                f"MinibatchDiscrimination takes (batch, features). Received: input shape {tuple(input_shape)}. "
                "Flatten or pool the features first."
            )
        shape = (input_shape[-1], self.kernels * self.kernel_size)
        self.kernel = self.add_weight(shape=shape, initializer=self.kernel_initializer, autocast=False, name="kernel")
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.kernels,), initializer=keras.initializers.Constant(-1.0), autocast=False, name="bias"
            )

    def call(self, inputs):
        projected = tf.matmul(tf.cast(inputs, tf.float32), keras.ops.cast(self.kernel, "float32"))
        projected = tf.reshape(tf.transpose(projected), (self.kernels, self.kernel_size, -1))  # pairs last: twice as fast
        distances = tf.reduce_sum(tf.abs(projected[..., :, None] - projected[..., None, :]), axis=1)
        closeness = tf.transpose(tf.reduce_sum(tf.exp(-distances), axis=-1))
        if not self.include_self:
            closeness -= 1.0
        if self.use_bias:
            closeness += self.bias.value
        return tf.concat([inputs, tf.cast(closeness, inputs.dtype)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + self.kernels)
