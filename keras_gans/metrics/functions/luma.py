"""The brightness of color images, on which super-resolution is measured."""

import tensorflow as tf


def luma(pixels):
    """The Y of YCbCr in its studio range, 16 (black) to 235 (white), of RGB in 0..255.

    Y = 16 + (65.481 R + 128.553 G + 24.966 B) / 255

    Full-range Y, as `tf.image.rgb_to_yuv` has it, spreads over 0..255: its PSNR reads 20 log10(255 / 219) = 1.3219 dB lower.

    Args:
        pixels: Float tensor `(..., 3)`.

    Returns:
        Float tensor `(..., 1)`. Not rounded.

    Raises:
        ValueError: if there are not 3 channels.

    Reference:
        ITU-R BT.601; equals MATLAB's `rgb2ycbcr` of floats.
    """
    if pixels.shape[-1] != 3:
        raise ValueError(
            f'channel="y" needs images of 3 channels, RGB. Received: {pixels.shape[-1]}, shape {tuple(pixels.shape)}. '
            'Use channel="rgb", which takes channels as they are.'
        )
    weights = tf.constant([65.481, 128.553, 24.966], pixels.dtype) / 255.0
    return 16.0 + tf.reduce_sum(pixels * weights, axis=-1, keepdims=True)
