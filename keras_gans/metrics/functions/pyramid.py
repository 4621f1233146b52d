"""The Laplacian pyramid: an image as the detail at each resolution."""

import tensorflow as tf

_BINOMIAL = (1.0, 4.0, 6.0, 4.0, 1.0)


def binomial_pyramid(images, levels):
    """The detail that each level has beyond the next one, which is half its size; last, the low-pass image that is left.

    level_i = g_i - up(g_(i+1)),   g_0 = images, g_(i+1) = down(g_i),   the last level = g_last

    Args:
        images: Float tensor `(batch, height, width, channels)`.
        levels: Int >= 1.

    Returns:
        List of tensors, from the finest to the coarsest. Odd sizes are halved upwards.

    Reference:
        Karras et al., Progressive Growing of GANs (2018), arXiv:1710.10196; matches tkarras/progressive_growing_of_gans.
    """
    pyramid = [images]
    for _ in range(levels - 1):
        pyramid.append(binomial_down(pyramid[-1]))
        pyramid[-2] -= binomial_up(pyramid[-1], pyramid[-2].shape[1:3])
    return pyramid


def binomial_down(images):
    """Blurs images by the 5x5 binomial filter, and takes every second pixel, the first one included."""
    return _blur(images)[:, ::2, ::2]


def binomial_up(images, size):
    """Enlarges images to `size`, height and width, of twice theirs or one less: zeros in between, and a blur that fills them."""
    batch, (height, width, channels) = tf.shape(images)[0], images.shape[1:]
    spread = tf.pad(images[:, :, None, :, None], [[0, 0], [0, 0], [0, 1], [0, 0], [0, 1], [0, 0]])
    spread = tf.reshape(spread, (batch, 2 * height, 2 * width, channels))[:, : size[0], : size[1]]
    return 4.0 * _blur(spread)


def _blur(images):
    # Sums of shifted images: in a graph, oneDNN's convolution gives a batch without images a wrong shape.
    for axis in (1, 2):
        # At the border images are mirrored, their edge not repeated. (`tf.pad` would refuse a batch without images.)
        last = images.shape[axis] - 1
        padded = tf.gather(images, last - tf.abs(last - tf.abs(tf.range(-2, last + 3))), axis=axis)
        shifted = [padded[:, tap : tap + last + 1] if axis == 1 else padded[:, :, tap : tap + last + 1] for tap in range(5)]
        images = tf.add_n([weight / 16.0 * part for weight, part in zip(_BINOMIAL, shifted, strict=True)])
    return images
