"""The residual networks of SNGAN, unconditional, and class-conditional with the projection discriminator.

Reference:
    Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018), arXiv:1802.05957; Miyato, Koyama, cGANs with
    Projection Discriminator (2018), arXiv:1802.05637; layers and initializers of the authors' code (pfnet-research/
    sngan_projection), which upsamples before the first convolution of a block and sums, not averages, over positions.
"""

from typing import NamedTuple

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.class_norm import class_norm
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.networks.blocks.residual import down_block
from keras_gans.networks.blocks.residual import up_blocks
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import doubled_glorot
from keras_gans.utils.integers import check_ints


class Sizes(NamedTuple):
    """The networks for images of one size. Widths of blocks are in multiples of `channels`."""

    stem: int
    generator_widths: tuple
    discriminator_widths: tuple
    halvings: int
    generator_channels: int = 64
    discriminator_channels: int = 64


# The first of `generator_widths` is that of the stem.
SIZES = {
    32: Sizes(4, (1, 1, 1, 1), (1, 1, 1, 1), 2, 256, 128),
    48: Sizes(6, (8, 4, 2, 1), (1, 2, 4, 8, 16), 4),
    64: Sizes(4, (16, 8, 4, 2, 1), (1, 2, 4, 8, 16), 4),
    128: Sizes(4, (16, 16, 8, 4, 2, 1), (1, 2, 4, 8, 16, 16), 5),
}


@channels_last
def generator(image_shape=(32, 32, 3), latents=128, classes=None, channels=None):
    """The generator: a dense stem, residual blocks that double the size, batch normalization, tanh. No spectral norms.

    With classes, both batch normalizations of each block have a gain and a bias for each class, from 1 and 0.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 32, 48, 64, 128. Default: (32, 32, 3).
        latents: Int, width of the latents. Default: 128.
        classes: Int for a conditional generator, whose second input is weights over the classes. Default: none.
        channels: Int, channels of the last block; those before it have as many at 32, else up to 16 times as many. Default: 256
            at 32, 64 at the other sizes.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and condition `(batch, classes)`) to images `(batch, *image_shape)` in
        (-1, 1). 4,276,739 parameters at 32, 4,878,083 at 48, 12,220,675 at 64, 32,150,787 at 128; with 10 classes 4,304,387 at
        32, with 1000 classes 41,996,931 at 128.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.sngan.generator((32, 32, 3), classes=10, channels=16)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```
    """
    ends.check_paper_size("SNGAN", image_shape, SIZES)
    sizes = SIZES[image_shape[0]]
    channels = sizes.generator_channels if channels is None else channels
    check_ints(1, latents=latents, channels=channels)
    kernels = _kernels()
    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    first, *widths = sizes.generator_widths
    x = ends.stem(z, sizes.stem, first * channels, kernels)
    x = up_blocks(x, [width * channels for width in widths], [class_norm(y, _STATISTICS)] * len(widths), kernels)
    x = layers.ReLU()(layers.BatchNormalization(**_STATISTICS, name="norm")(x))
    images = ends.tanh_images(kernels.conv(image_shape[-1], 3, "to_rgb")(x))
    return keras.Model(ends.present(z, y), images, name="sngan_generator")


@channels_last
def discriminator(image_shape=(32, 32, 3), classes=None, channels=None, conditioning="projection", embedding_dim=128):
    """The discriminator: residual blocks, sum over positions, a dense layer; spectral norms on all kernels. No normalization.

    The first convolution of a block keeps the channels of its input. With classes and "projection", the score has <V y, phi>
    added, phi the sums over positions; with "concat", an embedding of the class is repeated over the positions and joined to the
    map after the third block. Both tables have spectral norms.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 32, 48, 64, 128. Default: (32, 32, 3).
        classes: Int for a conditional discriminator, whose second input is weights over the classes. Default: none.
        channels: Int, channels of the first block; those after it have as many at 32, else up to 16 times as many. Default: 128
            at 32, 64 at the other sizes.
        conditioning: "projection" or "concat". Default: "projection".
        embedding_dim: Int, width of the embedding of "concat". Default: 128.

    Returns:
        `keras.Model`, images (and condition `(batch, classes)`) to scores `(batch, 1)`. 1,053,825 parameters at 32, 10,141,441
        at 48 and 64, 29,017,857 at 128; with 10 classes 1,055,105 at 32, with 1000 classes 30,041,857 at 128, 30,538,625 with
        "concat".

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.sngan.discriminator((32, 32, 3), classes=10, channels=16)
    print(discriminator.output_shape)  # (None, 1)
    ```

    Differences: the last dense layer has a bias at 32 too, which the authors' code for CIFAR-10 does not.
    """
    ends.check_paper_size("SNGAN", image_shape, SIZES)
    if conditioning not in ("projection", "concat"):
        raise ValueError(f'`conditioning` must be "projection" or "concat". Received: conditioning={conditioning!r}')
    sizes = SIZES[image_shape[0]]
    channels = sizes.discriminator_channels if channels is None else channels
    check_ints(1, channels=channels, embedding_dim=embedding_dim)
    kernels = _kernels({"update": "step"})
    images, y = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    projects = conditioning == "projection"
    x = images
    for k, width in enumerate(sizes.discriminator_widths):
        hidden = x.shape[-1] if k else width * channels
        x = down_block(x, width * channels, kernels, f"block_{k + 1}", hidden, k < sizes.halvings, first=k == 0)
        if k == 2 and y is not None and not projects:
            embedded = layers.Reshape((1, 1, embedding_dim))(kernels.embedding(classes, embedding_dim, "embedding")(y))
            x = layers.Concatenate()([x, layers.UpSampling2D(x.shape[1:3])(embedded)])
    scores = ends.projection_scores(x, y if projects else None, kernels)
    return keras.Model(ends.present(images, y), scores, name="sngan_discriminator")


_STATISTICS = {"momentum": 0.9, "epsilon": 2e-5}


def _kernels(spectral_normalization=False):
    return Kernels("glorot_uniform", doubled_glorot(), spectral_normalization=spectral_normalization)
