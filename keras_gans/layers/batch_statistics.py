"""The base of the library's batch normalizations: moving statistics, perhaps some for each truncation."""

import keras
import tensorflow as tf
from keras import ops

from keras_gans.utils.choices import check_bools
from keras_gans.utils.choices import check_choice
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.numbers import check_unit_interval

_INTERPOLATIONS = ("linear", "package")


class BatchStatistics(keras.layers.BatchNormalization):
    """Base of batch normalizations, without gain and bias, which subclasses add.

    It is a `keras.layers.BatchNormalization`, so that code which looks for these finds it. With `truncation_statistics` n, the
    moving statistics have n rows, row k those of latents truncated to k / (n - 1).
    """

    def __init__(self, momentum, epsilon, synchronized, truncation_statistics, interpolation, **kwargs):
        check_bools(synchronized=synchronized)
        check_unit_interval(momentum=momentum)
        check_positive(epsilon=epsilon)
        if truncation_statistics is not None:
            check_ints(2, truncation_statistics=truncation_statistics)
        check_choice(_INTERPOLATIONS, interpolation=interpolation)
        # Without autocast: a truncation in half precision would be another one.
        super().__init__(
            momentum=momentum, epsilon=epsilon, synchronized=synchronized, center=False, scale=False, autocast=False, **kwargs
        )
        self.truncation_statistics = truncation_statistics
        self.interpolation = interpolation

    def build_statistics(self, channels):
        """Makes the moving mean and variance."""
        rows = () if self.truncation_statistics is None else (self.truncation_statistics,)
        for name, initializer in {"moving_mean": "zeros", "moving_variance": "ones"}.items():
            weight = self.add_weight(shape=(*rows, channels), initializer=initializer, trainable=False, autocast=False, name=name)
            setattr(self, name, weight)

    def normalized(self, x, truncation, training):
        """x minus the mean, divided by the standard deviation, in float32 or what is wider.

        Args:
            x: Tensor `(batch, ..., channels)`.
            truncation: Tensor `(batch, 1)`; None where there is one row of statistics.
            training: Bool: the batch's own statistics, which the moving ones then follow, or the moving ones.
        """
        x = ops.cast(x, keras.backend.result_type(x.dtype, self.compute_dtype, "float32"))
        if training and self.trainable:
            mean, variance = ops.moments(x, axes=list(range(len(x.shape) - 1)), synchronized=self.synchronized)
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance)
        elif truncation is None:
            mean, variance = self.moving_mean.value, self.moving_variance.value
        else:
            low, high, share = self._rows_of(truncation)
            tables = [ops.cast(moving.value, x.dtype) for moving in (self.moving_mean, self.moving_variance)]
            share = ops.cast(share, x.dtype)
            mean, variance = (
                along(x, (1 - share) * ops.take(rows, low, axis=0) + share * ops.take(rows, high, axis=0)) for rows in tables
            )
        return (x - ops.cast(mean, x.dtype)) * ops.rsqrt(ops.cast(variance, x.dtype) + self.epsilon)

    def _follow(self, moving, of_batch):
        """Moves an average; if it has rows, the last one, for untruncated latents."""
        of_batch = ops.cast(of_batch, moving.dtype)
        value = moving.value
        if self.truncation_statistics is None:
            moving.assign(value * self.momentum + of_batch * (1.0 - self.momentum))
        else:
            last = value[-1] * self.momentum + of_batch * (1.0 - self.momentum)
            moving.assign(ops.concatenate([value[:-1], last[None]], axis=0))

    def rows_about(self, truncation):
        """The numbers of the rows that a truncation is normalized by, a list of one or two ints; None stands for the last."""
        if truncation is None:
            return [self.truncation_statistics - 1]
        low, high, share = self._rows_of(tf.constant([[truncation]], tf.float32))
        return [int(low[0])] if share[0, 0] == 0 else [int(low[0]), int(high[0])]

    def _rows_of(self, truncation):
        """Numbers of the rows about a truncation, `(batch,)`, and the share of the second, `(batch, 1)` float32."""
        last = self.truncation_statistics - 1
        # The decimal that the float32 number stands for, to six digits, in float64: 0.14, which float32 does not have.
        decimal = tf.round(tf.cast(truncation, tf.float64) * 1e6) / 1e6
        position = tf.clip_by_value(tf.reshape(decimal, (-1, 1)) / (1.0 / last), 0.0, float(last))
        low = tf.floor(position)
        share = position - low
        if self.interpolation == "package":
            share = tf.where(share > 0, 1 - share, share)
        low = tf.cast(low[:, 0], tf.int32)
        return low, tf.minimum(low + 1, last), tf.cast(share, tf.float32)


def along(x, rows):
    """Rows `(batch, channels)` with axes of length 1 for those of x in between, in the type of x."""
    return ops.cast(ops.reshape(rows, (-1, *([1] * (len(x.shape) - 2)), rows.shape[-1])), x.dtype)
