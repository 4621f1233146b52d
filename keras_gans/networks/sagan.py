"""The networks of SAGAN: SNGAN's class-conditional residual networks, spectrally normalized throughout, with self-attention.

Reference:
    Zhang et al., Self-Attention Generative Adversarial Networks (2018), arXiv:1805.08318; matches the authors' code
    (brain-research/self-attention-gan), whose images are 128x128. At 32, 48 and 64, SNGAN's networks of that size are treated
    alike.
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.class_norm import class_norm
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.networks.blocks.residual import down_blocks
from keras_gans.networks.blocks.residual import up_blocks
from keras_gans.networks.sngan import SIZES
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints


@channels_last
def generator(image_shape=(128, 128, 3), latents=128, classes=None, channels=None, attention="auto"):
    """The generator: a dense stem, residual blocks that double the size, self-attention, tanh. Spectral norms on all kernels.

    With classes, both batch normalizations of each block have a gain and a bias for each class, from 1 and 0.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 32, 48, 64, 128. Default: (128, 128, 3).
        latents: Int, width of the latents. Default: 128.
        classes: Int for a conditional generator, whose second input is weights over the classes. Default: none.
        channels: Int, channels of the last block; those before it have as many at 32, else up to 16 times as many. Default: 256
            at 32, 64 at the other sizes.
        attention: Int, the size of the map after which self-attention stands, or None for none. Default: a quarter of the size
            of the images, as published: 32 at 128.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and condition `(batch, classes)`) to images `(batch, *image_shape)` in
        (-1, 1). With 1000 classes at 128 42,078,852 parameters, 42,017,412 with `attention=64`, 41,996,931 without.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.sagan.generator((32, 32, 3), classes=10, channels=16)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```
    """
    ends.check_paper_size("SAGAN", image_shape, SIZES)
    size, sizes = image_shape[0], SIZES[image_shape[0]]
    channels = sizes.generator_channels if channels is None else channels
    check_ints(1, latents=latents, channels=channels)
    first, *widths = sizes.generator_widths
    attention = size // 4 if attention == "auto" else attention
    ends.check_attention(attention, [sizes.stem * 2 ** (k + 1) for k in range(len(widths))])
    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    norms = [class_norm(y, {"momentum": 0.999, "epsilon": 1e-5})] * len(widths)
    x = ends.stem(z, sizes.stem, first * channels, _KERNELS)
    x = up_blocks(x, [width * channels for width in widths], norms, _KERNELS, attention)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9999, epsilon=1e-5, name="norm")(x))
    images = ends.tanh_images(_KERNELS.conv(image_shape[-1], 3, "to_rgb")(x))
    return keras.Model(ends.present(z, y), images, name="sagan_generator")


@channels_last
def discriminator(image_shape=(128, 128, 3), classes=None, channels=None, attention="auto"):
    """The discriminator: residual blocks, self-attention, sum over positions, projection of the class.

    Spectral norms on all kernels and on the embedding of the projection. Both convolutions of a block have the channels of its
    output, where SNGAN's first one has those of its input.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 32, 48, 64, 128. Default: (128, 128, 3).
        classes: Int for a conditional discriminator, whose second input is weights over the classes. Default: none.
        channels: Int, channels of the first block; those after it have as many at 32, else up to 16 times as many. Default: 128
            at 32, 64 at the other sizes.
        attention: As in `generator`; after the first block whose map has that size.

    Returns:
        `keras.Model`, images (and condition `(batch, classes)`) to scores `(batch, 1)`. With 1000 classes at 128 39,463,618
        parameters, 39,448,258 with `attention=64`, 39,443,137 without.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.sagan.discriminator((32, 32, 3), classes=10, channels=16)
    print(discriminator.output_shape)  # (None, 1)
    ```
    """
    ends.check_paper_size("SAGAN", image_shape, SIZES)
    size, sizes = image_shape[0], SIZES[image_shape[0]]
    channels = sizes.discriminator_channels if channels is None else channels
    check_ints(1, channels=channels)
    attention = size // 4 if attention == "auto" else attention
    ends.check_attention(attention, [size // 2 ** (k + 1) for k in range(sizes.halvings)])
    images, y = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    widths = [width * channels for width in sizes.discriminator_widths]
    x = down_blocks(images, widths, sizes.halvings, _KERNELS, attention)
    return keras.Model(ends.present(images, y), ends.projection_scores(x, y, _KERNELS), name="sagan_discriminator")


_KERNELS = Kernels("glorot_uniform", spectral_normalization={"epsilon": 1e-12, "update": "step"})
