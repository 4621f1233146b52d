"""The networks of LAPGAN: a pair that makes small images, and a pair for each level, which adds what a larger size has more.

A level k has the images l_k, enlarged from the level below, as its input `coarse`. Its generator makes the band h_k, that is,
what l_k lacks; its discriminator judges l_k + h_k. `keras_gans.utils.laplacian_pyramid` makes bands of images.
`pyramid_generator` and `pyramid_discriminator` make one model of all levels' networks, and `levels` gives them back.

Reference:
    Denton, Chintala, Szlam, Fergus, Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (2015),
    arXiv:1506.05751; layers and initial weights of the authors' scripts for CIFAR-10 (facebookarchive/eyescream, cifar/scripts),
    widths of their list of models.
"""

import math

import keras
from keras import layers

from keras_gans.layers import PyramidDownSampling2D
from keras_gans.layers import PyramidUpSampling2D
from keras_gans.networks.blocks import ends
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import torch_uniform
from keras_gans.utils.integers import check_ints
from keras_gans.utils.laplacian_pyramid import decrease
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import images_in
from keras_gans.utils.networks import images_of
from keras_gans.utils.networks import input_structure
from keras_gans.utils.networks import output_of


@channels_last
def generator(image_shape=(8, 8, 3), latents=100, classes=None, units=1200, activation=None):
    """The generator of the first level: dense layers, the first with ReLU, the second with a sigmoid, the last linear.

    Args:
        image_shape: Tuple (height, width, channels), any. Default: (8, 8, 3).
        latents: Int, width of the latents. Default: 100.
        classes: Int for a conditional generator. Default: None.
        units: Int, units of both hidden layers. Default: 1200.
        activation: "sigmoid" or "relu", of the second hidden layer. Default: as in the release, "sigmoid" without classes, "relu"
            with them; the paper's text has "relu".

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, and `condition` `(batch, classes)`, weights over the classes, if there are
        any, to images `(batch, *image_shape)`. 1,792,992 parameters with the defaults, 1,804,992 with `classes=10`.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.lapgan.generator(units=64, classes=10)
    print(generator([tf.zeros((2, 100)), tf.one_hot([3, 5], 10)]).shape)  # (2, 8, 8, 3)
    ```

    Differences: in all networks here biases begin at zero; the release draws those of conditional networks and of levels. Its
    images have mean 0 and standard deviation 1 in each channel; here they are in [-1, 1], though the last layer is linear.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, latents=latents, units=units)
    if activation not in (None, "sigmoid", "relu"):
        raise ValueError(f'`activation` must be "sigmoid" or "relu", or None. Received: activation={activation!r}')
    activation = activation or ("sigmoid" if classes is None else "relu")
    z, condition = keras.Input((latents,), name="latents"), ends.condition_input(classes)
    start = _start(classes, 0.05)
    x = layers.Dense(units, "relu", kernel_initializer=start(), name="hidden_1")(_joined(z, condition))
    x = layers.Dense(units, activation, kernel_initializer=start(), name="hidden_2")(x)
    x = layers.Dense(math.prod(image_shape), kernel_initializer=start(), name="pixels")(x)
    images = layers.Activation("linear", dtype="float32", name="images")(layers.Reshape(image_shape)(x))
    return keras.Model(ends.present(z, condition), images, name="lapgan_generator")


@channels_last
def discriminator(image_shape=(8, 8, 3), classes=None, units=600):
    """The discriminator of the first level: two dense layers with ReLU and dropout 0.5, and a score.

    Args:
        image_shape: Tuple (height, width, channels), any. Default: (8, 8, 3).
        classes: Int for a conditional discriminator. Default: None.
        units: Int, units of both hidden layers. Default: 600.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)`, and `condition` `(batch, classes)` if there are classes, to logits
        `(batch, 1)`. 477,001 parameters with the defaults, 483,001 with `classes=10`.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.lapgan.discriminator(units=64)
    print(discriminator(tf.zeros((2, 8, 8, 3))).shape)  # (2, 1)
    ```

    Differences: as in `generator`. Ends in a logit, not in a sigmoid.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, units=units)
    images, condition = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    start = _start(classes, 0.005)
    x = _joined(layers.Flatten()(images), condition)
    for name in ("hidden_1", "hidden_2"):
        x = layers.Dropout(0.5)(layers.Dense(units, "relu", kernel_initializer=start(), name=name)(x))
    scores = layers.Dense(1, kernel_initializer=start(), dtype="float32", name="scores")(x)
    return keras.Model(ends.present(images, condition), scores, name="lapgan_discriminator")


@channels_last
def level_generator(image_shape=(14, 14, 3), classes=None, filters=64):
    """The generator of a level: noise, a plane, and the enlarged images, through 7x7, 7x7 and 5x5 convolutions, to the band.

    ReLU follows the first two. A class is one more plane, of a dense layer with ReLU.

    Args:
        image_shape: Tuple (height, width, channels) of the level, any. Default: (14, 14, 3).
        classes: Int for a conditional generator. Default: None.
        filters: Int, channels of both hidden maps. Default: 64.

    Returns:
        `keras.Model`, `latents` `(batch, height, width, 1)`, `coarse` `(batch, *image_shape)`, and `condition` `(batch, classes)`
        if there are classes, to the band `(batch, *image_shape)`. 218,179 parameters of any size, 837,763 with 128 filters; with
        `classes=10` 223,471 for a size of 14, 229,939 for 28.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.lapgan.level_generator((16, 16, 3), filters=8)
    coarse = keras_gans.layers.PyramidUpSampling2D(16)(keras.random.uniform((2, 8, 8, 3), -1, 1))
    band = generator([keras.random.uniform((2, 16, 16, 1), -1, 1), coarse])
    images = coarse + band
    print(images.shape)  # (2, 16, 16, 3)
    ```

    Differences: as in `generator`.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, filters=filters)
    noise, coarse = keras.Input((*image_shape[:2], 1), name="latents"), keras.Input(image_shape, name="coarse")
    condition = ends.condition_input(classes)
    x = layers.Concatenate()([noise, *_planes(condition, image_shape), coarse])
    for name in ("conv_1", "conv_2"):
        x = layers.Conv2D(filters, 7, padding="same", activation="relu", kernel_initializer=torch_uniform(), name=name)(x)
    x = layers.Conv2D(image_shape[-1], 5, padding="same", kernel_initializer=torch_uniform(), name="to_rgb")(x)
    band = layers.Activation("linear", dtype="float32", name="images")(x)
    return keras.Model(ends.present(noise, coarse, condition), band, name="lapgan_level_generator")


@channels_last
def level_discriminator(image_shape=(14, 14, 3), classes=None, filters=64):
    """The discriminator of a level: the band is added to the enlarged images, and judged with them.

    Two 5x5 convolutions with ReLU and without padding, the second of stride 2, dropout 0.5, and a score. A class is one more
    plane, of a dense layer with ReLU.

    Args:
        image_shape: Tuple (height, width, channels) of the level, both sizes 9 or more. Default: (14, 14, 3).
        classes: Int for a conditional discriminator. Default: None.
        filters: Int, channels of both maps. Default: 64.

    Returns:
        `keras.Model`, `images`, the band `(batch, *image_shape)`, `coarse` `(batch, *image_shape)`, and `condition` `(batch,
        classes)` if there are classes, to logits `(batch, 1)`. 107,905 parameters for a size of 14, 113,729 for 28; with
        `classes=10` 111,661 and 123,953.

    Raises:
        ValueError: for a smaller size, or if an argument is out of range.

    Example:

    ```python
    images = keras.random.uniform((2, 16, 16, 3), -1, 1)
    band, small = keras_gans.utils.laplacian_pyramid(images, 2)
    coarse = keras_gans.layers.PyramidUpSampling2D(16)(small)
    discriminator = keras_gans.networks.lapgan.level_discriminator((16, 16, 3), filters=8)
    print(discriminator([band, coarse]).shape)  # (2, 1)
    ```

    Differences: as in `generator`. Ends in a logit, not in a sigmoid.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, filters=filters)
    if min(image_shape[:2]) < 9:
        raise ValueError(
            "The convolutions of LAPGAN's levels have no padding, and need images of 9 pixels or more in each direction. "
            f"Received: image_shape={image_shape!r}. Judge smaller ones with `lapgan.discriminator`."
        )
    band, coarse = keras.Input(image_shape, name="images"), keras.Input(image_shape, name="coarse")
    condition = ends.condition_input(classes)
    x = layers.Add(name="sum")([band, coarse])
    planes = _planes(condition, image_shape)
    x = layers.Concatenate()([x, *planes]) if planes else x
    for name, strides in (("conv_1", 1), ("conv_2", 2)):
        x = layers.Conv2D(filters, 5, strides, activation="relu", kernel_initializer=torch_uniform(), name=name)(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    scores = layers.Dense(1, kernel_initializer=torch_uniform(), dtype="float32", name="scores")(x)
    return keras.Model(ends.present(band, coarse, condition), scores, name="lapgan_level_discriminator")


@channels_last
def pyramid_generator(generators):
    """One model of all levels' generators, which makes whole images: each level enlarges those of the one before, adds its band.

    I_1 = G_1(z_1),    I_k = l_k + G_k(z_k, l_k),    l_k = u(I_(k-1))

    Args:
        generators: List of built `keras.Model`, from the smallest images to the largest: the first takes `latents`, the others
            `latents` and `coarse`; all, or some, a `condition` too. They share no layer.

    Returns:
        `keras.Model`, `latents` `(batch, n)`, the levels' latents one after the other, and `condition`, if any takes one, to
        images. Its layers "level_1", "level_2", ... are the levels' networks, with their very weights.

    Raises:
        ValueError: if there are less than two, one has other inputs, or they do not grow.

    Example:

    ```python
    network = keras_gans.networks.lapgan
    generators = [network.generator((4, 4, 1), latents=10, units=8), network.level_generator((8, 8, 1), filters=4)]
    pyramid = network.pyramid_generator(generators)
    print(pyramid.input_shape, pyramid.output_shape)  # (None, 74) (None, 8, 8, 1)
    ```
    """
    networks, takes = _named(generators, "generators", "latents")
    widths = [math.prod(each.main.shape[1:]) for each in takes]
    z, condition = keras.Input((sum(widths),), name="latents"), _condition(takes)
    images, start = None, 0
    for network, each, width in zip(networks, takes, widths, strict=True):
        noise = layers.Reshape(each.main.shape[1:], dtype="float32")(z[:, start : start + width])
        start += width
        if images is None:
            images = images_in(network(each.values(noise, condition)))
            continue
        size = tuple(images_of(network).shape[1:3])
        coarse = PyramidUpSampling2D(size, dtype="float32", name=f"{network.name}_coarse")(images)
        band = images_in(network(each.values(noise, {"coarse": coarse, "condition": condition})))
        images = layers.Add(dtype="float32", name=f"{network.name}_images")([coarse, band])
    images = layers.Activation("linear", dtype="float32", name="images")(images)
    return keras.Model(ends.present(z, condition), images, name="lapgan_pyramid_generator")


@channels_last
def pyramid_discriminator(discriminators):
    """One model of all levels' discriminators, which judges each band of an image, and the smallest image.

    Args:
        discriminators: List of built `keras.Model`, from the smallest images to the largest: the first takes `images`, the others
            the band, `images`, and `coarse`; all, or some, a `condition` too.

    Returns:
        `keras.Model`, `images` of the largest size, and `condition`, if any takes one, to a dict: `scores`, those of the largest
        level, and `level_1_scores`, ... of the others. Its layers "level_1", ... are the levels' networks, with their very
        weights.

    Raises:
        ValueError: if there are less than two, one has other inputs, or they do not grow.

    Example:

    ```python
    network = keras_gans.networks.lapgan
    discriminators = [network.discriminator((5, 5, 1), units=8), network.level_discriminator((10, 10, 1), filters=4)]
    output = network.pyramid_discriminator(discriminators)(tf.zeros((2, 10, 10, 1)))
    print(sorted(output))  # ['level_1_scores', 'scores']
    ```
    """
    networks, takes = _named(discriminators, "discriminators", "images")
    images, condition = keras.Input(takes[-1].main.shape[1:], name="images"), _condition(takes)
    scores, larger = {}, images
    for k in range(len(networks) - 1, -1, -1):
        network, each, key = networks[k], takes[k], f"{networks[k].name}_scores" if networks[k + 1 :] else "scores"
        if k == 0:
            output = network(each.values(larger, condition))
        else:
            below, size = (tuple(takes[level].main.shape[1:3]) for level in (k - 1, k))
            smaller = PyramidDownSampling2D(below, dtype="float32", name=f"{networks[k - 1].name}_images")(larger)
            coarse = PyramidUpSampling2D(size, dtype="float32", name=f"{network.name}_coarse")(smaller)
            band = layers.Subtract(dtype="float32", name=f"{network.name}_band")([larger, coarse])
            output = network(each.values(band, {"coarse": coarse, "condition": condition}))
            larger = smaller
        scores[key] = output["scores"] if isinstance(output, dict) else output
    return keras.Model(ends.present(images, condition), scores, name="lapgan_pyramid_discriminator")


def levels(pyramid):
    """The networks of the levels that a pyramid was made of, or a loaded or copied one: a list, from the smallest to the largest.

    Args:
        pyramid: What `pyramid_generator` or `pyramid_discriminator` returned.

    Raises:
        ValueError: if it is not such a model.

    Example:

    ```python
    network = keras_gans.networks.lapgan
    generators = [network.generator((4, 4, 1), units=8), network.level_generator((8, 8, 1), filters=4)]
    print([level.name for level in network.levels(network.pyramid_generator(generators))])  # ['level_1', 'level_2']
    ```
    """
    named = {layer.name: layer for layer in getattr(pyramid, "layers", ())}
    found = [named[f"level_{k}"] for k in range(1, len(named) + 1) if f"level_{k}" in named]
    if len(found) < 2:
        raise ValueError(
            "Expected a list of networks, one for each level, or what keras_gans.networks.lapgan.pyramid_generator (or "
            f"pyramid_discriminator) makes of them. Received: {pyramid!r}."
        )
    return found


def _named(networks, argument, main):
    """The networks, called by their levels, and the inputs of each."""
    if not isinstance(networks, (list, tuple)) or len(networks) < 2:
        raise ValueError(
            f"`{argument}` must be a list of two or more networks, one for each level, from the smallest images to the largest. "
            f"Received: {networks!r}"
        )
    named = []
    for k, network in enumerate(networks, 1):
        if not isinstance(network, keras.Model) or not getattr(network, "inputs", None):
            raise ValueError(f"`{argument}` must be built functional models. Received for level {k}: {network!r}")
        named.append(keras.Model(input_structure(network), output_of(network), name=f"level_{k}"))  # of the same layers
    takes = [NetworkInputs(network, main) for network in named]
    for k, each in enumerate(takes, 1):
        others = set(each.conditions) - {"condition"}
        fits = others == {"coarse"} if k > 1 else len(each.conditions) <= 1 and "coarse" not in others
        if not fits:
            raise ValueError(
                f"The network of level {k} must take {main!r}{', coarse' if k > 1 else ''}, and perhaps 'condition'. Received: "
                f"one with the inputs {[tensor.name for tensor in each.network.inputs]}. Name them so."
            )
    shapes = [tuple((images_of(n) if main == "latents" else each.main).shape[1:]) for n, each in zip(named, takes, strict=True)]
    coarse = [tuple(each.conditions["coarse"].shape[1:]) for each in takes[1:]]
    are_images = all(len(shape) == 3 and shape[2] == shapes[0][2] for shape in shapes)
    if not are_images or not decrease([shape[:2] for shape in reversed(shapes)]) or coarse != shapes[1:]:
        raise ValueError(
            "The images must grow from level to level, with the same channels, and 'coarse' must have the shape of the level's "
            f"images. Received: `{argument}` of {shapes}, which take 'coarse' of {coarse}."
        )
    return named, takes


def _condition(takes):
    """The one condition of all levels, an input; None if no level takes one."""
    found = [tensor for each in takes for name, tensor in each.conditions.items() if name != "coarse"]
    if len({(tuple(tensor.shape), tensor.dtype) for tensor in found}) > 1:
        raise ValueError(f"All levels must take the same condition. Received: {found}.")
    return keras.Input(batch_shape=found[0].shape, dtype=found[0].dtype, name="condition") if found else None


def _joined(x, condition):
    return x if condition is None else layers.Concatenate()([x, condition])


def _planes(condition, image_shape):
    """The class as a plane, in a list; an empty list without classes."""
    if condition is None:
        return []
    height, width = image_shape[:2]
    x = layers.Dense(height * width, "relu", kernel_initializer=torch_uniform(), name="class_plane")(condition)
    return [layers.Reshape((height, width, 1))(x)]


def _start(classes, scale):
    """What makes the initial kernels of a first level: the release sets them without classes, and leaves them with classes."""
    return torch_uniform if classes is not None else lambda: keras.initializers.RandomNormal(0.0, scale)
