"""Peak signal-to-noise ratio."""

import numbers

import tensorflow as tf

from keras_gans.metrics.paired_metric import PairedMetric


class PSNR(PairedMetric):
    """How close generated images are to their targets, in dB: higher is better. For paired data only.

    PSNR = 10 log10(255^2 / MSE)        in pixels of 0..255, at most `cap`; the mean over images

    The mean over images is not the PSNR of the mean error. Super-resolution papers report `channel="y", border=4` for a scale
    of 4, on images that are rounded to 0..255. On the Y channel, of range 16 to 235, the peak is 255 nevertheless: with
    full-range Y, or its own peak, PSNR would be 1.3219 dB lower.

    Args:
        channel: "rgb", all channels as they are, gray ones too; or "y", the studio-range brightness of RGB images.
            Default: "rgb".
        border: Int, pixels cut off at each side before comparing. Default: 0.
        quantize: Bool, whether pixels are rounded to 0..255 first. Default: True.
        cap: Float > 0, in dB: the value of equal images, and the maximum of any pair, because one infinite value would hide all
            others. `math.inf` for none. Default: 100.
        name: String. Default: "psnr".

    Shapes:
        Images `(batch, height, width, channels)` in [-1, 1], real and generated alike.

    Raises:
        ValueError: if an argument is out of range; in `update_state` if images do not come in pairs of equal shapes, are not
            RGB for channel="y", or are not larger than what is cut off.

    Example:

    ```python
    high_resolution = keras.random.uniform((4, 32, 32, 3), -1, 1)
    metric = keras_gans.metrics.PSNR(channel="y", border=4)
    metric.update_state(high_resolution, high_resolution)
    print(float(metric.result()))  # 100.0; the images are equal
    ```

    Reference:
        Ledig et al., Photo-Realistic Single Image Super-Resolution Using a GAN (2017), arXiv:1609.04802; equals
        `tf.image.psnr`.

    Differences: Y is not rounded, as MATLAB's `rgb2ycbcr` rounds it for uint8 images.
    """

    settings = (*PairedMetric.settings, "cap")

    def __init__(self, channel="rgb", border=0, quantize=True, cap=100.0, name="psnr"):
        super().__init__(channel, border, quantize, name)
        if not isinstance(cap, numbers.Real) or isinstance(cap, bool) or not cap > 0:
            raise ValueError(f"`cap` must be positive, in dB. Received: cap={cap!r}")
        self.cap = cap

    def measure(self, real, generated):
        return tf.minimum(tf.image.psnr(real, generated, max_val=255.0), self.cap)
