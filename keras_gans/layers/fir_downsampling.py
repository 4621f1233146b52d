"""Halving a map with a low-pass filter."""

from keras_gans.layers.fir_resampling import FIRResampling


class FIRDownSampling2D(FIRResampling):
    """Halves height and width: a low-pass filter (finite impulse response), then every other pixel.

    y[i, j] = ((f f^T) * x)[2 i, 2 j],    f = kernel / sum(kernel)

    0 0 8 8  along one axis:  1 6 (what lies outside is 0)

    The filter removes frequencies that the smaller map cannot show, which strided convolutions fold into others (aliasing).

    Args:
        kernel: Tuple of floats, two or more, the filter of one axis. Default: (1, 3, 3, 1).

    Shapes:
        Input `(batch, height, width, channels)`, of known, even sizes; output `(batch, height / 2, width / 2, channels)`.

    Raises:
        ValueError: if `kernel` is not such a tuple, or its sum is 0; if the input is not such a map.

    Example:

    ```python
    row = tf.reshape([0.0, 0.0, 8.0, 8.0], (1, 1, 4, 1))
    rows = tf.repeat(row, 6, axis=1)
    print(keras_gans.layers.FIRDownSampling2D()(rows)[0, 1, :, 0].numpy())  # [1. 6.]
    ```

    Reference:
        Karras et al., Analyzing and Improving the Image Quality of StyleGAN (2020), arXiv:1912.04958; padded as `downsample2d` of
        NVlabs/stylegan2-ada-pytorch (torch_utils/ops/upfirdn2d.py).
    """

    up = False
