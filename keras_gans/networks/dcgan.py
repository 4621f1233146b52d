"""The deep convolutional networks of DCGAN.

Reference:
    Radford, Metz, Chintala, Unsupervised Representation Learning with Deep Convolutional GANs (2015), arXiv:1511.06434,
    with the 4x4 kernels and 64 filters of the authors' Lua code (dcgan.torch), which most others follow.
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints

# Size of the image: size of the stem, number of strided stages.
_SIZES = {28: (7, 2), 32: (4, 3), 64: (4, 4), 128: (4, 5)}


@channels_last
def generator(image_shape=(64, 64, 3), latents=100, filters=64):
    """The generator: a stem, then transposed convolutions that double the size, with batch normalization and ReLU; tanh.

    Args:
        image_shape: Tuple (size, size, channels), size one of 28, 32, 64, 128. Default: (64, 64, 3).
        latents: Int, width of the latents. Default: 100.
        filters: Int, filters of the last hidden layer; each before it has twice as many. Default: 64.

    Returns:
        `keras.Model`, latents `(batch, latents)` to images `(batch, *image_shape)` in (-1, 1). 3,576,704 parameters with
        the defaults; 759,680 for (28, 28, 1), 1,068,928 for (32, 32, 3), 12,786,560 for (128, 128, 3).

    Raises:
        ValueError: for any other size.

    Example:

    ```python
    generator = keras_gans.networks.dcgan.generator(image_shape=(32, 32, 3))
    print(generator.output_shape)  # (None, 32, 32, 3)
    ```

    Differences: the latents are `(batch, latents)`, not a 1x1 image, so larger latents do not make larger images.
    """
    check_ints(1, latents=latents, filters=filters)
    stem, stages = _stem_and_stages(image_shape)
    z = keras.Input((latents,), name="latents")
    x = layers.Reshape((1, 1, latents))(z)
    x = _norm_relu(_up(filters * 2 ** (stages - 1), stem, 1, "valid")(x))
    for stage in reversed(range(stages - 1)):
        x = _norm_relu(_up(filters * 2**stage)(x))
    x = _up(image_shape[-1])(x)
    images = layers.Activation("tanh", dtype="float32", name="images")(x)
    return keras.Model(z, images, name="dcgan_generator")


@channels_last
def discriminator(image_shape=(64, 64, 3), filters=64):
    """The discriminator: strided convolutions with LeakyReLU 0.2, batch normalization in all but the first.

    Args:
        image_shape: Tuple (size, size, channels), size one of 28, 32, 64, 128. Default: (64, 64, 3).
        filters: Int, filters of the first layer; each after it has twice as many. Default: 64.

    Returns:
        `keras.Model`, images to logits `(batch, 1)`. 2,765,568 parameters with the defaults; 138,624 for (28, 28, 1),
        663,296 for (32, 32, 3), 11,164,416 for (128, 128, 3).

    Raises:
        ValueError: for any other size.

    Example:

    ```python
    discriminator = keras_gans.networks.dcgan.discriminator(image_shape=(32, 32, 3))
    print(discriminator.output_shape)  # (None, 1)
    ```

    Differences: ends in a logit, not in a sigmoid.
    """
    check_ints(1, filters=filters)
    stem, stages = _stem_and_stages(image_shape)
    images = keras.Input(image_shape, name="images")
    x = layers.LeakyReLU(0.2)(_down(filters)(images))
    for stage in range(1, stages):
        x = layers.LeakyReLU(0.2)(_norm()(_down(filters * 2**stage)(x)))
    x = _down(1, stem, 1, "valid")(x)
    scores = layers.Flatten(dtype="float32", name="scores")(x)
    return keras.Model(images, scores, name="dcgan_discriminator")


def _stem_and_stages(image_shape):
    ends.check_paper_size("DCGAN", image_shape, _SIZES)
    return _SIZES[image_shape[0]]


def _norm_relu(x):
    return layers.ReLU()(_norm()(x))


def _norm():
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02))


def _up(filters, kernel=4, strides=2, padding="same"):
    return layers.Conv2DTranspose(filters, kernel, strides, padding, use_bias=False, kernel_initializer=small_normal())


def _down(filters, kernel=4, strides=2, padding="same"):
    return layers.Conv2D(filters, kernel, strides, padding, use_bias=False, kernel_initializer=small_normal())
