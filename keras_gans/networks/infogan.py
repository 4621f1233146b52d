"""The networks of InfoGAN: the discriminator also finds the codes that an image was made of.

Reference:
    Chen et al., InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets (2016),
    arXiv:1606.03657, table 1; layers and initial weights of the authors' code for digits (openai/InfoGAN).
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_categories
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers


@channels_last
def generator(image_shape=(28, 28, 1), latents=74, filters=64):
    """The generator: two dense layers, two 4x4 transposed convolutions of stride 2, a sigmoid.

    Batch normalization, over single units after dense layers, and ReLU follow all but the last.

    Args:
        image_shape: Tuple (height, width, channels), sizes multiples of 4. Default: (28, 28, 1).
        latents: Int, width of the latents: noise and codes, such as `latents.Coded` draws. Default: 74.
        filters: Int, channels of the last hidden map; the one before has 2 filters, the first dense layer 16 filters units.
            Default: 64.

    Returns:
        `keras.Model`, latents `(batch, latents)` to images `(batch, *image_shape)` in (0, 1). 6,652,481 parameters with the
        defaults.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    generator = keras_gans.networks.infogan.generator(filters=8)
    images = generator(keras_gans.latents.Coded().sample(2, seed=(0, 1)))
    print(images.shape)  # (2, 28, 28, 1)
    ```

    Differences: the published networks are for 28x28 images.
    """
    ends.check_halvings(image_shape, 2)
    check_ints(1, latents=latents, filters=filters)
    height, width, channels = image_shape
    z = keras.Input((latents,), name="latents")
    x = layers.ReLU()(_norm("norm_1")(_dense(16 * filters, "dense_1")(z)))
    x = layers.ReLU()(_norm("norm_2")(_dense(height * width // 16 * 2 * filters, "dense_2")(x)))
    x = layers.Reshape((height // 4, width // 4, 2 * filters))(x)
    x = layers.ReLU()(_norm("norm_3")(_up(filters, "up_1")(x)))
    images = layers.Activation("sigmoid", dtype="float32", name="images")(_up(channels, "up_2")(x))
    return keras.Model(z, images, name="infogan_generator")


@channels_last
def discriminator(image_shape=(28, 28, 1), categories=(10,), continuous=2, fix_std=True, slope=0.01, filters=64):
    """The discriminator D and the code's distribution Q(c | x): all layers in common, but the last of either.

    In common: two 4x4 convolutions of stride 2 and a dense layer. D ends in one more dense layer, Q in two, the first of them
    with batch normalization and LeakyReLU. Categorical codes have logits, continuous ones the mean of a Gaussian. What Q alone
    owns is in the layers `code_dense`, `code_norm` and those of its outputs.

    Args:
        image_shape: Tuple (height, width, channels), sizes multiples of 4. Default: (28, 28, 1).
        categories: Tuple of ints, how many categories each categorical code has. Default: (10,).
        continuous: Int, number of continuous codes. Default: 2.
        fix_std: Bool, whether the Gaussians have standard deviation 1, as the authors trained digits, or one that is learned.
            Default: True.
        slope: Float, of LeakyReLU. Default: 0.01, as in the released code; the paper's table says 0.1.
        filters: Int, channels of the first map; the second has 2 filters, the dense layer 16 filters units, that of Q 2 filters.
            Default: 64.

    Returns:
        `keras.Model`, images to a dict of float32:

        - `scores`: `(batch, 1)`, logits.
        - `category_logits`: `(batch, sum of categories)`, those of each code after another; absent without categories.
        - `continuous_mean`: `(batch, continuous)`; absent without continuous codes.
        - `continuous_log_scale`: `(batch, continuous)`, logarithms of standard deviations, where `fix_std=False`.

        With the defaults D has 6,559,169 parameters and Q 133,004 of its own; 133,262 with `fix_std=False`.

    Raises:
        ValueError: if an argument is out of range, or there is no code.

    Example:

    ```python
    discriminator = keras_gans.networks.infogan.discriminator(filters=8)
    outputs = discriminator(images)
    print(outputs["category_logits"].shape, outputs["continuous_mean"].shape)  # (20, 10) (20, 2)
    ```

    Differences: ends in a logit, not in a sigmoid. The released Q always has outputs for the widths of its Gaussians, logarithms
    of variances, which training on digits leaves unused: that is the size with `fix_std=False`.
    """
    check_bools(fix_std=fix_std)
    ends.check_halvings(image_shape, 2)
    check_categories(categories)
    check_ints(0, continuous=continuous)
    check_ints(1, filters=filters)
    check_finite_numbers(slope=slope)
    heads = {"category_logits": sum(categories), "continuous_mean": continuous}
    if not fix_std:
        heads["continuous_log_scale"] = continuous
    heads = {name: units for name, units in heads.items() if units}
    if not heads:
        raise ValueError(
            "InfoGAN's discriminator must find at least one code. Received: categories=() and continuous=0. Add one, or use "
            "another network, such as keras_gans.networks.dcgan.discriminator."
        )
    images = keras.Input(image_shape, name="images")
    x = layers.LeakyReLU(slope)(_down(filters, "conv_1")(images))
    x = layers.LeakyReLU(slope)(_norm("norm_2")(_down(2 * filters, "conv_2")(x)))
    x = _norm("norm_3")(_dense(16 * filters, "dense_3")(layers.Flatten()(x)))
    features = layers.LeakyReLU(slope, name="features")(x)
    code = layers.LeakyReLU(slope, name="code_features")(_norm("code_norm")(_dense(2 * filters, "code_dense")(features)))
    outputs = {"scores": _dense(1, "scores", "float32")(features)}
    outputs |= {name: _dense(units, name, "float32")(code) for name, units in heads.items()}
    return keras.Model(images, outputs, name="infogan_discriminator")


def _dense(units, name, dtype=None):
    return layers.Dense(units, kernel_initializer=small_normal(), dtype=dtype, name=name)


def _up(filters, name):
    return layers.Conv2DTranspose(filters, 4, 2, "same", kernel_initializer=small_normal(), name=name)


def _down(filters, name):
    start = keras.initializers.TruncatedNormal(0.0, 0.02)
    return layers.Conv2D(filters, 4, 2, "same", kernel_initializer=start, name=name)


def _norm(name):
    start = keras.initializers.RandomNormal(1.0, 0.02)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=start, name=name)
