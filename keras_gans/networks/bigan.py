"""The networks of BiGAN for digits: a generator, an encoder, and a discriminator that judges pairs of images and latents.

They are dense, so the order of the pixels means nothing to them. No layer has a bias; batch normalization has neither gain nor
bias. What a hidden layer gets from latents is added before its normalization.

Reference:
    Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782, "permutation-invariant MNIST"; layers and
    initial weights of the authors' code (jeffdonahue/bigan, `train_mnist.sh`).
    Donahue, Simonyan, Large Scale Adversarial Representation Learning (2019), arXiv:1907.02544, for the discriminator's unary
    scores (BigBiGAN).

Differences: the release averages batch statistics over 1,000 batches when training is over; here they are moving averages of
momentum 0.99.
"""

import math

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


@channels_last
def generator(image_shape=(28, 28, 1), latents=50, units=1024):
    """The generator: two hidden layers of ReLU units, of which the second sees the latents again; a sigmoid.

    Args:
        image_shape: Tuple (height, width, channels), any. Default: (28, 28, 1).
        latents: Int, width of the latents. Default: 50.
        units: Int, width of the hidden layers. Default: 1024.

    Returns:
        `keras.Model`, latents `(batch, latents)` to images `(batch, *image_shape)` in (0, 1). 1,953,792 parameters with the
        defaults.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.bigan.generator(units=32)
    images = generator(keras.random.uniform((2, 50), -1, 1))
    print(images.shape)  # (2, 28, 28, 1)
    ```
    """
    _check(image_shape, latents, units)
    z = keras.Input((latents,), name="latents")
    x = layers.ReLU()(_norm("norm_1")(_dense(units, "dense_1")(z)))
    x = layers.Add()([_dense(units, "dense_2")(x), _dense(units, "latents_2")(z)])
    x = layers.ReLU()(_norm("norm_2")(x))
    x = layers.Reshape(image_shape)(_dense(math.prod(image_shape), "to_image")(x))
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(z, images, name="bigan_generator")


@channels_last
def encoder(image_shape=(28, 28, 1), latents=50, units=1024):
    """The encoder: two hidden layers of LeakyReLU 0.2, batch normalization in the second, and 2 sigmoid - 1.

    The second hidden layer is called `features`: with its output instead of the latents, the authors compare nearest neighbors.

    Args:
        image_shape, latents, units: As in `generator`.

    Returns:
        `keras.Model`, images `(batch, *image_shape)` to latents `(batch, latents)` in (-1, 1). 1,902,592 parameters with the
        defaults.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    encoder = keras_gans.networks.bigan.encoder(units=32)
    features = keras.Model(encoder.input, encoder.get_layer("features").output)
    print(encoder(images).shape, features(images).shape)  # (20, 50) (20, 32)
    ```

    Differences: latents in (-1, 1), the range of their prior, are in the release and not in the paper's text.
    """
    _check(image_shape, latents, units)
    images = keras.Input(image_shape, name="images")
    x = layers.LeakyReLU(0.2)(_dense(units, "dense_1")(layers.Flatten()(images)))
    x = layers.LeakyReLU(0.2, name="features")(_norm("norm_2")(_dense(units, "dense_2")(x)))
    x = layers.Activation("sigmoid", dtype="float32")(_dense(latents, "to_latents", "float32")(x))
    code = layers.Rescaling(2.0, -1.0, dtype="float32", name="latents")(x)
    return keras.Model(images, code, name="bigan_encoder")


@channels_last
def discriminator(image_shape=(28, 28, 1), latents=50, units=1024, unary_scores=False):
    """The discriminator of pairs: two hidden layers of LeakyReLU 0.2, of which the second sees the latents, too.

    h = lrelu(W x),   score = w . lrelu(norm(U h + V z))

    Without latents, it is the discriminator of images that the authors' baselines have: V z is left out.

    With `unary_scores`, it scores each half alone, too, as BigBiGAN's: the image by w_x . h, the latents by w_z . lrelu(V z).

    Args:
        image_shape, units: As in `generator`.
        latents: Int, as in `generator`; None for a discriminator of images alone. Default: 50.
        unary_scores: Bool, whether there are two more scores. Default: False.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` and `latents` `(batch, latents)` to logits `(batch, 1)`; with unary scores
        to a dict of such: `scores` of the pairs, `image_scores`, `code_scores`. 1,903,616 parameters with the defaults, 1,905,664
        with unary scores, 1,852,416 without latents.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.bigan.discriminator(units=32)
    scores = discriminator([keras.random.uniform((2, 28, 28, 1)), keras.random.uniform((2, 50), -1, 1)])
    print(scores.shape)  # (2, 1)
    ```

    Differences: ends in a logit, not in a sigmoid. BigBiGAN's own networks are BigGAN's and a deeper one for the latents; of it
    only the three scores are here.
    """
    check_bools(unary_scores=unary_scores)
    _check(image_shape, 1 if latents is None else latents, units)
    images = keras.Input(image_shape, name="images")
    of_images = layers.LeakyReLU(0.2)(_dense(units, "dense_1")(layers.Flatten()(images)))
    if latents is None:
        if unary_scores:
            raise ValueError("Unary scores need latents beside the images. Received: unary_scores=True and latents=None.")
        x = layers.LeakyReLU(0.2)(_norm("norm_2")(_dense(units, "dense_2")(of_images)))
        return keras.Model(images, _dense(1, "scores", "float32")(x), name="bigan_discriminator")
    z = keras.Input((latents,), name="latents")
    of_code = _dense(units, "latents_2")(z)
    x = layers.Add()([_dense(units, "dense_2")(of_images), of_code])
    x = layers.LeakyReLU(0.2)(_norm("norm_2")(x))
    scores = _dense(1, "scores", "float32")(x)
    if unary_scores:
        scores = {
            "scores": scores,
            "image_scores": _dense(1, "image_scores", "float32")(of_images),
            "code_scores": _dense(1, "code_scores", "float32")(layers.LeakyReLU(0.2)(of_code)),
        }
    return keras.Model([images, z], scores, name="bigan_discriminator")


def _dense(units, name, dtype=None):
    return layers.Dense(units, use_bias=False, kernel_initializer=small_normal(), dtype=dtype, name=name)


def _norm(name):
    return layers.BatchNormalization(momentum=0.99, epsilon=1e-8, center=False, scale=False, name=name)


def _check(image_shape, latents, units):
    ends.check_image_shape(image_shape)
    check_ints(1, latents=latents, units=units)
