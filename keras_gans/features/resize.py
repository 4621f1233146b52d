"""Resizing as the code bases of published figures do it."""

import keras
import tensorflow as tf

METHODS = {
    "tensorflow": "bilinear, top-left aligned, no antialiasing",
    "pytorch": "bilinear, half-pixel, no antialiasing",
    "clean": "bicubic, antialiased, clipped",
}


def resize(images, size, method):
    """Images resized to squares in one of three ways that give different figures. All compile with XLA.

    tensorflow    Bilinear, source = target * scale, no antialiasing: TensorFlow 1, and so the first FID.
    pytorch       Bilinear between centers of pixels, no antialiasing.
    clean         Bicubic (a = -1/2) with antialiasing, clipped to [0, 255]: as Pillow does it on floats.

    Args:
        images: Float32 `(batch, height, width, channels)`, in [0, 255].
        size: Int, height and width of the result.
        method: String, one of these names.

    Raises:
        ValueError: for another method.

    Reference:
        Parmar et al., On Aliased Resizing and Surprising Subtleties in GAN Evaluation (2021), arXiv:2104.11222, matches
        GaParmar/clean-fid (`legacy_tensorflow`, `legacy_pytorch`, `clean`).
    """
    if method not in METHODS:
        raise ValueError(f"Unknown resize method {method!r}. Expected one of {sorted(METHODS)}.")
    if method != "clean":
        half_pixel = method == "pytorch"
        return tf.raw_ops.ResizeBilinear(images=images, size=(size, size), half_pixel_centers=half_pixel)
    return tf.clip_by_value(_bicubic(images, size), 0.0, 255.0)


def _bicubic(images, size):
    batch, height, width, channels = images.shape
    if height is None or width is None:
        return tf.image.resize(images, (size, size), method="bicubic", antialias=True)
    # tf.image.resize does not compile with XLA when it antialiases. This is the same.
    scale = tf.constant([size / height, size / width])
    return keras.ops.image.scale_and_translate(images, (batch, size, size, channels), scale, tf.zeros(2), (1, 2), "cubic")
