"""The networks of Progressive GAN, which grow: a generator and a discriminator of 4x4 images, to which larger sizes are added.

One network holds those of all sizes. `generator_at` and `discriminator_at` give that of one, `fades` the layers that blend a size
with the one below.

Reference:
    Karras, Aila, Laine, Lehtinen, Progressive Growing of GANs for Improved Quality, Stability, and Variation (2017),
    arXiv:1710.10196, table 2; matches the authors' code (tkarras/progressive_growing_of_gans, `networks.py`).
"""

import functools

import keras
from keras import layers

from keras_gans.layers import EqualizedLearningRate
from keras_gans.layers import MinibatchStdDev
from keras_gans.layers import PixelNormalization
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.equalized import LEAKY_RELU
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
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints

__all__ = ["discriminator", "discriminator_at", "fades", "generator", "generator_at"]


@channels_last
def generator(image_shape=(1024, 1024, 3), latents=512, base_filters=8192, max_filters=512, classes=None, growing=True):
    """The generator: normalized latents to a map of 4x4; nearest upsampling and two 3x3 convolutions for each size above.

    Each convolution has an equalized learning rate, LeakyReLU 0.2 and pixel normalization. A linear 1x1 convolution makes images
    of the map of a size, without tanh.

    Args:
        image_shape: Tuple (size, size, channels), size a power of two, 4 or more. Default: (1024, 1024, 3).
        latents: Int, width of the latents. Default: 512.
        base_filters: Int; a map of size r has min(2 base_filters / r, max_filters) filters. Default: 8192. 4096 for CIFAR-10.
        max_filters: Int. Default: 512. 128 for CIFAR-10.
        classes: Int for a conditional generator, which gets weights over the classes beside the latents. Default: None.
        growing: Bool, whether the network makes images of each size. Default: True.

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, and `condition` `(batch, classes)` if there are classes, to a dict of
        `images` `(batch, *image_shape)`, and `images_4`, `images_8`, ... of each smaller size:

        images_r = (1 - fade_r) images_(r/2) enlarged + fade_r (images of the map of size r)

        with the weight of the layer "fade_r", 1 at first. Where it is 0 for all sizes above r, `images` are `images_r`, enlarged.
        Without `growing`, to images of the full size, which only one convolution makes. 23,079,115 parameters with the defaults,
        23,071,507 without `growing`; 1,296,908 for 32x32 with 128 latents, 4096 and 128 filters.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.progan.generator((16, 16, 3), latents=8, base_filters=64, max_filters=8)
    images = generator(keras.random.normal((2, 8)))
    print({name: tuple(each.shape[1:3]) for name, each in images.items()})
    # {'images_4': (4, 4), 'images_8': (8, 8), 'images': (16, 16)}
    ```

    Differences: the first layer is dense in the code, a transposed convolution in the paper and here, of the same weights. The
    code has one operation for upsampling and convolution, which computes the same.
    """
    check_bools(growing=growing)
    sizes = sizes_of("Progressive GAN", image_shape, base_filters, max_filters)
    check_ints(1, latents=latents)
    z, condition = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    x = z if condition is None else layers.Concatenate()([z, condition])
    x = layers.Reshape((1, 1, x.shape[-1]))(PixelNormalization(name="latents_norm")(x))
    maps = {}
    for size in sizes:
        filters = width(size, base_filters, max_filters)
        if size == 4:
            stem = layers.Conv2DTranspose(filters, 4, activation=LEAKY_RELU, name="stem")
            x = PixelNormalization(name="stem_norm")(EqualizedLearningRate(stem, name="stem")(x))
            x = PixelNormalization(name="norm_4")(conv(filters, 3, "conv_4")(x))
        else:
            x = layers.UpSampling2D(2, name=f"up_{size}")(x)
            for k in (1, 2):
                x = PixelNormalization(name=f"norm_{size}_{k}")(conv(filters, 3, f"conv_{size}_{k}")(x))
        maps[size] = x
    channels = image_shape[-1]
    images = images_at_sizes(maps, channels) if growing else linear_conv(channels, f"to_rgb_{sizes[-1]}", "float32")(x)
    return keras.Model(ends.present(z, condition), images, name="progan_generator")


@channels_last
def discriminator(image_shape=(1024, 1024, 3), base_filters=8192, max_filters=512, classes=None, growing=True, group_size=4):
    """The discriminator, a mirror of the generator: two 3x3 convolutions for each size, then averages over squares of 2x2.

    All layers have an equalized learning rate, and LeakyReLU 0.2 but for the last. A 1x1 convolution makes the first map of
    images. The map of 4x4 gets the deviation of a group of images, a 3x3 convolution and two dense layers.

    Args:
        image_shape, base_filters, max_filters: As in `generator`.
        classes: Int for a discriminator that also names the class. Default: None.
        growing: Bool, whether the network judges images of each size. Default: True.
        group_size: Int, images of a group; None for the whole batch, as for CIFAR-10. Default: 4. The code reproduces the paper
            with 16.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict of `scores` `(batch, 1)`, and `scores_4`, `scores_8`, ...: the
        scores that the discriminators of smaller sizes give the images, averaged to that size. That of size r begins with

        (1 - fade_r) (map of the images of size r/2) + fade_r (map of the images of size r, after that size's convolutions)

        with the weight of the layer "fade_r", 1 at first, and goes on as that of size r/2, without the fades of smaller sizes.
        With classes also `classes`, `classes_4`, ..., logits `(batch, classes)`. Without `growing`, to scores, or to a dict of
        `scores` and `classes`. 23,087,249 parameters with the defaults, 23,077,137 without `growing`; 1,298,689 for 32x32 with
        4096 and 128 filters.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.progan.discriminator((16, 16, 3), base_filters=64, max_filters=8)
    scores = discriminator(keras.random.uniform((4, 16, 16, 3), -1, 1))
    print(sorted(scores))  # ['scores', 'scores_4', 'scores_8']
    ```

    Differences: the scores and the class are two dense layers, one in the code, of the same weights. Averages follow LeakyReLU,
    as in the paper and in the code without `fused_scale`; with it, they precede LeakyReLU.
    """
    check_bools(growing=growing)
    sizes = sizes_of("Progressive GAN", image_shape, base_filters, max_filters)
    if classes is not None:
        check_ints(1, classes=classes)
    filters = {size: width(size, base_filters, max_filters) for size in (2, *sizes)}
    make_head = functools.partial(_head, filters, classes, group_size)
    return discriminator_of_sizes("progan_discriminator", image_shape, filters, _block, make_head, growing)


def _block(size, filters, filters_below):
    """From the map of a size to that of half the size."""
    x = inputs = keras.Input((size, size, filters))
    for k, width_after in enumerate((filters, filters_below), 1):
        x = conv(width_after, 3, f"conv_{k}")(x)
    return keras.Model(inputs, layers.AveragePooling2D(2, name="average")(x), name=f"block_{size}")


def _head(filters, classes, group_size):
    """From the map of 4x4 to scores, and to logits of the classes, if there are any."""
    inputs = keras.Input((4, 4, filters[4]))
    x = conv(filters[4], 3, "conv")(MinibatchStdDev(group_size, name="deviation")(inputs))
    features = dense(filters[2], "features")(layers.Flatten()(x))
    scores = linear_dense(1, "scores", "float32")(features)
    if classes is None:
        return keras.Model(inputs, scores, name="head")
    return keras.Model(inputs, {"scores": scores, "classes": linear_dense(classes, "classes", "float32")(features)}, name="head")
