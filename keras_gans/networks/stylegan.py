"""The networks of StyleGAN: latents become styles, one for each layer of a synthesis network; they grow as Progressive GAN's.

The generator is one network; `mapping_of` and `synthesis_of` are its halves.

Reference:
    Karras, Laine, Aila, A Style-Based Generator Architecture for Generative Adversarial Networks (2018), arXiv:1812.04948;
    matches the authors' code (NVlabs/stylegan, `training/networks_stylegan.py`).
"""

import functools

import keras
from keras import layers
from keras import ops

from keras_gans.layers import AdaptiveInstanceNormalization
from keras_gans.layers import Bias
from keras_gans.layers import Blur
from keras_gans.layers import ConstantInput
from keras_gans.layers import MinibatchStdDev
from keras_gans.layers import NoiseInjection
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.equalized import conv
from keras_gans.networks.blocks.equalized import dense
from keras_gans.networks.blocks.equalized import linear_conv
from keras_gans.networks.blocks.equalized import linear_dense
from keras_gans.networks.blocks.growing import discriminator_at
from keras_gans.networks.blocks.growing import discriminator_of_sizes
from keras_gans.networks.blocks.growing import fades
from keras_gans.networks.blocks.growing import generator_at
from keras_gans.networks.blocks.growing import images_at_sizes
from keras_gans.networks.blocks.growing import sizes_of
from keras_gans.networks.blocks.growing import width
from keras_gans.networks.blocks.styles import mapping_alone
from keras_gans.networks.blocks.styles import mapping_of
from keras_gans.networks.blocks.styles import synthesis_of
from keras_gans.networks.blocks.styles import truncated_styles
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints

__all__ = [
    "discriminator",
    "discriminator_at",
    "fades",
    "generator",
    "generator_at",
    "mapping",
    "mapping_of",
    "synthesis",
    "synthesis_of",
]


@channels_last
def generator(
    image_shape=(1024, 1024, 3),
    latents=512,
    base_filters=8192,
    max_filters=512,
    classes=None,
    growing=True,
    mapping_layers=8,
    style_width=512,
    noise=True,
    truncation_cutoff=8,
    average_decay=0.995,
):
    """The generator: `mapping`, a layer `keras_gans.layers.StyleTruncation`, and `synthesis`, in one network.

    The layer, "styles", gives each layer of the synthesis w. For the first ones the input `truncation` draws w towards its
    average; where that is 1, as in training, w stays as it is.

    Args:
        image_shape: Tuple (size, size, channels), size a power of two, 4 or more. Default: (1024, 1024, 3).
        latents: Int, width of the latents. Default: 512.
        base_filters: Int; a map of size r has min(2 base_filters / r, max_filters) filters. Default: 8192.
        max_filters: Int. Default: 512.
        classes: Int for a conditional generator, which gets weights over the classes beside the latents. Default: None.
        growing: Bool, whether the network makes images of each size. Default: True.
        mapping_layers: Int, layers of the mapping; 0: styles are the normalized latents. Default: 8.
        style_width: Int, the width of w, where there is a mapping. Default: 512.
        noise: Bool, whether each layer gets noise. Default: True.
        truncation_cutoff: Int, how many layers are truncated, from the first; None for all. Default: 8, those of maps to 32x32.
        average_decay: Float, of the average of w. Default: 0.995.

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, `condition` `(batch, classes)` if there are classes, and `truncation`
        `(batch, 1)`, to a dict of `images` `(batch, *image_shape)`, and `images_4`, `images_8`, ... of each smaller size, which
        fade as those of `networks.progan.generator`; without `growing`, to images of the full size alone. 26,219,627 parameters
        with the defaults, 26,212,019 without `growing`.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    small = {"base_filters": 64, "max_filters": 8, "mapping_layers": 2, "style_width": 8}
    generator = keras_gans.networks.stylegan.generator((16, 16, 3), latents=8, **small)
    images = generator([keras.random.normal((2, 8)), tf.ones((2, 1))])
    print({name: tuple(each.shape[1:3]) for name, each in images.items()})
    # {'images_4': (4, 4), 'images_8': (8, 8), 'images': (16, 16)}
    ```

    Differences: in inference, each layer's noise is one map, saved with it, for all images; see
    `keras_gans.layers.NoiseInjection`.
    """
    check_bools(growing=growing, noise=noise)
    sizes = sizes_of("StyleGAN", image_shape, base_filters, max_filters)
    mapped = mapping(latents, classes, mapping_layers, style_width)
    inputs, styles = truncated_styles(mapped, 2 * len(sizes), truncation_cutoff, average_decay)
    images = _images(styles, image_shape, base_filters, max_filters, growing, noise)
    return keras.Model(inputs, images, name="stylegan_generator")


def mapping(latents=512, classes=None, mapping_layers=8, style_width=512):
    """The mapping alone: normalized latents through dense layers with LeakyReLU 0.2, which learn a hundred times slower.

    Args:
        latents, classes, mapping_layers, style_width: As in `generator`.

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, and `condition` `(batch, classes)` if there are classes, to w
        `(batch, style_width)`. 2,101,248 parameters with the defaults.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    mapping = keras_gans.networks.stylegan.mapping(latents=8, mapping_layers=2, style_width=16)
    print(mapping.output_shape)  # (None, 16)
    ```
    """
    return mapping_alone("stylegan_mapping", latents, classes, mapping_layers, style_width)


@channels_last
def synthesis(image_shape=(1024, 1024, 3), style_width=512, base_filters=8192, max_filters=512, growing=True, noise=True):
    """The synthesis alone: a trained constant of 4x4; nearest upsampling, two 3x3 convolutions and a blur for each size above.

    Each of its 2 log2(size) - 2 layers, the constant and the convolutions, has noise, a bias, LeakyReLU 0.2, and instance
    normalization with the layer's style. The blur follows the first convolution of a size. A linear 1x1 convolution makes images
    of the map of a size, without tanh.

    Args:
        image_shape, style_width, base_filters, max_filters, growing, noise: As in `generator`.

    Returns:
        `keras.Model`, `styles` `(batch, layers, style_width)` to images, as `generator`. 24,118,379 parameters with the defaults.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    synthesis = keras_gans.networks.stylegan.synthesis((16, 16, 3), style_width=8, base_filters=64, max_filters=8)
    print(synthesis.input_shape, synthesis.output["images"].shape)  # (None, 6, 8) (None, 16, 16, 3)
    ```
    """
    check_bools(growing=growing, noise=noise)
    sizes = sizes_of("StyleGAN", image_shape, base_filters, max_filters)
    check_ints(1, style_width=style_width)
    styles = keras.Input((2 * len(sizes), style_width), name="styles")
    images = _images(styles, image_shape, base_filters, max_filters, growing, noise)
    return keras.Model(styles, images, name="stylegan_synthesis")


def _images(styles, image_shape, base_filters, max_filters, growing, noise):
    """The images of styles, of each size in a dict, or of the full one alone."""
    sizes, channels = sizes_of("StyleGAN", image_shape, base_filters, max_filters), image_shape[-1]
    style_of = iter(ops.unstack(styles, axis=1))

    def styled(x, name):
        x = NoiseInjection(name=f"noise_{name}")(x) if noise else x
        x = layers.LeakyReLU(0.2, name=f"act_{name}")(Bias(name=f"bias_{name}")(x))
        return AdaptiveInstanceNormalization(name=f"style_{name}")([x, next(style_of)])

    maps = {}
    for size in sizes:
        filters = width(size, base_filters, max_filters)
        if size == 4:
            x = ConstantInput((4, 4, filters), name="constant")(styles)
        else:
            x = _conv(filters, f"conv_{size}_1")(layers.UpSampling2D(2, name=f"up_{size}")(x))
            x = Blur(name=f"blur_{size}")(x)
        x = styled(x, f"{size}_1")
        x = maps[size] = styled(_conv(filters, f"conv_{size}_2")(x), f"{size}_2")
    return images_at_sizes(maps, channels) if growing else linear_conv(channels, f"to_rgb_{sizes[-1]}", "float32")(x)


def _conv(filters, name):
    """A 3x3 convolution whose bias and activation come later."""
    return conv(filters, 3, name, activation=None, use_bias=False)


@channels_last
def discriminator(image_shape=(1024, 1024, 3), base_filters=8192, max_filters=512, classes=None, growing=True, group_size=4):
    """The discriminator: that of Progressive GAN, with a blur before each second convolution of a size.

    All layers have an equalized learning rate, and LeakyReLU 0.2 but for the last. A 1x1 convolution makes the first map of
    images. Averages over squares of 2x2 precede LeakyReLU. The map of 4x4 gets the deviation of a group of images, a 3x3
    convolution and two dense layers. With classes, the last has a score for each, of which the condition chooses.

    Args:
        image_shape, base_filters, max_filters: As in `generator`.
        classes: Int for a discriminator that is told the class. Default: None.
        growing: Bool, whether the network judges images of each size. Default: True.
        group_size: Int, images of a group; None for the whole batch. Default: 4.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)`, and `condition` `(batch, classes)` if there are classes, to a dict of
        `scores` `(batch, 1)`, and `scores_4`, `scores_8`, ..., as that of `networks.progan.discriminator`; without `growing`, to
        scores alone. 23,087,249 parameters with the defaults, 23,077,137 without `growing`.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.stylegan.discriminator((16, 16, 3), base_filters=64, max_filters=8)
    scores = discriminator(keras.random.uniform((4, 16, 16, 3), -1, 1))
    print(sorted(scores))  # ['scores', 'scores_4', 'scores_8']
    ```
    """
    check_bools(growing=growing)
    sizes = sizes_of("StyleGAN", image_shape, base_filters, max_filters)
    condition = ends.condition_input(classes)
    filters = {size: width(size, base_filters, max_filters) for size in (2, *sizes)}
    make_head = functools.partial(_head, filters, classes, group_size)
    return discriminator_of_sizes("stylegan_discriminator", image_shape, filters, _block, make_head, growing, condition)


def _block(size, filters, filters_below):
    """From the map of a size to that of half the size."""
    inputs = keras.Input((size, size, filters))
    x = Blur(name="blur")(conv(filters, 3, "conv_1")(inputs))
    x = layers.AveragePooling2D(2, name="average")(conv(filters_below, 3, "conv_2", activation=None)(x))
    return keras.Model(inputs, layers.LeakyReLU(0.2, name="act")(x), name=f"block_{size}")


def _head(filters, classes, group_size):
    """From the map of 4x4, and weights over the classes, if there are any, to scores."""
    inputs, condition = keras.Input((4, 4, filters[4])), ends.condition_input(classes)
    x = conv(filters[4], 3, "conv")(MinibatchStdDev(group_size, name="deviation")(inputs))
    features = dense(filters[2], "features")(layers.Flatten(name="flat")(x))
    scores = linear_dense(classes or 1, "scores", "float32")(features)
    if condition is not None:
        scores = layers.Dot(axes=1, dtype="float32", name="of_class")([scores, condition])
    return keras.Model(ends.present(inputs, condition), scores, name="head")
