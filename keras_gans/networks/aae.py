"""The networks of adversarial autoencoders: an encoder, a generator (the decoder), and a discriminator of codes.

Reference:
    Makhzani, Shlens, Jaitly, Goodfellow, Frey, Adversarial Autoencoders (2015), arXiv:1511.05644. There is no official code.
"""

import math

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.gaussian_code import gaussian_code
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_each_int
from keras_gans.utils.integers import check_ints

_UNITS = (1000, 1000)


@channels_last
def encoder(image_shape=(28, 28, 1), latents=8, units=_UNITS, posterior="deterministic"):
    """The encoder: dense layers with ReLU, then the code, which is linear.

    posterior="deterministic":  a code for each image, as in the paper's results
    posterior="gaussian":       mean and scale of a Gaussian, from which who trains draws the code

    Args:
        image_shape: Tuple (height, width, channels), any. Default: (28, 28, 1).
        latents: Int, width of the code. Default: 8.
        units: Ints, units of the hidden layers. Default: (1000, 1000).
        posterior: "deterministic" or "gaussian". Default: "deterministic".

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict: `latents` `(batch, latents)`; or `mean` and `log_scale`, each
        `(batch, latents)`. 1,794,008 parameters with the defaults, 1,802,016 with a Gaussian.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    encoder = keras_gans.networks.aae.encoder(latents=2, units=(64, 64))
    print(encoder(tf.zeros((4, 28, 28, 1)))["latents"].shape)  # (4, 2)
    ```

    Differences: the paper's third posterior, which also takes noise, is left out. The paper's table of layers was not compared:
    two hidden layers of 1,000 units with ReLU, a code of 8 numbers, and initial weights of a standard deviation of 0.01 are what
    is commonly cited of it, here and in the other networks.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, latents=latents)
    if posterior not in ("deterministic", "gaussian"):
        raise ValueError(f'`posterior` must be "deterministic" or "gaussian". Received: posterior={posterior!r}')
    images = keras.Input(image_shape, name="images")
    x = _hidden(layers.Flatten()(images), units)
    if posterior == "gaussian":
        code = gaussian_code(x, latents, _normal)
    else:
        code = {"latents": layers.Dense(latents, kernel_initializer=_normal(), dtype="float32", name="latents")(x)}
    return keras.Model(images, code, name="aae_encoder")


@channels_last
def generator(image_shape=(28, 28, 1), latents=8, units=_UNITS, classes=None):
    """The generator: dense layers with ReLU, then a sigmoid. Images are in [0, 1].

    Told the label, of which it gets a one-hot row beside the code, it is the decoder of the paper's supervised autoencoder.

    Args:
        image_shape, latents, units: As in `encoder`.
        classes: Int for a generator whose second input is integer labels `(batch,)`. Default: none.

    Returns:
        `keras.Model`, `latents` `(batch, latents)` (and labels) to images `(batch, *image_shape)` in (0, 1). 1,794,784 parameters
        with the defaults, 1,804,784 with `classes=10`.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.aae.generator(latents=2, units=(64, 64))
    print(generator(keras.random.normal((4, 2))).shape)  # (4, 28, 28, 1)
    ```

    Differences: as in `encoder`.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, latents=latents)
    inputs, x = _code_and_label(latents, classes)
    x = layers.Dense(math.prod(image_shape), kernel_initializer=_normal(), name="pixels")(_hidden(x, units))
    images = layers.Activation("sigmoid", dtype="float32", name="images")(layers.Reshape(image_shape)(x))
    return keras.Model(inputs, images, name="aae_generator")


def code_discriminator(latents=8, units=_UNITS, classes=None):
    """The discriminator of codes: whether a code is of the prior, or of the encoder. Dense layers with ReLU, and a score.

    Told the label, of which it gets a one-hot row beside the code, it asks that codes of each class by itself are distributed as
    the prior, so that they say nothing of the class: see `keras_gans.AAE`.

    Args:
        latents, units, classes: As in `generator`.

    Returns:
        `keras.Model`, `latents` `(batch, latents)` (and labels) to logits `(batch, 1)`. 1,011,001 parameters with the defaults,
        1,021,001 with `classes=10`.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.aae.code_discriminator(latents=2, units=(64, 64))
    print(discriminator(keras.random.normal((4, 2))).shape)  # (4, 1)
    ```

    Differences: as in `encoder`. Ends in a logit, not in a sigmoid.
    """
    check_ints(1, latents=latents)
    inputs, x = _code_and_label(latents, classes)
    scores = layers.Dense(1, kernel_initializer=_normal(), dtype="float32", name="scores")
    return keras.Model(inputs, scores(_hidden(x, units)), name="aae_code_discriminator")


def _code_and_label(latents, classes):
    """The input of codes, and what is computed from: the code; with classes both inputs, and the code beside a one-hot row."""
    z = keras.Input((latents,), name="latents")
    if classes is None:
        return z, z
    check_ints(2, classes=classes)
    y = keras.Input((), dtype="int32", name="condition")
    one_hot = layers.CategoryEncoding(classes, output_mode="one_hot", name="one_hot")
    return [z, y], layers.Concatenate(name="joined")([z, one_hot(y)])


def _hidden(x, units):
    check_each_int(1, units=units)
    for k, width in enumerate(units, 1):
        x = layers.Dense(width, "relu", kernel_initializer=_normal(), name=f"hidden_{k}")(x)
    return x


def _normal():
    return keras.initializers.RandomNormal(0.0, 0.01)
