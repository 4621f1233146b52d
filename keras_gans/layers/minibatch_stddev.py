"""The standard deviation over a group of examples, as a feature."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int


class MinibatchStdDev(Serializable, keras.layers.Layer):
    """Adds feature maps that measure how much the examples of a group differ, so that a discriminator sees a collapsed generator.

    In each group of examples, sqrt(variance + 1e-8) of every feature at every position, averaged over positions and over each of
    `features` equal parts of the channels: so many numbers a group, spread over maps beside the input's channels. A batch of n
    is split into ceil(n / group_size) groups, example i into group i modulo their number, so sizes differ by one at most.
    The layer computes in float32 under every precision policy.

    Args:
        group_size: Int, size of a group; that of the batch where it is smaller. None for the whole batch. Default: 4.
        features: Int, maps that are added; divides the number of channels. Default: 1.

    Shapes:
        Input `(batch, ..., channels)`, output `(batch, ..., channels + features)`. Under `tf.distribute` a batch is that of
        one replica.

    Raises:
        ValueError: if an argument is out of range, or `features` does not divide the number of channels.

    Example:

    ```python
    x = keras.random.normal((8, 4, 4, 16))
    y = keras_gans.layers.MinibatchStdDev(group_size=4)(x)
    print(y.shape)  # (8, 4, 4, 17); the last map holds the deviation
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196; the authors' code
        (tkarras/progressive_growing_of_gans: groups of 4, of 16 to reproduce the paper, and in the first release, in Theano, the
        whole batch), and NVlabs/stylegan2 for `features`.

    Differences: the code wants batches that `group_size` divides, or smaller ones.
    """

    def __init__(self, group_size=4, features=1, **kwargs):
        super().__init__(**kwargs)
        check_ints(1, features=features)
        if group_size is not None and (not is_int(group_size) or group_size < 1):
            raise ValueError(
                f"`group_size` must be an int >= 1, or None for the whole batch. Received: group_size={group_size!r}"
            )
        self.group_size = group_size
        self.features = features

    def build(self, input_shape):
        channels = input_shape[-1]
        if channels is None or channels % self.features:
            raise ValueError(
                f"`features` must divide the number of channels. Received: features={self.features!r}, {channels} channels"
            )

    def call(self, inputs):
        x, axes = tf.cast(inputs, tf.float32), list(range(1, len(inputs.shape) - 1))
        deviation = _group_deviation(x, self.group_size)
        chunks = tf.split(tf.reduce_mean(deviation, axis=axes, keepdims=True), self.features, axis=-1)
        values = tf.concat([tf.reduce_mean(chunk, axis=-1, keepdims=True) for chunk in chunks], axis=-1)
        maps = values * tf.ones_like(x[..., :1])
        return tf.concat([inputs, tf.cast(maps, inputs.dtype)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + self.features)


def _group_deviation(x, group_size):
    """For each example, the deviation of its group in every feature. Shaped as `x`."""
    batch = tf.shape(x)[0]
    groups = 1 if group_size is None else tf.maximum(-(-batch // group_size), 1)
    # Means as products with a matrix, which need no padding where groups have different sizes.
    group = tf.range(batch) % groups
    same = tf.cast(group[:, None] == group, x.dtype)
    share = same / tf.reduce_sum(same, axis=1, keepdims=True)
    mean = tf.tensordot(share, x, 1)
    return tf.sqrt(tf.tensordot(share, tf.square(x - mean), 1) + 1e-8)
