"""Colors as lightness and two opponent axes: CIE L*a*b*, scaled to [-1, 1]."""

import tensorflow as tf

# Linear sRGB to XYZ, IEC 61966-2-1; the white of D65 is what it makes of (1, 1, 1).
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_DELTA = 6 / 29


def rgb_to_lab(images):
    """Lightness and colors of images: (L / 50 - 1, (a, b) / 110), as pix2pix has them.

        L = 116 f(Y / Yn) - 16,  a = 500 (f(X / Xn) - f(Y / Yn)),  b = 200 (f(Y / Yn) - f(Z / Zn))
        f(t) = t^(1/3) above (6/29)^3, else t / (3 (6/29)^2) + 4/29

    Args:
        images: Floats `(..., 3)`, sRGB in [-1, 1].

    Returns:
        Float32 tensors `(..., 1)` in [-1, 1], and `(..., 2)`, which lie in (-1, 1) for all colors of sRGB.

    Raises:
        ValueError: if the images do not have three channels.

    Example:

    ```python
    lightness, colors = keras_gans.data.rgb_to_lab(np.ones((1, 4, 4, 3)))  # white: 1, and 0, 0
    ```

    Reference:
        CIE 015:2018, Colorimetry; IEC 61966-2-1 (sRGB, white of D65).
    """
    images = tf.cast(images, tf.float32)
    if images.shape.rank is None or images.shape[-1:] != (3,):
        raise ValueError(f"`images` must have three channels, RGB. Received: shape {images.shape}.")
    values = (images + 1) / 2
    linear = tf.where(values <= 0.04045, values / 12.92, ((tf.maximum(values, 0.04045) + 0.055) / 1.055) ** 2.4)
    matrix = tf.constant(_TO_XYZ)
    t = tf.linalg.matmul(linear, matrix / tf.reduce_sum(matrix, axis=1, keepdims=True), transpose_b=True)
    f = tf.where(t > _DELTA**3, tf.maximum(t, _DELTA**3) ** (1 / 3), t / (3 * _DELTA**2) + 4 / 29)
    x, y, z = tf.split(f, 3, axis=-1)
    return (116 * y - 16) / 50 - 1, tf.concat([500 * (x - y), 200 * (y - z)], axis=-1) / 110


def lab_to_rgb(lightness, colors):
    """Images of lightness and colors: the inverse of `rgb_to_lab`. What sRGB does not have is clipped.

    Args:
        lightness: Floats `(..., 1)` in [-1, 1].
        colors: Floats `(..., 2)` in [-1, 1].

    Returns:
        Float32 tensor `(..., 3)`, sRGB in [-1, 1].

    Example:

    ```python
    gray = keras_gans.data.lab_to_rgb(np.zeros((1, 4, 4, 1)), np.zeros((1, 4, 4, 2)))
    ```
    """
    y = ((tf.cast(lightness, tf.float32) + 1) * 50 + 16) / 116
    a, b = tf.split(tf.cast(colors, tf.float32) * 110, 2, axis=-1)
    f = tf.concat([y + a / 500, y, y - b / 200], axis=-1)
    t = tf.where(f > _DELTA, f**3, 3 * _DELTA**2 * (f - 4 / 29))
    matrix = tf.constant(_TO_XYZ)
    inverse = tf.linalg.inv(matrix / tf.reduce_sum(matrix, axis=1, keepdims=True))
    linear = tf.clip_by_value(tf.linalg.matmul(t, inverse, transpose_b=True), 0, 1)
    values = tf.where(linear <= 0.0031308, linear * 12.92, 1.055 * tf.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)
    return 2 * values - 1
