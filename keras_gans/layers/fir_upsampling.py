"""Doubling a map with a low-pass filter."""

from keras_gans.layers.fir_resampling import FIRResampling


class FIRUpSampling2D(FIRResampling):
    """Doubles height and width: zeros between the pixels, then a low-pass filter (finite impulse response) with gain 4.

    y = 4 (f f^T) * z,    z[2 i, 2 j] = x[i, j], other z = 0,    f = kernel / sum(kernel)

    0 4  along one axis:  0 1 3 3 (what lies outside is 0)

    The filter suppresses the copies of the spectrum that nearest upsampling and transposed convolutions leave, the checkerboard.
    (1, 3, 3, 1) is linear interpolation between the centres of pixels.

    Args:
        kernel: Tuple of floats, two or more, the filter of one axis. Default: (1, 3, 3, 1).

    Shapes:
        Input `(batch, height, width, channels)`, of known sizes; output `(batch, 2 height, 2 width, channels)`.

    Raises:
        ValueError: if `kernel` is not such a tuple, or its sum is 0; if the input is not such a map.

    Example:

    ```python
    row = tf.reshape([0.0, 4.0], (1, 1, 2, 1))
    rows = tf.repeat(row, 3, axis=1)
    print(keras_gans.layers.FIRUpSampling2D()(rows)[0, 2, :, 0].numpy())  # [0. 1. 3. 3.]
    ```

    Reference:
        Karras et al., Analyzing and Improving the Image Quality of StyleGAN (2020), arXiv:1912.04958; padded as `upsample2d` of
        NVlabs/stylegan2-ada-pytorch (torch_utils/ops/upfirdn2d.py).
    """

    up = True
