"""The networks of DiscoGAN: a convolutional encoder and decoder, and a discriminator that gives the features which are matched.

Reference:
    Kim, Cha, Kim, Lee, Kim, Learning to Discover Cross-Domain Relations with Generative Adversarial Networks (2017),
    arXiv:1703.05192; layers and initial weights of the authors' code (SKTBrain/DiscoGAN).
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import torch_uniform
from keras_gans.utils.integers import check_ints


@channels_last
def generator(image_shape=(64, 64, 3), source_channels=3, filters=64, bottleneck=None):
    """The generator: 4x4 convolutions halve the source to 4x4, transposed ones double it; sigmoid. Images are in [0, 1].

    LeakyReLU 0.2 on the way down, ReLU on the way up; batch normalization after each convolution but the first and the last. No
    convolution has a bias. There are four levels for 64, and one more for each doubling of the size; each has twice the channels
    of the one outside it.

    Args:
        image_shape: Tuple (size, size, channels) of the images that are made; size a power of two, 16 or more. Default:
            (64, 64, 3).
        source_channels: Int, channels of the source, which has the same size. Default: 3.
        filters: Int, channels of the first map. Default: 64.
        bottleneck: Int, channels of a further level, of one position: 100 in the deeper of the authors' two generators. Default:
            None, for none.

    Returns:
        `keras.Model`, source `(batch, size, size, source_channels)` to images `(batch, *image_shape)` in (0, 1). 5,513,856
        parameters with the defaults, 7,153,480 with a bottleneck of 100 channels.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.discogan.generator((32, 32, 3), filters=8)
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```

    Differences: the paper and its code are of size 64 only.
    """
    levels = ends.halvings_to_4("DiscoGAN", image_shape, 16)
    check_ints(1, source_channels=source_channels, filters=filters)
    widths = [filters * 2**level for level in range(levels)]
    source = keras.Input((*image_shape[:2], source_channels), name="source")
    x = _encoded(source, widths)[-1]
    if bottleneck is not None:
        check_ints(1, bottleneck=bottleneck)
        x = layers.LeakyReLU(0.2)(_norm("bottleneck")(_down(bottleneck, "bottleneck", 1, "valid")(x)))
        x = layers.ReLU()(_norm("expansion")(_up(widths[-1], "expansion", 1, "valid")(x)))
    for k, width in enumerate(widths[-2::-1], 1):
        x = layers.ReLU()(_norm(f"up_{k}")(_up(width, f"up_{k}")(x)))
    x = _up(image_shape[-1], f"up_{levels}")(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(source, images, name="discogan_generator")


@channels_last
def discriminator(image_shape=(64, 64, 3), filters=64):
    """The discriminator: the way down of the generator, then a 4x4 convolution to one logit, with the features to be matched.

    Args:
        image_shape: Tuple (size, size, channels); size a power of two, 16 or more. Default: (64, 64, 3).
        filters: Int, channels of the first map; each after it has twice as many. Default: 64.

    Returns:
        `keras.Model`, images to a dict: `scores`, logits `(batch, 1)`, and `features_1`, `features_2`, `features_3`, the maps
        after each normalization and its LeakyReLU, for `losses.FeatureMatching`; one fewer for 32, one more for 128. 2,765,568
        parameters with the defaults.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.discogan.discriminator((32, 32, 3), filters=8)
    print(sorted(discriminator.output))  # ['features_1', 'features_2', 'scores']
    ```

    Differences: ends in a logit, not in a sigmoid. The paper and its code are of size 64 only.
    """
    levels = ends.halvings_to_4("DiscoGAN", image_shape, 16)
    check_ints(1, filters=filters)
    images = keras.Input(image_shape, name="images")
    _, *features = _encoded(images, [filters * 2**level for level in range(levels)])
    x = _down(1, "score_map", 1, "valid")(features[-1])
    outputs = {"scores": layers.Flatten(dtype="float32", name="scores")(x)}
    outputs |= {f"features_{k}": each for k, each in enumerate(features, 1)}
    return keras.Model(images, outputs, name="discogan_discriminator")


def _encoded(x, widths):
    """The maps of each level of the way down."""
    maps = []
    for k, width in enumerate(widths, 1):
        x = _down(width, f"down_{k}")(x)
        x = layers.LeakyReLU(0.2)(x if k == 1 else _norm(f"down_{k}")(x))
        maps.append(x)
    return maps


# Initial weights are those that PyTorch gave in 2017, which the authors' code leaves as they are.


def _norm(name):
    gain = keras.initializers.RandomUniform(0.0, 1.0)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=gain, name=f"{name}_norm")


def _down(filters, name, strides=2, padding="same"):
    return layers.Conv2D(filters, 4, strides, padding, use_bias=False, kernel_initializer=torch_uniform(), name=name)


def _up(filters, name, strides=2, padding="same"):
    # Keras takes what goes into a transposed convolution for what comes out of it.
    kernel_initializer = torch_uniform("fan_out")
    return layers.Conv2DTranspose(filters, 4, strides, padding, use_bias=False, kernel_initializer=kernel_initializer, name=name)
