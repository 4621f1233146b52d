"""The networks of R3GAN: residual blocks with grouped convolutions, filters that resample, and nothing that normalizes.

Reference:
    Huang, Gokaslan, Kuleshov, Tompkin, The GAN is dead; long live the GAN! A Modern GAN Baseline (2024), arXiv:2501.05441;
    layers, initializers and sizes of the authors' code (brownvc/R3GAN, `R3GAN/Networks.py` and `train.py`).
"""

import math
from typing import NamedTuple

import keras
from keras import layers

from keras_gans.layers import ClassEmbedding
from keras_gans.layers import FIRDownSampling2D
from keras_gans.layers import FIRUpSampling2D
from keras_gans.layers import GroupedConv2D
from keras_gans.networks.blocks import ends
from keras_gans.utils.choices import check_choice
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_each_int
from keras_gans.utils.integers import check_ints


class Configuration(NamedTuple):
    """The published sizes for one data set, the map of 4x4 first."""

    widths: tuple
    cardinalities: tuple


CONFIGURATIONS = {
    "cifar10": Configuration(4 * (768,), 4 * (96,)),
    "ffhq64": Configuration((*4 * (768,), 384), (*4 * (96,), 48)),
    "ffhq256": Configuration((*4 * (768,), 384, 192, 96), (*4 * (96,), 48, 24, 12)),
    "imagenet32": Configuration(4 * (1536,), 4 * (96,)),
    "imagenet64": Configuration(5 * (1536,), 5 * (96,)),
}


@channels_last
def generator(
    image_shape=None,
    latents=64,
    classes=None,
    configuration="cifar10",
    widths=None,
    cardinalities=None,
    blocks=2,
    embedding_dim=None,
):
    """The generator: a basis of learned maps, weighted by the latents; residual blocks; filters that double the size.

    A block of width c and cardinality g, of which each stage has `blocks`:

    y = x + conv_1x1(a(conv_3x3 in g groups(a(conv_1x1(x))))),    c -> 2 c -> 2 c -> c,    a = LeakyReLU 0.2

    The convolutions before an activation have biases; nothing else in the network has. Their kernels are normal at first, with
    standard deviation sqrt(2 / (1 + 0.2^2)) L^(-1/4) / sqrt(fan_in), L the number of blocks of the network. The third one's are
    zeros, so that each block is the identity. All other kernels have 1 / sqrt(fan_in), the basis 1.

    Channel c of the first map is basis_c times entry c of a dense layer of the latents. Where the width changes, a 1x1
    convolution precedes the filter. A 1x1 convolution makes the images, without tanh.

    Args:
        image_shape: Tuple (height, width, channels). Default: that of the configuration; with `widths`, of a first map of 4x4,
            with 3 channels.
        latents: Int, width of the latents. Default: 64.
        classes: Int for a conditional generator, whose second input is weights over the classes. Default: none.
        configuration: "cifar10", "ffhq64", "ffhq256", "imagenet32" or "imagenet64": the published widths and cardinalities.
            Default: "cifar10".
        widths: Tuple of ints, the width of each stage, that of the first map first. Each stage after it has twice the size: the
            first map of images of 28 is 7x7 where there are three. Default: the configuration's.
        cardinalities: Tuple of ints, the groups of each stage. Default: the configuration's; with `widths`, an eighth of each,
            which makes groups of 16 channels.
        blocks: Int, blocks a stage. Default: 2.
        embedding_dim: Int, width of the embedding of the class, which joins the latents. Default: `latents`.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and condition `(batch, classes)`) to images `(batch, *image_shape)`, which
        have no bounds. 20,732,160 parameters for "cifar10" (20,781,952 with 10 classes), 22,429,824 for "ffhq64", 23,057,952 for
        "ffhq256", 82,914,304 for "imagenet32" and 103,570,432 for "imagenet64" with 1000 classes.

    Raises:
        ValueError: if an argument is out of range, the image has another size than the configuration's, or cannot be halved so
            often, or a cardinality does not divide its stage's channels.

    Example:

    ```python
    generator = keras_gans.networks.r3gan.generator((28, 28, 1), latents=16, widths=(32, 32, 16))
    print(generator.output_shape, generator.get_layer("basis").output.shape)  # (None, 28, 28, 1) (None, 7, 7, 32)
    ```
    """
    check_ints(1, latents=latents)
    sizes = _sizes(image_shape, configuration, widths, cardinalities, blocks)
    z, condition = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    x = z
    if condition is not None:
        dim = latents if embedding_dim is None else embedding_dim
        x = layers.Concatenate()([z, _embedding(classes, dim)(condition)])
    x = layers.Dense(sizes.widths[0], use_bias=False, kernel_initializer=_normal(), name="dense")(x)
    basis = keras.initializers.RandomNormal(0.0, 1.0)
    x = layers.EinsumDense("bc,hwc->bhwc", (*sizes.smallest, x.shape[-1]), kernel_initializer=basis, name="basis")(x)
    for stage, (width, cardinality) in enumerate(zip(sizes.widths, sizes.cardinalities, strict=True)):
        if stage > 0:
            x = FIRUpSampling2D(name=f"up_{stage}")(_to_width(x, width, stage))
        x = _blocks(x, cardinality, range(stage * blocks, (stage + 1) * blocks), sizes.gain)
    images = _pointwise(sizes.image_shape[-1], "images", dtype="float32")(x)
    return keras.Model(ends.present(z, condition), images, name="r3gan_generator")


@channels_last
def discriminator(
    image_shape=None,
    classes=None,
    configuration="cifar10",
    widths=None,
    cardinalities=None,
    blocks=2,
    embedding_dim=None,
    augment=None,
):
    """The discriminator, a mirror of the generator: residual blocks; filters that halve the size; a basis; a dense layer.

    Channel c of the last map becomes one number, the sum of its products with basis_c. With classes, the dense layer has as many
    units as the embedding of the class, and the score is the dot product of both.

    Args:
        image_shape, classes, configuration, blocks: As in `generator`.
        widths, cardinalities: As in `generator`, in the same order: the smallest map first.
        embedding_dim: Int, width of the embedding of the class. Default: the width of the smallest map.
        augment: Keras layer that the images pass first, such as `keras_gans.layers.DiffAugment()`. Default: none.

    Returns:
        `keras.Model`, images (and condition `(batch, classes)`) to scores `(batch, 1)`. 20,683,776 parameters for "cifar10"
        (21,280,512 with 10 classes), 22,381,440 for "ffhq64", 23,009,568 for "ffhq256", 86,548,992 for "imagenet32" and
        107,205,120 for "imagenet64" with 1000 classes.

    Raises:
        ValueError: as `generator`, and if `augment` is not a layer.

    Example:

    ```python
    discriminator = keras_gans.networks.r3gan.discriminator((28, 28, 1), widths=(32, 32, 16))
    print(discriminator.output_shape)  # (None, 1)
    ```
    """
    sizes = _sizes(image_shape, configuration, widths, cardinalities, blocks)
    if augment is not None and not isinstance(augment, keras.layers.Layer):
        raise ValueError(f"`augment` must be a Keras layer, an object, or None. Received: augment={augment!r}")
    images, condition = keras.Input(sizes.image_shape, name="images"), ends.condition_input(classes)
    x = images if augment is None else augment(images)
    x = _pointwise(sizes.widths[-1], "from_rgb")(x)
    stages = len(sizes.widths)
    for stage in reversed(range(stages)):
        first = (stages - 1 - stage) * blocks
        x = _blocks(x, sizes.cardinalities[stage], range(first, first + blocks), sizes.gain)
        if stage > 0:
            x = _to_width(FIRDownSampling2D(name=f"down_{stage}")(x), sizes.widths[stage - 1], stage)
    basis = keras.initializers.RandomNormal(0.0, 1.0 / math.sqrt(math.prod(sizes.smallest)))
    x = layers.EinsumDense("bhwc,hwc->bc", x.shape[-1], kernel_initializer=basis, name="basis")(x)
    dense = {"use_bias": False, "kernel_initializer": _normal(), "dtype": "float32"}
    if condition is None:
        scores = layers.Dense(1, **dense, name="scores")(x)
    else:
        dim = sizes.widths[0] if embedding_dim is None else embedding_dim
        embedded = _embedding(classes, dim, scaled=True, dtype="float32")(condition)
        scores = layers.Dot(axes=1, dtype="float32", name="scores")([layers.Dense(dim, **dense, name="dense")(x), embedded])
    return keras.Model(ends.present(images, condition), scores, name="r3gan_discriminator")


class _Sizes(NamedTuple):
    """What the arguments of both networks come to.

    Attributes:
        image_shape, widths, cardinalities: As in `generator`.
        smallest: Pair (height, width) of the smallest map.
        gain: Float, of the first two convolutions of a block.
    """

    image_shape: tuple
    widths: tuple
    cardinalities: tuple
    smallest: tuple
    gain: float


def _sizes(image_shape, configuration, widths, cardinalities, blocks):
    check_choice(CONFIGURATIONS, configuration=configuration)
    check_ints(1, blocks=blocks)
    published = CONFIGURATIONS[configuration]
    if widths is not None:
        check_each_int(1, widths=widths)
        published = Configuration(tuple(widths), tuple(max(1, width // 8) for width in widths))
    cardinalities = published.cardinalities if cardinalities is None else cardinalities
    check_each_int(1, cardinalities=cardinalities)
    divided = zip(published.widths, cardinalities, strict=False)
    if len(cardinalities) != len(published.widths) or any(2 * width % cardinality for width, cardinality in divided):
        raise ValueError(
            "`cardinalities` must be one int for each stage, and must divide the channels of its grouped convolutions, twice "
            f"the width. Received: cardinalities={tuple(cardinalities)}, widths={published.widths}. Pass others."
        )
    halvings = len(published.widths) - 1
    full = 4 * 2**halvings
    image_shape = (full, full, 3) if image_shape is None else tuple(image_shape)
    if widths is None and image_shape[:2] != (full, full):
        raise ValueError(
            f'The networks of configuration="{configuration}" make images of {full}x{full}. Received: image_shape={image_shape}. '
            "Resize the images, take another configuration, or pass `widths`, one for each stage: (64, 64, 32) halves images "
            "twice."
        )
    ends.check_halvings(image_shape, halvings)
    smallest = tuple(size // 2**halvings for size in image_shape[:2])
    gain = math.sqrt(2 / (1 + 0.2**2)) * (blocks * (halvings + 1)) ** -0.25
    return _Sizes(image_shape, published.widths, tuple(cardinalities), smallest, gain)


def _blocks(x, cardinality, numbers, gain):
    """Residual blocks, called by their numbers plus one."""
    width = x.shape[-1]
    for number in numbers:
        name = f"block_{number + 1}"
        y = layers.Conv2D(2 * width, 1, kernel_initializer=_normal(gain), name=f"{name}_conv_1")(x)
        y = layers.LeakyReLU(0.2)(y)
        kernel = {"padding": "same", "kernel_initializer": _normal(gain)}
        y = GroupedConv2D(2 * width, 3, cardinality, **kernel, name=f"{name}_conv_2")(y)
        y = layers.LeakyReLU(0.2)(y)
        y = layers.Conv2D(width, 1, use_bias=False, kernel_initializer="zeros", name=f"{name}_conv_3")(y)
        x = layers.Add(name=name)([x, y])
    return x


def _to_width(x, width, stage):
    return x if x.shape[-1] == width else _pointwise(width, f"width_{stage}")(x)


def _pointwise(width, name, dtype=None):
    return layers.Conv2D(width, 1, use_bias=False, kernel_initializer=_normal(), dtype=dtype, name=name)


def _embedding(classes, dim, scaled=False, dtype=None):
    """A table of classes: normal with variance 1 / classes, divided by the width where it is `scaled`."""
    check_ints(1, embedding_dim=dim)
    initializer = keras.initializers.RandomNormal(0.0, 1.0 / math.sqrt(classes * dim if scaled else classes))
    return ClassEmbedding(classes, dim, initializer, dtype=dtype, name="embedding")


def _normal(gain=1.0):
    """Normal with standard deviation gain / sqrt(fan_in). Each layer gets one of its own: it draws the same numbers twice."""
    return keras.initializers.VarianceScaling(gain**2, "fan_in", "untruncated_normal")
