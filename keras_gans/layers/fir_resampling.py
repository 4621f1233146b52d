"""The base of layers that double or halve a map with a low-pass filter: the released operation "upfirdn2d"."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_finite_numbers


class FIRResampling(Serializable, keras.layers.Layer):
    """The base of layers that resample images by a factor of 2 with a finite impulse response filter, along each axis.

    Args:
        kernel: Tuple of floats, the filter of one axis; it is divided by its sum.

    Class attributes:
        up: Bool, whether the layer doubles; else it halves.
    """

    up = None

    def __init__(self, kernel=(1, 3, 3, 1), **kwargs):
        super().__init__(**kwargs)
        if not isinstance(kernel, (tuple, list)) or len(kernel) < 2:
            raise ValueError(
                f"`kernel` must be a tuple of two numbers or more, such as (1, 3, 3, 1). Received: kernel={kernel!r}"
            )
        check_finite_numbers(**{f"kernel[{k}]": tap for k, tap in enumerate(kernel)})
        if sum(kernel) == 0:
            raise ValueError(f"`kernel` is divided by its sum, which must not be 0. Received: kernel={kernel!r}")
        self.kernel = tuple(kernel)
        gain = 2.0 if self.up else 1.0  # along each axis: half of the samples that the filter sees are zeros
        # A convolution: its filter goes backwards.
        self.taps = [float(gain * tap / sum(kernel)) for tap in reversed(kernel)]
        self.before = (len(kernel) + 1) // 2 if self.up else (len(kernel) - 1) // 2

    def build(self, input_shape):
        sizes = tuple(input_shape[1:3])
        if len(input_shape) != 4 or None in sizes or (not self.up and any(size % 2 for size in sizes)):
            raise ValueError(
                f"{type(self).__name__} takes (batch, height, width, channels), of known sizes"
                f"{'' if self.up else ' that are even'}. Received: input shape {tuple(input_shape)}."
            )

    def call(self, inputs, training=False):
        # A SavedModel cannot keep these custom gradients, so an export has none.
        return (resampled_with_gradient if training else resampled)(inputs, self.up, self.taps, self.before)

    def compute_output_shape(self, input_shape):
        batch, *sizes, channels = input_shape
        return (batch, *(2 * size if self.up else size // 2 for size in sizes), channels)


def resampled(x, up, taps, before):
    """A map, doubled or halved along both axes.

    up:    y[j] = sum over t of taps[t] z[j + t - before],    z[2 i] = x[i], other z = 0
    down:  y[i] = sum over t of taps[t] x[2 i + t - before]

    with zeros outside.

    Args:
        x: Tensor `(batch, height, width, channels)`.
        up: Bool, whether to double.
        taps: List of floats.
        before: Int, how many samples the filter sees before the first one.
    """
    for axis in (1, 2):
        x = (_doubled if up else _halved)(x, taps, before, axis)
    return x


def resampled_with_gradient(x, up, taps, before):
    """As `resampled`, with an explicit gradient: that of doubling is halving with the reversed filter, and vice versa.

    It takes a tenth of the time of TensorFlow's gradients of slices. (Convolutions by channel are faster yet, but a hundred times
    slower where XLA compiles them for a CPU.)
    """

    @tf.custom_gradient
    def compute(x):
        def gradient(upstream):
            return resampled_with_gradient(upstream, not up, taps[::-1], len(taps) - 1 - before)

        return resampled(x, up, taps, before), gradient

    return compute(x)


def _doubled(x, taps, before, axis):
    size = x.shape[axis]
    outside = padded(x, before // 2, max(0, (len(taps) - before) // 2), axis)
    phases = []
    for odd in (0, 1):
        offsets = {(odd + t - before) // 2: tap for t, tap in enumerate(taps) if (odd + t - before) % 2 == 0}
        phases.append(weighted_sum((tap, part(outside, before // 2 + at, size, axis)) for at, tap in offsets.items()))
    return _with_axes(tf.stack(phases, axis=axis + 1), axis, [2 * size], 2)


def _halved(x, taps, before, axis):
    size, length = x.shape[axis], len(taps) + len(taps) % 2
    pairs = (size + length - 2) // 2
    outside = padded(x, before, length - 2 - before, axis)
    phases = tf.unstack(_with_axes(outside, axis, [pairs, 2], 1), axis=axis + 1)
    return weighted_sum((tap, part(phases[t % 2], t // 2, size // 2, axis)) for t, tap in enumerate(taps))


def padded(x, before, after, axis):
    """A map with zeros before and after it, along an axis."""
    return tf.pad(x, [[before, after] if k == axis else [0, 0] for k in range(len(x.shape))])


def part(x, start, size, axis):
    """`count` pixels of a map from a given one on, along an axis."""
    return x[(slice(None),) * axis + (slice(start, start + size),)]


def weighted_sum(pairs):
    """The sum of pairs of a number and a map."""
    return tf.add_n([tap * x for tap, x in pairs])


def _with_axes(x, axis, sizes, count):
    """Reshaped: `count` axes from `axis` on give way to those of `sizes`."""
    return tf.reshape(x, [-1, *x.shape[1:axis], *sizes, *x.shape[axis + count :]])
