"""The multilayer perceptrons of 2014: the first GAN, and the first conditional one.

Reference:
    Goodfellow et al., Generative Adversarial Networks (2014), arXiv:1406.2661, sizes of the authors' mnist.yaml.
    Mirza, Osindero, Conditional Generative Adversarial Nets (2014), arXiv:1411.1784, section 4.1.
"""

import math

import keras
import numpy as np
from keras import layers

from keras_gans.layers import Maxout
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints


@channels_last
def generator(image_shape=(28, 28, 1), latents=100, classes=None, mean_image=None):
    """The generator: two hidden layers of ReLU units, a sigmoid rescaled to [-1, 1].

    Unconditional: z -> 1200 -> 1200 -> image. Conditional: z -> 200 and one-hot y -> 1000, joined -> 1200 -> image, with
    dropout 0.5 on the hidden layers.

    Args:
        image_shape: Tuple, any. Default: (28, 28, 1).
        latents: Int, width of the latents. Default: 100.
        classes: Int for a conditional generator, whose second input is integer labels `(batch,)`. Default: none.
        mean_image: Array of `image_shape` in [-1, 1]: sets the bias of the last layer so that it is what zero weights would
            make, as the authors did with the mean of the training images. Default: zero bias.

    Returns:
        `keras.Model`, latents `(batch, latents)` (and labels) to images `(batch, *image_shape)` in (-1, 1). 2,503,984
        parameters with the defaults, 2,413,984 with `classes=10`.

    Example:

    ```python
    generator = keras_gans.networks.mlp.generator(classes=10)
    images = generator([keras.random.normal((10, 100)), tf.range(10)])
    print(images.shape)  # (10, 28, 28, 1); a digit of each class
    ```

    Differences: the papers' images are in [0, 1]; here the sigmoid s becomes 2 s - 1.
    """
    check_ints(1, latents=latents)
    z = keras.Input((latents,), name="latents")
    inputs = z
    if classes is None:
        x = layers.Dense(1200, "relu", kernel_initializer=_uniform(0.05))(z)
    else:
        y = keras.Input((), dtype="int32", name="condition")
        inputs = [z, y]
        x = layers.Dense(200, "relu", kernel_initializer=_uniform(0.05))(z)
        label = layers.Dense(1000, "relu", kernel_initializer=_uniform(0.05))(_one_hot(classes)(y))
        x = layers.Dropout(0.5)(layers.Concatenate()([x, label]))
    x = layers.Dense(1200, "relu", kernel_initializer=_uniform(0.05))(x)
    if classes is not None:
        x = layers.Dropout(0.5)(x)
    bias = "zeros"
    if mean_image is not None:
        probability = np.clip((np.ravel(mean_image) + 1) / 2, 1e-4, 1 - 1e-4)
        bias = keras.initializers.Constant(np.log(probability / (1 - probability)))
    pixels = math.prod(image_shape)
    x = layers.Dense(pixels, "sigmoid", kernel_initializer=_uniform(0.05), bias_initializer=bias, dtype="float32")(x)
    images = layers.Reshape(image_shape, dtype="float32")(layers.Rescaling(2.0, -1.0, dtype="float32")(x))
    return keras.Model(inputs, images, name="mlp_generator")


@channels_last
def discriminator(image_shape=(28, 28, 1), classes=None):
    """The discriminator: maxout layers, with dropout before each layer.

    Unconditional: dropout 0.2, maxout 240 x 5, dropout 0.5, maxout 240 x 5, dropout 0.5, score. Conditional: x -> maxout
    240 x 5 and one-hot y -> maxout 50 x 5, joined -> maxout 240 x 4 -> score, with dropout 0.5 on the hidden layers.

    Args:
        image_shape: Tuple, any. Default: (28, 28, 1).
        classes: Int for a conditional discriminator, whose second input is integer labels `(batch,)`. Default: none.

    Returns:
        `keras.Model`, images (and labels) to logits `(batch, 1)`. 1,231,441 parameters with the defaults, 1,224,351 with
        `classes=10`.

    Example:

    ```python
    discriminator = keras_gans.networks.mlp.discriminator(classes=10)
    print(discriminator([keras.random.uniform((10, 28, 28, 1), -1, 1), tf.range(10)]).shape)  # (10, 1)
    ```

    Differences: ends in a logit, not in a sigmoid.
    """
    images = keras.Input(image_shape, name="images")
    inputs = images
    pixels = layers.Flatten()(layers.Rescaling(0.5, 0.5)(images))  # the papers' [0, 1]
    small = _uniform(0.005)
    if classes is None:
        x = Maxout(240, 5, small)(layers.Dropout(0.2)(pixels))
        x = Maxout(240, 5, small)(layers.Dropout(0.5)(x))
    else:
        y = keras.Input((), dtype="int32", name="condition")
        inputs = [images, y]
        x = layers.Concatenate()([Maxout(240, 5, small)(pixels), Maxout(50, 5, small)(_one_hot(classes)(y))])
        x = Maxout(240, 4, small)(layers.Dropout(0.5)(x))
    scores = layers.Dense(1, kernel_initializer=small, dtype="float32", name="scores")(layers.Dropout(0.5)(x))
    return keras.Model(inputs, scores, name="mlp_discriminator")


def _uniform(bound):
    return keras.initializers.RandomUniform(-bound, bound)


def _one_hot(classes):
    return layers.CategoryEncoding(classes, output_mode="one_hot")
