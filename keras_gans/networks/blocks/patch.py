"""The discriminator of pix2pix and CycleGAN: a convolutional network each of whose scores sees one patch of the image."""

from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


def patch_scores(x, halvings, filters, norm, use_bias):
    """A map of scores, float32. Layers are called "conv_1" and so on, and "scores".

    4x4 convolutions with one row of zeros at each side: `halvings` of stride 2, one of stride 1, and one of stride 1 to one
    channel; LeakyReLU 0.2 between them. With no halvings all three are 1x1.

    Args:
        x: Images, or pairs of images joined on the channels, which `check_patches` has seen.
        halvings: Int.
        filters: Int, channels of the first map; each after it has twice as many, 8 times `filters` at most.
        norm: Callable, a map and a name to the normalized map, for all maps but the first and the scores.
        use_bias: Bool, whether convolutions before a normalization have a bias. The first and the last have.
    """
    size = 4 if halvings else 1

    def conv(x, width, strides, name, use_bias=True, dtype=None):
        # Padded here: "same" would pad the convolutions of stride 1 by one and two, and keep the size.
        x = layers.ZeroPadding2D(1)(x) if halvings else x
        kernel = {"use_bias": use_bias, "kernel_initializer": small_normal()}
        return layers.Conv2D(width, size, strides, "valid", **kernel, dtype=dtype, name=name)(x)

    x = layers.LeakyReLU(0.2)(conv(x, filters, 2 if halvings else 1, "conv_1"))
    hidden = max(1, halvings)
    for k in range(1, hidden + 1):
        x = conv(x, filters * min(2**k, 8), 2 if k < hidden else 1, f"conv_{k + 1}", use_bias)
        x = layers.LeakyReLU(0.2)(norm(x, f"norm_{k + 1}"))
    return conv(x, 1, 1, "scores", dtype="float32")


def check_patches(image_shape, halvings):
    """Raises unless images of `image_shape` leave a map of scores after so many halvings, called `layers` in public."""
    ends.check_image_shape(image_shape)
    check_ints(0, layers=halvings)
    smallest = min(image_shape[:2])
    # Each convolution of stride 1 takes one position away, of the three that must be left.
    most = max(0, (smallest // 3).bit_length() - 1)
    if halvings > most:
        raise ValueError(
            f"Images of size {smallest} can be halved at most {most} times by a PatchGAN, whose last two convolutions need 3x3 "
            f"positions. Received: layers={halvings}, image_shape={image_shape!r}. Pass layers={most} or larger images."
        )
