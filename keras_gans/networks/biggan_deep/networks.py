"""The deep networks of BigGAN: bottleneck blocks, two for each size, and all of the latents in every normalization.

Reference:
    Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096,
    appendix B; the generators as the released modules have them (huggingface/pytorch-pretrained-BigGAN), the discriminators after
    google/compare_gan and ajbrock/BigGAN-PyTorch.
"""

import itertools

import keras
from keras import layers

from keras_gans.layers import ClassEmbedding
from keras_gans.layers import TruncationBatchNormalization
from keras_gans.networks.blocks import bottleneck
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import fresh
from keras_gans.utils.integers import check_ints

# Size of the image: widths of the blocks, in multiples of `channels`. Every second block of a generator doubles the size, every
# other one of a discriminator, from the first on, halves it.
GENERATOR_WIDTHS = {
    128: (16, 16, 16, 8, 8, 4, 4, 2, 2, 1),
    256: (16, 16, 16, 8, 8, 8, 8, 4, 4, 2, 2, 1),
    512: (16, 16, 16, 8, 8, 8, 8, 4, 4, 2, 2, 1, 1, 1),
}
_DISCRIMINATOR_WIDTHS = {
    128: (2, 2, 4, 4, 8, 8, 16, 16, 16, 16),
    256: (2, 2, 4, 4, 8, 8, 8, 8, 16, 16, 16, 16),
    512: (1, 1, 2, 2, 4, 4, 8, 8, 8, 8, 16, 16, 16, 16),
}


def generator_layers(size):
    """The blocks of the generator of images of a size: (whether it doubles the size, multiple of `channels` in, out) each."""
    widths = GENERATOR_WIDTHS[size]
    return [(bool(k % 2), *pair) for k, pair in enumerate(itertools.pairwise((16, *widths)))]


@channels_last
def generator(
    image_shape=(128, 128, 3),
    latents=128,
    classes=None,
    channels=128,
    attention=64,
    embedding_dim=128,
    rgb_channels=None,
    truncation_statistics=None,
    interpolation="linear",
    epsilon=1e-4,
    kernel_initializer="orthogonal",
    kernel_regularizer=None,
):
    """The generator: a 4x4 stem, two bottleneck blocks for each size, self-attention, tanh. Spectral norms on all kernels.

    The latents and the embedding of the class, joined as [z, y], are the input of the stem and the condition of every batch
    normalization but the last, as 1 + Wg c and Wb c. The embedding has no spectral norm.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 128, 256, 512. Default: (128, 128, 3).
        latents: Int, width of the latents. Default: 128.
        classes: Int for a conditional generator, whose second input is weights over the classes. Default: none.
        channels: Int, channels of the last block; the first have 16 times as many. Default: 128.
        attention: Int, the size of the map after which self-attention stands, or None for none. Default: 64.
        embedding_dim: Int, width of the embedding of the class. Default: 128.
        rgb_channels: Int, filters of the last convolution, of which the first are the image: `channels` in the released weights.
            Default: those of the image.
        truncation_statistics: Int n for n rows of moving statistics (51 in the released weights) and a last input, truncation
            `(batch, 1)`, that chooses among them; see `keras_gans.layers.TruncationBatchNormalization`. Default: none.
        interpolation: "linear" or "package", between these rows. Default: "linear".
        epsilon: Float, of batch normalization and of spectral normalization. Default: 1e-4.
        kernel_initializer: Initializer of kernels and embedding. Default: "orthogonal".
        kernel_regularizer: Regularizer of all kernels, those of the maps to gains and biases too; the paper's is
            `keras_gans.regularizers.Orthogonal()`. The embedding, and gain and bias of the last normalization, have none.
            Default: none.

    Returns:
        `keras.Model`, latents `(batch, latents)` (condition `(batch, classes)`, truncation `(batch, 1)`) to images
        `(batch, *image_shape)` in (-1, 1). 50,244,484 parameters with 1000 classes, 55,736,708 at 256, 56,019,780 at 512; as
        released, with `rgb_channels=128`, 50,388,609, 55,880,833 and 56,163,905.

        Its layers have names: `embedding`, `stem`, `block_1` ... with `_norm_1` to `_norm_4` and `_conv_1` to `_conv_4`,
        `attention`, `norm`, `to_rgb`.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.biggan_deep.generator(classes=10, channels=4, latents=8, embedding_dim=8)
    print(generator.output_shape)  # (None, 128, 128, 3)
    ```
    """
    ends.check_paper_size("BigGAN-deep", image_shape, GENERATOR_WIDTHS)
    check_ints(1, latents=latents, channels=channels, embedding_dim=embedding_dim)
    rgb_channels = image_shape[-1] if rgb_channels is None else rgb_channels
    check_ints(image_shape[-1], rgb_channels=rgb_channels)
    widths = GENERATOR_WIDTHS[image_shape[0]]
    ends.check_attention(attention, [4 * 2 ** ((k + 1) // 2) for k in range(len(widths))])
    kernels = Kernels(kernel_initializer, None, kernel_regularizer, {"epsilon": epsilon, "update": "step"})
    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    truncation = None if truncation_statistics is None else keras.Input((1,), name="truncation")
    statistics = {"momentum": 0.9, "epsilon": epsilon, "synchronized": True}
    if truncation is not None:
        statistics |= {"truncation_statistics": truncation_statistics, "interpolation": interpolation}
    condition = z
    if y is not None:
        embedded = ClassEmbedding(classes, embedding_dim, fresh(kernel_initializer), name="embedding")(y)
        condition = layers.Concatenate()([z, embedded])

    def norm(x, name):
        return kernels.conditional_norm(name, **statistics)([x, condition, *([] if truncation is None else [truncation])])

    x = ends.stem(condition, 4, 16 * channels, kernels)
    for k, width in enumerate(widths):
        up = k % 2 == 1
        x = bottleneck.up_bottleneck(x, width * channels, kernels, norm, f"block_{k + 1}", up)
        if up and x.shape[1] == attention:
            x = kernels.attention()(x)
    if truncation is None:
        x = layers.BatchNormalization(**statistics, name="norm")(x)
    else:
        x = TruncationBatchNormalization(**statistics, name="norm")([x, truncation])
    x = kernels.conv(rgb_channels, 3, "to_rgb")(layers.ReLU()(x))
    images = ends.tanh_images(x[..., : image_shape[-1]] if x.shape[-1] > image_shape[-1] else x)
    return keras.Model(ends.present(z, y, truncation), images, name="biggan_deep_generator")


@channels_last
def discriminator(
    image_shape=(128, 128, 3),
    classes=None,
    channels=128,
    attention=64,
    epsilon=1e-4,
    kernel_initializer="orthogonal",
    kernel_regularizer=None,
):
    """The discriminator: a convolution, two bottleneck blocks for each size, sum over positions, projection of the class.

    Spectral norms on all kernels and on the embedding of the projection.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 128, 256, 512. Default: (128, 128, 3).
        classes: Int for a conditional discriminator, whose second input is weights over the classes. Default: none.
        channels: Int, channels of the first convolution; the last blocks have 16 times as many. Default: 128.
        attention: Int, the size of the map after which self-attention stands, or None for none. Default: 64.
        epsilon: Float, of spectral normalization. Default: 1e-4.
        kernel_initializer: Initializer of kernels and embedding. Default: "orthogonal".
        kernel_regularizer: Regularizer of all kernels. Default: none.

    Returns:
        `keras.Model`, images (and condition `(batch, classes)`) to scores `(batch, 1)`. 34,590,210 parameters with 1000 classes,
        38,247,426 at 256, 38,301,122 at 512. Its layers have names as in the generator, `block_1_shortcut` among them, and
        `features`, the sums over positions.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.biggan_deep.discriminator(classes=10, channels=4)
    print(discriminator.output_shape)  # (None, 1)
    ```
    """
    ends.check_paper_size("BigGAN-deep", image_shape, _DISCRIMINATOR_WIDTHS)
    check_ints(1, channels=channels)
    size, widths = image_shape[0], _DISCRIMINATOR_WIDTHS[image_shape[0]]
    ends.check_attention(attention, [size // 2 ** (k // 2 + 1) for k in range(len(widths))])
    kernels = Kernels(kernel_initializer, None, kernel_regularizer, {"epsilon": epsilon, "update": "step"})
    images, y = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    x = kernels.conv(channels, 3, "stem")(images)
    for k, width in enumerate(widths):
        down = k % 2 == 0
        x = bottleneck.down_bottleneck(x, width * channels, kernels, f"block_{k + 1}", down)
        if not down and x.shape[1] == attention:
            x = kernels.attention()(x)
    return keras.Model(ends.present(images, y), ends.projection_scores(x, y, kernels), name="biggan_deep_discriminator")
