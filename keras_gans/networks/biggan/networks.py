"""The networks of BigGAN: residual blocks, class-conditional in every block, with latents that enter at every block.

Where paper, released weights and codes contradict each other, the counts that the paper publishes decide (70.4M and 88.0M at
128x128): the stem sees only the first chunk of the latents; the discriminator's first block makes `channels` of the image,
without a convolution before it; a block that halves the size has a 1x1 convolution in its shortcut even where the channels stay;
gains are 1 + Wg c. The condition is [z_k, y] as in the released modules, epsilons are the paper's.

Reference:
    Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; at
    64x64 and 32x32 ajbrock/BigGAN-PyTorch.
"""

from typing import NamedTuple

import keras
from keras import layers

from keras_gans.layers import ClassEmbedding
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.class_norm import class_norm
from keras_gans.networks.blocks.kernels import Kernels
from keras_gans.networks.blocks.residual import down_blocks
from keras_gans.networks.blocks.residual import up_blocks
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import fresh
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive


class _Published(NamedTuple):
    """What is published for images of one size. Widths of blocks are in multiples of `channels`."""

    generator_widths: tuple
    discriminator_widths: tuple
    halvings: int
    latents: int
    generator_attention: int | None = None
    discriminator_attention: int | None = None
    channels: int = 96
    tricks: bool = True  # hierarchical latents and a shared embedding
    norm_epsilon: float = 1e-4
    spectral_epsilon: float = 1e-4
    initializer: object = "orthogonal"


_SIZES = {
    32: _Published((4, 4, 4), (4, 4, 4, 4), 2, 128, None, None, 64, False, 1e-5, 1e-8, small_normal()),
    64: _Published((16, 8, 4, 2), (1, 2, 4, 8, 16), 4, 125, norm_epsilon=1e-5, spectral_epsilon=1e-6),
    128: _Published((16, 8, 4, 2, 1), (1, 2, 4, 8, 16, 16), 5, 120, 64, 64),
    256: _Published((16, 8, 8, 4, 2, 1), (1, 2, 4, 8, 8, 16, 16), 6, 140, 128, 64),
    512: _Published((16, 8, 8, 4, 2, 1, 1), (1, 1, 2, 4, 8, 8, 16, 16), 7, 128, 64, 64),
}


@channels_last
def generator(
    image_shape=(128, 128, 3),
    latents=None,
    classes=None,
    channels=None,
    hierarchical=None,
    shared_embedding=None,
    attention="auto",
    embedding_dim=128,
    class_first=False,
    norm_epsilon=None,
    spectral_epsilon=None,
    kernel_initializer=None,
    kernel_regularizer=None,
):
    """The generator: a 4x4 stem, residual blocks that double the size, self-attention, tanh. Spectral norms on all kernels.

    Hierarchical latents are cut into chunks of equal length: the first is the input of the stem, chunk k + 1 and the embedding of
    the class, [z, y], condition both batch normalizations of block k, as 1 + Wg c and Wb c. Without hierarchical latents, all of
    them enter the stem, and the embedding alone conditions. Without a shared embedding, the weights over the classes take its
    place; with neither, each normalization has tables of classes of its own, without spectral norms, as 1 + G[y] and B[y].
    The last normalization has no condition.

    Arguments that are None are as published for the size of the images: for 128, 256 and 512 by the paper, for 64 and 32 by
    BigGAN-PyTorch. That for 32x32 (CIFAR-10) has neither hierarchical latents nor a shared embedding nor attention.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 32, 64, 128, 256, 512. Default: (128, 128, 3).
        latents: Int, width of the latents. As published: 128, 125, 120, 140, 128, for the sizes in order (160 at 512 in the
            paper's table, 128 in the released weights).
        classes: Int for a conditional generator, whose second input is weights over the classes. Default: none.
        channels: Int, the unit of all widths; the last block has as many, or twice as many at 64, four times at 32. As
            published: 96, and 64 at 32.
        hierarchical: Bool, whether every block gets a chunk of the latents. As published: True, False at 32.
        shared_embedding: Bool, whether one embedding of the class serves all normalizations. As published: True, False at 32.
        attention: Int, the size of the map after which self-attention stands, or None for none. Default: as published, 64 at 128
            and 512, 128 at 256, none at 32 and 64.
        embedding_dim: Int, width of the shared embedding. Default: 128.
        class_first: Bool, whether the condition is [y, z], as in BigGAN-PyTorch, and not [z, y]. Default: False.
        norm_epsilon: Float, of batch normalization. As published: 1e-4, and 1e-5 at 32 and 64.
        spectral_epsilon: Float, of spectral normalization. As published: 1e-4, 1e-6 at 64, 1e-8 at 32.
        kernel_initializer: Initializer of kernels and tables. As published: "orthogonal", at 32 normal with standard deviation
            0.02.
        kernel_regularizer: Regularizer of all kernels, those of the maps to gains and biases too; the paper's is
            `keras_gans.regularizers.Orthogonal()`. Tables, and gain and bias of the last normalization, have none. Default: none.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and condition `(batch, classes)`) to images `(batch, *image_shape)` in
        (-1, 1). With 1000 classes 70,433,988 parameters at 128, 82,097,604 at 256, 82,296,804 at 512; with 10 classes 4,304,387
        at 32. Its layers have names: `embedding`, `stem`, `block_1` ... with `_norm_1`, `_conv_1`, `_norm_2`, `_conv_2`,
        `_shortcut`, `attention`, `norm`, `to_rgb`.

    Raises:
        ValueError: for any other size, or if an argument is out of range, or the latents cannot be cut into equal chunks.

    Example:

    ```python
    generator = keras_gans.networks.biggan.generator((32, 32, 1), classes=10, channels=4, hierarchical=True, attention=16)
    print(generator.output_shape)  # (None, 32, 32, 1)
    ```
    """
    ends.check_paper_size("BigGAN", image_shape, _SIZES)
    published = _SIZES[image_shape[0]]
    latents = published.latents if latents is None else latents
    channels = published.channels if channels is None else channels
    hierarchical = published.tricks if hierarchical is None else hierarchical
    shared_embedding = published.tricks if shared_embedding is None else shared_embedding
    check_bools(hierarchical=hierarchical, shared_embedding=shared_embedding, class_first=class_first)
    attention = published.generator_attention if attention == "auto" else attention
    widths = published.generator_widths
    _check_generator(latents, channels, embedding_dim, hierarchical, len(widths) + 1)
    ends.check_attention(attention, [8 * 2**k for k in range(len(widths))])
    kernels = _kernels(published, kernel_initializer, kernel_regularizer, spectral_epsilon)
    norm_epsilon = published.norm_epsilon if norm_epsilon is None else norm_epsilon
    check_positive(norm_epsilon=norm_epsilon)
    statistics = {"momentum": 0.9, "epsilon": norm_epsilon, "synchronized": True}

    z, y = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    first, *chunks = keras.ops.split(z, len(widths) + 1, axis=1) if hierarchical else [z, *(None for _ in widths)]
    embedded = y
    if y is not None and shared_embedding:
        embedded = ClassEmbedding(classes, embedding_dim, fresh(kernels.initializer), name="embedding")(y)

    def norm_of(chunk):
        """The batch normalization of the block that gets this chunk of the latents, or none."""
        if chunk is None and embedded is y:
            tables = {f"{which}_initializer": fresh(kernels.initializer) for which in ("gamma", "beta")}
            return class_norm(y, statistics, residual_gain=True, **tables)
        parts = [part for part in (chunk, embedded) if part is not None]
        condition = layers.Concatenate()(parts[::-1] if class_first else parts) if len(parts) > 1 else parts[0]
        return lambda x, name: kernels.conditional_norm(name, **statistics)([x, condition])

    x = ends.stem(first, 4, widths[0] * channels, kernels)
    x = up_blocks(x, [width * channels for width in widths], map(norm_of, chunks), kernels, attention)
    x = layers.ReLU()(layers.BatchNormalization(**statistics, name="norm")(x))
    images = ends.tanh_images(kernels.conv(image_shape[-1], 3, "to_rgb")(x))
    return keras.Model(ends.present(z, y), images, name="biggan_generator")


@channels_last
def discriminator(
    image_shape=(128, 128, 3),
    classes=None,
    channels=None,
    attention="auto",
    spectral_epsilon=None,
    kernel_initializer=None,
    kernel_regularizer=None,
):
    """The discriminator: residual blocks, self-attention, sum over positions, projection of the class.

    Spectral norms on all kernels and on the embedding of the projection. All blocks but the last halve the size; at 32x32 only
    the first two of four do.

    Args:
        image_shape: Tuple (size, size, image channels), size one of 32, 64, 128, 256, 512. Default: (128, 128, 3).
        classes: Int for a conditional discriminator, whose second input is weights over the classes. Default: none.
        channels: Int, the unit of all widths; the first block has as many, four times as many at 32. As published: 96, and 64 at
            32.
        attention: Int, the size of the map after which self-attention stands, or None for none. Default: as published, 64 at
            128, 256 and 512, none at 32 and 64.
        spectral_epsilon, kernel_initializer, kernel_regularizer: As in `generator`.

    Returns:
        `keras.Model`, images (and condition `(batch, classes)`) to scores `(batch, 1)`. With 1000 classes 87,982,370 parameters
        at 128, 99,225,890 at 256, 99,401,282 at 512; with 10 classes 4,207,361 at 32. Its layers have names as in the generator;
        `features` are the sums over positions.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.biggan.discriminator((32, 32, 1), classes=10, channels=4)
    print(discriminator.output_shape)  # (None, 1)
    ```
    """
    ends.check_paper_size("BigGAN", image_shape, _SIZES)
    size, published = image_shape[0], _SIZES[image_shape[0]]
    channels = published.channels if channels is None else channels
    check_ints(1, channels=channels)
    attention = published.discriminator_attention if attention == "auto" else attention
    ends.check_attention(attention, [size // 2 ** (k + 1) for k in range(published.halvings)])
    kernels = _kernels(published, kernel_initializer, kernel_regularizer, spectral_epsilon)
    images, y = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    widths = [width * channels for width in published.discriminator_widths]
    x = down_blocks(images, widths, published.halvings, kernels, attention)
    return keras.Model(ends.present(images, y), ends.projection_scores(x, y, kernels), name="biggan_discriminator")


def _kernels(published, initializer, regularizer, epsilon):
    epsilon = published.spectral_epsilon if epsilon is None else epsilon
    check_positive(spectral_epsilon=epsilon)
    initializer = published.initializer if initializer is None else initializer
    return Kernels(initializer, None, regularizer, {"epsilon": epsilon, "update": "step"})


def _check_generator(latents, channels, embedding_dim, hierarchical, chunks):
    check_ints(1, latents=latents, channels=channels, embedding_dim=embedding_dim)
    if hierarchical and latents % chunks:
        near = max(1, latents // chunks) * chunks
        raise ValueError(
            f"Hierarchical latents are cut into {chunks} equal chunks, one for the stem and one a block. Received: "
            f"latents={latents!r}. Use a multiple of {chunks}, such as {near}, or hierarchical=False."
        )
