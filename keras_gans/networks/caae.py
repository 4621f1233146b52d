"""The networks of CAAE, the conditional adversarial autoencoder of faces and their ages.

An age and a gender are one-hot rows in {-1, 1}: 1 where it applies, -1 elsewhere (`keras_gans.data.signed_one_hot`). Both are
repeated until they are about as long as the code, so that the generator does not overlook them.

Reference:
    Zhang, Song, Qi, Age Progression/Regression by Conditional Adversarial Autoencoder (2017), arXiv:1702.08423; layers, repeated
    labels and initial weights of the authors' code (ZZUTK/Face-Aging-CAAE, FaceAging.py and ops.py).
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_each_int
from keras_gans.utils.integers import check_ints


@channels_last
def encoder(image_shape=(128, 128, 3), latents=50, filters=64):
    """The encoder: 5x5 convolutions with ReLU halve the image to 4x4; a dense layer, tanh. The code has no noise of its own.

    There are five levels for 128, one more or fewer for each doubling of the size; each has twice the channels of the one before.
    No normalization, which would take away what tells one face from another.

    Args:
        image_shape: Tuple (size, size, channels), size a power of two, 8 or more. Default: (128, 128, 3).
        latents: Int, width of the code. Default: 50.
        filters: Int, channels of the first map. Default: 64.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` to a dict: `latents` `(batch, latents)` in (-1, 1). 18,234,034 parameters
        with the defaults.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    encoder = keras_gans.networks.caae.encoder((32, 32, 3), filters=8)
    print(encoder(tf.zeros((2, 32, 32, 3)))["latents"].shape)  # (2, 50)
    ```
    """
    levels = ends.halvings_to_4("CAAE", image_shape, 8)
    check_ints(1, latents=latents, filters=filters)
    x = images = keras.Input(image_shape, name="images")
    for k in range(1, levels + 1):
        x = layers.ReLU()(_conv(filters * 2 ** (k - 1), f"conv_{k}")(x))
    x = _dense(latents, "code")(layers.Flatten()(x))
    code = layers.Activation("tanh", dtype="float32", name="latents")(x)
    return keras.Model(images, {"latents": code}, name="caae_encoder")


@channels_last
def generator(image_shape=(128, 128, 3), latents=50, ages=10, genders=2, filters=64):
    """The generator: the code and the labels, a dense stem of 4x4, 5x5 transposed convolutions with ReLU that double it; tanh.

    It has the encoder's levels in reverse: the stem has the channels of the encoder's last map, each map after it half as many.
    Two transposed convolutions of stride 1 end it. No normalization. The stem takes [z, age repeated `latents // ages` times,
    gender repeated `latents // genders` times]; each is there at least once.

    Args:
        image_shape: Tuple (size, size, channels), size a power of two, 8 or more. Default: (128, 128, 3).
        latents: Int, width of the code. Default: 50.
        ages: Int, number of age groups, 2 or more. Default: 10.
        genders: Int, 2 or more, or None for a generator of ages alone. Default: 2.
        filters: Int, channels of the encoder's first map, 4 or more. The last maps here have half and a quarter of it. Default:
            64.

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, `age` `(batch, ages)` and `gender` `(batch, genders)` to images `(batch,
        *image_shape)` in (-1, 1). 19,948,195 parameters with the defaults, 19,128,995 with `genders=None`.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    generator = keras_gans.networks.caae.generator((32, 32, 3), filters=8)
    age = keras_gans.data.signed_one_hot([0, 9], 10)  # the youngest and the oldest group
    gender = keras_gans.data.signed_one_hot([1, 1], 2)
    print(generator([np.zeros((2, 50)), age, gender]).shape)  # (2, 32, 32, 3)
    ```

    Differences: the release has 1,024 channels in the stem whatever the size is. It leaves out a label of more groups than the
    code has numbers; here that is repeated once.
    """
    levels = ends.halvings_to_4("CAAE", image_shape, 8)
    check_ints(1, latents=latents)
    check_ints(4, filters=filters)
    z = keras.Input((latents,), name="latents")
    conditions = _label_inputs(ages, genders)
    width = filters * 2 ** (levels - 1)
    x = _dense(16 * width, "stem")(layers.Concatenate(name="joined")([z, *_repeated(conditions, latents)]))
    x = layers.ReLU()(layers.Reshape((4, 4, width), name="stem_map")(x))
    for k in range(1, levels + 1):
        x = layers.ReLU()(_up(width // 2**k, f"up_{k}")(x))
    x = layers.ReLU()(_up(filters // 4, "last_1", 1)(x))
    images = ends.tanh_images(_up(image_shape[-1], "to_rgb", 1)(x))
    return keras.Model([z, *conditions], images, name="caae_generator")


@channels_last
def discriminator(image_shape=(128, 128, 3), ages=10, genders=2, filters=64):
    """The discriminator of images: whether an image is real, and of that age and gender.

    Four 5x5 convolutions of stride 2, of `filters / 4` channels and twice as many each time, with batch normalization (without
    gain) and ReLU; a dense layer of `16 filters` units with LeakyReLU 0.2; a score. After the first convolution the labels
    join as planes: age once, gender `ages // genders` times. There are four convolutions whatever the size is.

    Args:
        image_shape, ages, genders: As in `generator`.
        filters: Int, channels of the encoder's first map, 4 or more. Default: 64.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)`, `age` `(batch, ages)` and `gender` `(batch, genders)` to logits
        `(batch, 1)`. 8,677,137 parameters with the defaults, 8,669,137 with `genders=None`.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.caae.discriminator((32, 32, 3), filters=8, genders=None)
    print(discriminator([tf.zeros((2, 32, 32, 3)), -tf.ones((2, 10))]).shape)  # (2, 1)
    ```

    Differences: ends in a logit, not in a sigmoid.
    """
    ends.halvings_to_4("CAAE", image_shape, 8)
    check_ints(4, filters=filters)
    images = keras.Input(image_shape, name="images")
    conditions = _label_inputs(ages, genders)
    x = images
    for k in range(1, 5):
        x = _conv(filters // 4 * 2 ** (k - 1), f"conv_{k}")(x)
        x = layers.ReLU()(_norm(f"norm_{k}")(x))
        if k == 1:
            planes = [layers.Reshape((1, 1, label.shape[-1]))(label) for label in _repeated(conditions, ages)]
            x = layers.Concatenate(name="joined")([x, *(layers.UpSampling2D(x.shape[1])(plane) for plane in planes)])
    x = layers.LeakyReLU(0.2)(_dense(16 * filters, "hidden")(layers.Flatten()(x)))
    return keras.Model([images, *conditions], _dense(1, "scores", "float32")(x), name="caae_discriminator")


def code_discriminator(latents=50, units=(64, 32, 16)):
    """The discriminator of codes: whether a code is of the prior, U(-1, 1), or of the encoder. Dense layers and a score.

    Batch normalization (without gain) and ReLU follow each layer but the last.

    Args:
        latents: Int, width of the code. Default: 50.
        units: Ints, units of the hidden layers. Default: (64, 32, 16).

    Returns:
        `keras.Model`, `latents` `(batch, latents)` to logits `(batch, 1)`. 6,001 parameters with the defaults.

    Raises:
        ValueError: if a number is out of range.

    Example:

    ```python
    discriminator = keras_gans.networks.caae.code_discriminator()
    print(discriminator(keras.random.uniform((4, 50), -1, 1)).shape)  # (4, 1)
    ```

    Differences: ends in a logit, not in a sigmoid.
    """
    check_ints(1, latents=latents)
    check_each_int(1, units=units)
    x = codes = keras.Input((latents,), name="latents")
    for k, width in enumerate(units, 1):
        x = layers.ReLU()(_norm(f"norm_{k}")(_dense(width, f"hidden_{k}")(x)))
    return keras.Model(codes, _dense(1, "scores", "float32")(x), name="caae_code_discriminator")


def _label_inputs(ages, genders):
    """The inputs of the labels: of the age, and of the gender if there is one."""
    check_ints(2, ages=ages)
    inputs = [keras.Input((ages,), name="age")]
    if genders is not None:
        check_ints(2, genders=genders)
        inputs.append(keras.Input((genders,), name="gender"))
    return inputs


def _repeated(labels, width):
    """Each label as often as it fits into `width` numbers, at least once."""
    return [each for label in labels for each in [label] * max(1, width // label.shape[-1])]


def _conv(filters, name):
    # The release draws kernels of convolutions, and of nothing else, from a normal that is cut at two standard deviations.
    kernel_initializer = keras.initializers.TruncatedNormal(0.0, 0.02)
    return layers.Conv2D(filters, 5, 2, "same", kernel_initializer=kernel_initializer, name=name)


def _up(filters, name, strides=2):
    return layers.Conv2DTranspose(filters, 5, strides, "same", kernel_initializer=small_normal(), name=name)


def _dense(units, name, dtype=None):
    return layers.Dense(units, kernel_initializer=small_normal(), dtype=dtype, name=name)


def _norm(name):
    return layers.BatchNormalization(momentum=0.999, epsilon=1e-3, scale=False, name=name)
