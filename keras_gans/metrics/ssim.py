"""Structural similarity of image pairs."""

import numpy as np
import tensorflow as tf

from keras_gans.metrics.paired_metric import PairedMetric

_WINDOW = 11
_SIGMA = 1.5
_C1 = (0.01 * 255.0) ** 2
_C2 = (0.03 * 255.0) ** 2


class SSIM(PairedMetric):
    """The structural similarity of generated images and their targets: 1 for equal images. For paired data only.

    SSIM = mean of (2 m_x m_y + C1) (2 s_xy + C2) / ((m_x^2 + m_y^2 + C1) (s_x^2 + s_y^2 + C2)),    C1 = 2.55^2, C2 = 7.65^2

    over all places of an 11x11 Gaussian window (sigma 1.5) that lie in the image, with means m, variances s^2 and covariance
    s_xy in the window, of pixels in 0..255; then over channels, and over images.

    Args:
        channel: "rgb", all channels as they are, gray ones too; or "y", the studio-range brightness of RGB images.
            Default: "rgb".
        border: Int, pixels cut off at each side before comparing. Default: 0.
        quantize: Bool, whether pixels are rounded to 0..255 first. Default: True.
        name: String. Default: "ssim".

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1], real and generated alike; 11 pixels or more without the border.

    Raises:
        ValueError: if an argument is out of range; in `update_state` if images do not come in pairs of equal shapes, are not
            RGB for channel="y", or are smaller than the window without the border.

    Example:

    ```python
    metric = keras_gans.metrics.SSIM()
    metric.update_state(images, images)
    print(f"{float(metric.result()):.3f}")  # 1.000; the images are equal
    ```

    Reference:
        Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity (2004); equals `tf.image.ssim`
        with max_val=255 to about three digits: that computes in float32, where bright and flat places lose the others.

    Differences: computed in float64. Images are compared in 0..255, not in [-1, 1], where SSIM is another number: it is not
    invariant to shifts. scikit-image's default, a uniform 7x7 window, differs as well.
    """

    def __init__(self, channel="rgb", border=0, quantize=True, name="ssim"):
        super().__init__(channel, border, quantize, name)

    def prepare(self, images):
        pixels = super().prepare(images)
        if min(pixels.shape[1:3]) < _WINDOW:
            raise ValueError(
                f"SSIM needs images of {_WINDOW} x {_WINDOW} pixels or more, without the border. "
                f"Received: shape {tuple(pixels.shape)}."
            )
        return pixels

    def measure(self, real, generated):
        x, y = tf.cast(real, tf.float64), tf.cast(generated, tf.float64)
        mean_x, mean_y = window_mean(x), window_mean(y)
        product, squares = mean_x * mean_y, mean_x**2 + mean_y**2
        covariance, variances = window_mean(x * y) - product, window_mean(x**2 + y**2) - squares
        similarity = (2.0 * product + _C1) * (2.0 * covariance + _C2) / ((squares + _C1) * (variances + _C2))
        return tf.reduce_mean(similarity, axis=(1, 2, 3))


def window_mean(images):
    """The mean in the Gaussian window, where all of it lies in the image: down, then across."""
    taps = np.exp(-0.5 * ((np.arange(_WINDOW) - _WINDOW // 2) / _SIGMA) ** 2)
    taps = np.tile((taps / taps.sum())[:, None, None], (1, images.shape[-1], 1))
    for kernel in (taps[:, None], taps[None]):
        images = tf.nn.depthwise_conv2d(images, tf.constant(kernel), (1, 1, 1, 1), "VALID")
    return images
