"""The networks of VAE/GAN: an encoder, a generator (the decoder), and a discriminator in whose features images are compared.

Reference:
    Larsen, Sønderby, Larochelle, Winther, Autoencoding beyond pixels using a learned similarity metric (2015), arXiv:1512.09300;
    layers of the authors' code (andersbll/autoencoding_beyond_pixels, architectures.py), with the padding, the batch
    normalization and the initial weights of its framework (andersbll/deeppy).
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.gaussian_code import gaussian_code
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints

_LEVELS = 3
# Channels of the maps, in 64ths of `filters`: for images of 32 as the release has them, for all others as for 64.
_UP = {32: (192, 128, 32)}, (256, 128, 32)
_DOWN = {32: (128, 192, 256)}, (128, 256, 256)


@channels_last
def encoder(image_shape=(64, 64, 3), latents=128, filters=64, units=None):
    """The encoder: three 5x5 convolutions of stride 2, a dense layer, then mean and scale of the code. ReLU throughout.

    Batch normalization follows each layer but the last two, and none of these has a bias.

    Args:
        image_shape: Tuple (height, width, channels), both sizes multiples of 8. Default: (64, 64, 3).
        latents: Int, width of the code. Default: 128.
        filters: Int, channels of the first map; each after it has twice as many. Default: 64.
        units: Int, units of the dense layer. Default: `32 filters`, 2,048 as in the paper; the code has 1,024.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict: `mean` and `log_scale` `(batch, latents)`. The code's second
        output is the log of the variance; `log_scale` is half of it. 35,112,768 parameters with the defaults, 18,071,360 with
        1,024 units.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    encoder = keras_gans.networks.vaegan.encoder((32, 32, 3), filters=8)
    code = encoder(tf.zeros((2, 32, 32, 3)))
    print(code["mean"].shape, code["log_scale"].shape)  # (2, 128) (2, 128)
    ```
    """
    _check(image_shape, latents=latents)
    check_ints(1, filters=filters)
    units = 32 * filters if units is None else units
    check_ints(1, units=units)
    x = images = keras.Input(image_shape, name="images")
    for k in range(_LEVELS):
        x = _norm_relu(_down(x, filters * 2**k, f"conv_{k + 1}"), f"conv_{k + 1}")
    x = _norm_relu(_dense(units, "hidden")(layers.Flatten()(x)), "hidden", epsilon=1e-5)
    return keras.Model(images, gaussian_code(x, latents, _uniform), name="vaegan_encoder")


@channels_last
def generator(image_shape=(64, 64, 3), latents=128, filters=64):
    """The generator: a dense stem of an eighth of the size, 5x5 transposed convolutions that double it, a convolution; tanh.

    Batch normalization and ReLU follow each layer but the last, and none of these has a bias. With n for `filters`: 4n channels
    in the stem, then 4n, 2n, n/2; for a size of 32, 3n, 2n, n/2.

    Args:
        image_shape: Tuple (height, width, channels), both sizes multiples of 8. Default: (64, 64, 3).
        latents: Int, width of the code. Default: 128.
        filters: Int, channels of the encoder's first map, 2 or more. Default: 64.

    Returns:
        `keras.Model`, `latents` `(batch, latents)` to images `(batch, *image_shape)` in (-1, 1). 4,693,155 parameters with the
        defaults.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    generator = keras_gans.networks.vaegan.generator((32, 32, 3), filters=8)
    print(generator(keras.random.normal((2, 128))).shape)  # (2, 32, 32, 3)
    ```
    """
    _check(image_shape, latents=latents)
    check_ints(2, filters=filters)
    rows, columns = (size // 8 for size in image_shape[:2])
    z = keras.Input((latents,), name="latents")
    x = _norm_relu(_dense(rows * columns * 4 * filters, "stem")(z), "stem", epsilon=1e-5)
    x = layers.Reshape((rows, columns, 4 * filters))(x)
    for k, width in enumerate(_widths(_UP, image_shape, filters), 1):
        up = layers.Conv2DTranspose(width, 5, 2, "valid", use_bias=False, kernel_initializer=_uniform(), name=f"up_{k}")
        # The framework crops two rows before and one after, the transpose of a convolution that is padded by two.
        x = _norm_relu(layers.Cropping2D(((2, 1), (2, 1)), name=f"up_{k}_crop")(up(x)), f"up_{k}")
    x = layers.Conv2D(image_shape[-1], 5, padding="same", kernel_initializer=_uniform(), name="to_rgb")(x)
    return keras.Model(z, ends.tanh_images(x), name="vaegan_generator")


@channels_last
def discriminator(image_shape=(64, 64, 3), filters=64, units=None):
    """The discriminator, with the features in which an image and its reconstruction are compared.

    A 5x5 convolution with ReLU, three of stride 2 with batch normalization and ReLU, a dense layer with both, and a score. With n
    for `filters`: n/2, then 2n, 4n, 4n channels; for a size of 32, 2n, 3n, 4n.

    Args:
        image_shape: Tuple (height, width, channels), both sizes multiples of 8. Default: (64, 64, 3).
        filters: Int, channels of the encoder's first map, 2 or more. Default: 64.
        units: Int, units of the dense layer. Default: `8 filters`, 512.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict: `scores`, logits `(batch, 1)`, and `features`, what the third
        convolution of stride 2 gives before its normalization, `(batch, height / 8, width / 8, 4 filters)`, 16,384 numbers with
        the defaults. 10,953,857 parameters with the defaults.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.vaegan.discriminator((32, 32, 3), filters=8)
    output = discriminator(tf.zeros((2, 32, 32, 3)))
    print(output["scores"].shape, output["features"].shape)  # (2, 1) (2, 4, 4, 32)
    ```

    Differences: ends in a logit, not in a sigmoid.
    """
    _check(image_shape)
    check_ints(2, filters=filters)
    units = 8 * filters if units is None else units
    check_ints(1, units=units)
    images = keras.Input(image_shape, name="images")
    x = layers.Conv2D(filters // 2, 5, padding="same", kernel_initializer=_uniform(), name="conv_0")(images)
    x = layers.ReLU()(x)
    for k, width in enumerate(_widths(_DOWN, image_shape, filters), 1):
        raw = _down(x, width, f"conv_{k}")
        x = _norm_relu(raw, f"conv_{k}")
    x = _norm_relu(_dense(units, "hidden")(layers.Flatten()(x)), "hidden", epsilon=1e-5)
    scores = layers.Dense(1, kernel_initializer=_uniform(), dtype="float32", name="scores")(x)
    features = layers.Activation("linear", dtype="float32", name="features")(raw)
    return keras.Model(images, {"scores": scores, "features": features}, name="vaegan_discriminator")


def _check(image_shape, **numbers):
    ends.check_halvings(image_shape, 3)
    check_ints(1, **numbers)


def _widths(table, image_shape, filters):
    by_size, others = table
    return [width * filters // 64 for width in by_size.get(max(image_shape[:2]), others)]


def _down(x, filters, name):
    # Padded here: "same" would pad one row before and two after.
    x = layers.ZeroPadding2D(2, name=f"{name}_pad")(x)
    return layers.Conv2D(filters, 5, 2, use_bias=False, kernel_initializer=_uniform(), name=name)(x)


def _dense(units, name):
    return layers.Dense(units, use_bias=False, kernel_initializer=_uniform(), name=name)


def _norm_relu(x, name, epsilon=1e-6):
    # Gains begin evenly distributed between 0 and 1.
    gain = keras.initializers.RandomUniform(0.0, 1.0)
    norm = layers.BatchNormalization(momentum=0.9, epsilon=epsilon, gamma_initializer=gain, name=f"{name}_norm")
    return layers.ReLU(name=f"{name}_relu")(norm(x))


def _uniform():
    """Uniform within 1 / sqrt(3 n), n the inputs of an output; of a transposed convolution, its output channels times 25."""
    return keras.initializers.VarianceScaling(1 / 9, "fan_in", "uniform")
