"""The networks of CycleGAN: a residual generator from image to image, and the PatchGAN with instance normalization.

Reference:
    Zhu, Park, Isola, Efros, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017),
    arXiv:1703.10593, appendix; layers, padding and initial weights of the authors' code (junyanz/CycleGAN and
    junyanz/pytorch-CycleGAN-and-pix2pix). The generator is that of Johnson et al. (2016), arXiv:1603.08155.
"""

import keras

from keras_gans.layers import ReflectionPadding2D
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.image_norm import image_norm
from keras_gans.networks.blocks.patch import check_patches
from keras_gans.networks.blocks.patch import patch_scores
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


@channels_last
def generator(image_shape=(256, 256, 3), source_channels=3, filters=64, blocks=None, affine=False):
    """The residual generator: 7x7, two 3x3 convolutions that halve the size, residual blocks, two that double it, 7x7, tanh.

    Instance normalization and ReLU follow each convolution but the last. A block is x + norm(conv(ReLU(norm(conv(x))))): there is
    no ReLU after the sum. The 7x7 convolutions and those of the blocks are padded by reflection.

    Args:
        image_shape: Tuple (height, width, channels) of the images that are made; height and width multiples of 4, 8 or more.
            Default: (256, 256, 3).
        source_channels: Int, channels of the source, which has the same size. Default: 3.
        filters: Int, channels of the first map; the blocks have four times as many. Default: 64.
        blocks: Int, number of residual blocks. Default: 9 where height and width are 256 or more, 6 for smaller images.
        affine: Bool, whether the normalizations have a gain and a bias, as in the authors' Torch code. Default: False, as in
            their PyTorch code.

    Returns:
        `keras.Model`, source `(batch, height, width, source_channels)` to images `(batch, *image_shape)` in (-1, 1). 11,378,179
        parameters with 9 blocks (11,388,675 with `affine=True`), 7,837,699 with 6.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.cyclegan.generator((32, 32, 3), filters=8, blocks=2)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```

    Differences: early versions of the paper print half the widths; `filters=32` has them. The released code takes images of other
    sizes, and makes larger ones of them.
    """
    check_bools(affine=affine)
    ends.check_image_shape(image_shape)
    if any(size % 4 or size < 8 for size in image_shape[:2]):
        raise ValueError(
            "CycleGAN's generator halves images twice and doubles them twice: height and width are multiples of 4, from 8 on. "
            f"Received: image_shape={image_shape!r}. Resize or crop the images."
        )
    blocks = (9 if min(image_shape[:2]) >= 256 else 6) if blocks is None else blocks
    check_ints(1, source_channels=source_channels, filters=filters)
    check_ints(0, blocks=blocks)
    norm = image_norm("instance", affine)
    source = keras.Input((*image_shape[:2], source_channels), name="source")
    x = _norm_relu(_reflected(source, filters, 7, "stem"), norm, "stem_norm")
    for k in (1, 2):
        x = _norm_relu(_down(x, 2**k * filters, f"down_{k}"), norm, f"down_{k}_norm")
    for k in range(1, blocks + 1):
        x = _block(x, norm, f"block_{k}")
    for k in (1, 2):
        x = _norm_relu(_up(x, 4 * filters // 2**k, f"up_{k}"), norm, f"up_{k}_norm")
    images = ends.tanh_images(_reflected(x, image_shape[-1], 7, "to_rgb"))
    return keras.Model(source, images, name="cyclegan_generator")


@channels_last
def discriminator(image_shape=(256, 256, 3), layers=3, filters=64, affine=False):
    """The PatchGAN of pix2pix without a source, with instance normalization, and biases in every convolution.

    See `networks.pix2pix.discriminator` for patches and maps of other numbers of layers.

    Args:
        image_shape: Tuple (height, width, channels). Default: (256, 256, 3).
        layers: Int, convolutions of stride 2. Default: 3, for patches of 70x70.
        filters: Int, channels of the first map; each after it has twice as many, 8 times `filters` at most. Default: 64.
        affine: Bool, as in `generator`. Default: False.

    Returns:
        `keras.Model`, images to a map of scores `(batch, rows, columns, 1)`: 30x30 for images of 256. 2,764,737 parameters with
        the defaults.

    Raises:
        ValueError: if an argument is out of range, or the images are too small for so many layers.

    Example:

    ```python
    discriminator = keras_gans.networks.cyclegan.discriminator((32, 32, 3), layers=2, filters=8)
    print(discriminator.output_shape)  # (None, 6, 6, 1)
    ```
    """
    check_bools(affine=affine)
    check_patches(image_shape, layers)
    check_ints(1, filters=filters)
    images = keras.Input(image_shape, name="images")
    scores = patch_scores(images, layers, filters, image_norm("instance", affine), use_bias=True)
    return keras.Model(images, scores, name="cyclegan_discriminator")


def _block(x, norm, name):
    h = _norm_relu(_reflected(x, x.shape[-1], 3, f"{name}_conv_1"), norm, f"{name}_norm_1")
    h = norm(_reflected(h, x.shape[-1], 3, f"{name}_conv_2"), f"{name}_norm_2")
    return keras.layers.Add(name=name)([x, h])


def _norm_relu(x, norm, name):
    return keras.layers.ReLU()(norm(x, name))


def _reflected(x, filters, size, name):
    x = ReflectionPadding2D(size // 2, name=f"{name}_pad")(x)
    return keras.layers.Conv2D(filters, size, kernel_initializer=small_normal(), name=name)(x)


def _down(x, filters, name):
    # Padded here: "same" would pad the far sides only, and shift the maps.
    x = keras.layers.ZeroPadding2D(1)(x)
    return keras.layers.Conv2D(filters, 3, 2, "valid", kernel_initializer=small_normal(), name=name)(x)


def _up(x, filters, name):
    # Of the 2n + 1 rows the last 2n, as in Torch; "same" would keep the first.
    x = keras.layers.Conv2DTranspose(filters, 3, 2, "valid", kernel_initializer=small_normal(), name=name)(x)
    return keras.layers.Cropping2D(((1, 0), (1, 0)))(x)
