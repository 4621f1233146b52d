"""A low-pass filter, before a map is halved or after it was doubled."""

import math

import keras
import tensorflow as tf

from keras_gans.layers.fir_resampling import padded
from keras_gans.layers.fir_resampling import part
from keras_gans.layers.fir_resampling import weighted_sum
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.numbers import check_positive


class Blur(Serializable, keras.layers.Layer):
    """Convolves each channel with a fixed kernel whose sum is 1, so that resizing leaves no steps between pixels.

    K = taps^T taps / sum(taps)^2,    zeros outside the map

    With the taps 1, 2, 1, nearest upsampling by 2 and then this layer is what StyleGAN2's code does with the taps 1, 3, 3, 1
    and zeros between pixels; this layer and then averages of 2x2 is its way down.

    Args:
        taps: Tuple of numbers, the kernel in one direction, up to a factor. Default: (1, 2, 1).
        padding: Pair of ints, zeros before and after the map in both directions. Default: as many as keep the size.
        gain: Number, what the kernel sums to: 4 where three of four pixels are zeros in between. Default: 1.

    Shapes:
        Maps `(batch, height, width, channels)`. The output has the same shape without `padding`; an even number of taps has then
        one more to the right of a pixel, and below it, than before it.

    Raises:
        ValueError: if `taps` are not numbers, or their sum is 0.

    Example:

    ```python
    row = tf.reshape([0.0, 4.0, 8.0], (1, 1, 3, 1))
    print(np.ravel(keras_gans.layers.Blur()(row)).tolist())  # [0.5, 2.0, 2.5]; half of the kernel lies outside of a single row
    ```

    Reference:
        Zhang, Making Convolutional Networks Shift-Invariant Again (2019), arXiv:1904.11486; Karras, Laine, Aila, A Style-Based
        Generator Architecture for GANs (2018), arXiv:1812.04948; matches NVlabs/stylegan (`blur2d`).
    """

    def __init__(self, taps=(1, 2, 1), padding=None, gain=1, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(taps, (tuple, list)) or not taps:
            raise ValueError(f"`taps` must be a tuple of numbers. Received: taps={taps!r}")
        check_finite_numbers(**{f"taps[{k}]": tap for k, tap in enumerate(taps)})
        if sum(taps) == 0:
            raise ValueError(f"`taps` must not sum to 0, because they are divided by their sum. Received: taps={taps!r}")
        if padding is not None and (not isinstance(padding, (tuple, list)) or len(padding) != 2):
            raise ValueError(f"`padding` must be a pair of ints, or None. Received: padding={padding!r}")
        for side in padding or ():
            check_ints(0, padding=side)
        check_positive(gain=gain)
        self.taps = tuple(taps)
        self.padding = None if padding is None else tuple(padding)
        self.gain = gain

    def call(self, inputs, training=False):
        gain = math.sqrt(self.gain)
        taps = [float(gain * tap / sum(self.taps)) for tap in self.taps]
        before, after = self.padding or ((len(taps) - 1) // 2, len(taps) // 2)
        # A SavedModel cannot keep these custom gradients, so an export has none.
        said = training and max(before, after) < len(taps)
        return (filtered_with_gradient if said else filtered)(inputs, taps, before, after)

    def compute_output_shape(self, input_shape):
        if self.padding is None:
            return input_shape
        batch, *sides, channels = input_shape
        sides = (None if side is None else side + sum(self.padding) + 1 - len(self.taps) for side in sides)
        return (batch, *sides, channels)


def filtered(x, taps, before, after):
    """A map, filtered along both axes, with zeros outside: y[i] = sum over t of taps[t] x[i + t - before].

    Sums of slices: XLA on a CPU takes a hundred times as long for convolutions by channel, which without it are half as long.
    """
    for axis in (1, 2):
        size = x.shape[axis] if x.shape[axis] is not None else tf.shape(x)[axis]
        outside, length = padded(x, before, after, axis), size + before + after + 1 - len(taps)
        x = weighted_sum((tap, part(outside, start, length, axis)) for start, tap in enumerate(taps))
    return x


def filtered_with_gradient(x, taps, before, after):
    """As `filtered`, with an explicit gradient, a filter with reversed taps, which is faster than the gradient of slices."""

    @tf.custom_gradient
    def compute(x):
        def gradient(upstream):
            return filtered_with_gradient(upstream, taps[::-1], len(taps) - 1 - before, len(taps) - 1 - after)

        return filtered(x, taps, before, after), gradient

    return compute(x)
