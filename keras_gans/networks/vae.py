"""Networks of variational autoencoders, to compare with: two pairs of an encoder and a generator (the decoder), for small images.

Reference:
    Kingma, Welling, Auto-Encoding Variational Bayes (2013), arXiv:1312.6114. `encoder` and `generator` have the layers of
    PyTorch's example (pytorch/examples, vae/main.py), the convolutional pair those of Keras' example ("Variational AutoEncoder").
"""

import math

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.gaussian_code import gaussian_code
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import torch_uniform
from keras_gans.utils.integers import check_ints


@channels_last
def encoder(image_shape=(28, 28, 1), latents=20, units=400):
    """The multilayer perceptron from an image to its code: a hidden layer with ReLU, then mean and scale.

    Args:
        image_shape: Tuple (height, width, channels), any. Default: (28, 28, 1).
        latents: Int, width of the code. Default: 20.
        units: Int, units of the hidden layer. Default: 400. The paper has 500 for digits.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict: `mean` and `log_scale` `(batch, latents)`. With its generator
        652,824 parameters with the defaults, 815,824 with 500 units. The example's second output is the log of the variance;
        `log_scale` is half of it.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    code = keras_gans.networks.vae.encoder()(tf.zeros((2, 28, 28, 1)))
    print(code["mean"].shape, code["log_scale"].shape)  # (2, 20) (2, 20)
    ```

    Differences: biases begin at zero, in the example at small random values. The paper's hidden units are tanh.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, latents=latents, units=units)
    images = keras.Input(image_shape, name="images")
    x = layers.Dense(units, "relu", kernel_initializer=torch_uniform(), name="hidden")(layers.Flatten()(images))
    return keras.Model(images, gaussian_code(x, latents, torch_uniform), name="vae_encoder")


@channels_last
def generator(image_shape=(28, 28, 1), latents=20, units=400):
    """The multilayer perceptron from a code to an image: a hidden layer with ReLU, then a sigmoid. Images are in [0, 1].

    Args:
        image_shape, latents, units: As in `encoder`.

    Returns:
        `keras.Model`, `latents` `(batch, latents)` to images `(batch, *image_shape)` in (0, 1), the probabilities of a Bernoulli
        distribution for each pixel.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.vae.generator((8, 8, 1), latents=2)
    print(generator(keras.random.normal((4, 2))).shape)  # (4, 8, 8, 1)
    ```

    Differences: as in `encoder`. PyTorch's example keeps the probabilities 0.0001 away from 0 and 1.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, latents=latents, units=units)
    z = keras.Input((latents,), name="latents")
    x = layers.Dense(units, "relu", kernel_initializer=torch_uniform(), name="hidden")(z)
    x = layers.Dense(math.prod(image_shape), kernel_initializer=torch_uniform(), name="pixels")(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(layers.Reshape(image_shape)(x))
    return keras.Model(z, images, name="vae_generator")


@channels_last
def conv_encoder(image_shape=(28, 28, 1), latents=2, filters=32, units=16):
    """The convolutional encoder: two 3x3 convolutions of stride 2, a dense layer, then mean and scale. ReLU throughout.

    Args:
        image_shape: Tuple (height, width, channels), both sizes multiples of 4. Default: (28, 28, 1).
        latents: Int, width of the code. Default: 2.
        filters: Int, channels of the first map; the second has twice as many. Default: 32.
        units: Int, units of the dense layer. Default: 16.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict: `mean` and `log_scale` `(batch, latents)`. The example's second
        output is the log of the variance; `log_scale` is half of it. 69,076 parameters with the defaults.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    code = keras_gans.networks.vae.conv_encoder((32, 32, 3), latents=16)(tf.zeros((2, 32, 32, 3)))
    print(code["mean"].shape)  # (2, 16)
    ```
    """
    _check(image_shape, latents=latents, filters=filters, units=units)
    x = images = keras.Input(image_shape, name="images")
    for k in (1, 2):
        x = layers.Conv2D(filters * k, 3, 2, "same", activation="relu", name=f"conv_{k}")(x)
    x = layers.Dense(units, "relu", name="hidden")(layers.Flatten()(x))
    return keras.Model(images, gaussian_code(x, latents, keras.initializers.GlorotUniform), name="vae_conv_encoder")


@channels_last
def conv_generator(image_shape=(28, 28, 1), latents=2, filters=32):
    """The convolutional generator: a dense stem, two 3x3 transposed convolutions of stride 2, one of stride 1; sigmoid.

    ReLU follows each layer but the last. Images are in [0, 1].

    Args:
        image_shape, latents: As in `conv_encoder`.
        filters: Int, channels of the last map; stem and first map have twice as many. Default: 32.

    Returns:
        `keras.Model`, `latents` `(batch, latents)` to images `(batch, *image_shape)` in (0, 1). 65,089 parameters with the
        defaults.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    generator = keras_gans.networks.vae.conv_generator((32, 32, 3), latents=16)
    print(generator(keras.random.normal((4, 16))).shape)  # (4, 32, 32, 3)
    ```
    """
    _check(image_shape, latents=latents, filters=filters)
    rows, columns = (size // 4 for size in image_shape[:2])
    z = keras.Input((latents,), name="latents")
    x = layers.Dense(rows * columns * 2 * filters, "relu", name="stem")(z)
    x = layers.Reshape((rows, columns, 2 * filters))(x)
    for k, width in enumerate((2 * filters, filters), 1):
        x = layers.Conv2DTranspose(width, 3, 2, "same", activation="relu", name=f"up_{k}")(x)
    x = layers.Conv2DTranspose(image_shape[-1], 3, padding="same", name="to_rgb")(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(z, images, name="vae_conv_generator")


def _check(image_shape, **numbers):
    ends.check_halvings(image_shape, 2)
    check_ints(1, **numbers)
