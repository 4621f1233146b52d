"""The coupled networks of CoGAN, a pair for each player: two domains, and the layers near the meaning of an image shared.

Each function returns a pair of networks that hold the same layers. Inside a GAN they belong together as one model:
`utils.joined.joined` makes it, and Keras saves and copies only that without losing what they share.

Reference:
    Liu, Tuzel, Coupled Generative Adversarial Networks (2016), arXiv:1606.07536; the networks for digits and their edges,
    with their initial weights, of the authors' code (mingyuliutw/CoGAN).
"""

import keras
from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import doubled_glorot
from keras_gans.utils.integers import check_ints

DOMAINS = ("a", "b")


@channels_last
def generators(image_shape=(28, 28, 1), latents=100, filters=128):
    """Two generators that share all but their last layer, and so make two images of one meaning from the same latents.

    Transposed convolutions of 4x4 to 4 positions, and of 3x3 and stride 2 to 7, 13, 25, each with batch normalization without
    gain and bias, and a PReLU of one slope; then, each domain for itself, one of 6x6 to 28, and a sigmoid.

    Args:
        image_shape: Tuple (28, 28, channels). Default: (28, 28, 1).
        latents: Int, width of the latents. Default: 100.
        filters: Int, channels of the last shared map; each before it has twice as many. Default: 128.

    Returns:
        Pair of `keras.Model`, latents `(batch, latents)` to images `(batch, *image_shape)` in (0, 1). They share 7,833,476
        parameters with the defaults, and have 4,609 each. Both begin at the same `keras.Input`.

    Raises:
        ValueError: for any other size, or if a number is out of range.

    Example:

    ```python
    first, second = keras_gans.networks.cogan.generators(filters=4)
    z = keras.random.normal((2, 100))
    print(first(z).shape, second(z).shape)  # (2, 28, 28, 1) (2, 28, 28, 1)
    ```
    """
    ends.check_paper_size("CoGAN", image_shape, (28,))
    check_ints(1, latents=latents, filters=filters)
    z = keras.Input((latents,), name="latents")
    x = _up(layers.Reshape((1, 1, latents))(z), 8 * filters, 4, 1, "up_1")
    for k in (2, 3, 4):
        # Of the 2n + 1 rows the inner 2n - 1: 4, 7, 13, 25.
        x = _up(x, filters * 2 ** (4 - k), 3, 2, f"up_{k}", crop=1)
    networks = []
    for domain in DOMAINS:
        y = layers.Conv2DTranspose(image_shape[-1], 6, 1, "valid", **_start(), name=f"to_rgb_{domain}")(x)
        y = layers.Cropping2D(1, name=f"crop_{domain}")(y)
        images = layers.Activation("sigmoid", dtype="float32", name=f"images_{domain}")(y)
        networks.append(keras.Model(z, images, name=f"cogan_generator_{domain}"))
    return tuple(networks)


@channels_last
def discriminators(image_shape=(28, 28, 1), widths=(20, 50, 500)):
    """Two discriminators that share all but their first layer.

    Each domain for itself a 5x5 convolution, then a maximum over 2x2 positions; shared, the same once more, a 4x4 convolution to
    one position, a PReLU of one slope, and two logits, whose difference is the score: softmax cross-entropy of both is sigmoid
    cross-entropy of it. There is no activation after the first two convolutions, as published.

    Args:
        image_shape: Tuple (28, 28, channels). Default: (28, 28, 1).
        widths: Three ints, channels of the convolutions. Default: (20, 50, 500).

    Returns:
        Pair of `keras.Model`, images `(batch, *image_shape)` to logits `(batch, 1)`. They share 426,553 parameters with the
        defaults, and have 520 each.

    Raises:
        ValueError: for any other size, or if `widths` are not three ints.

    Example:

    ```python
    first, second = keras_gans.networks.cogan.discriminators(widths=(4, 8, 16))
    print(first.output_shape)  # (None, 1)
    ```
    """
    ends.check_paper_size("CoGAN", image_shape, (28,))
    if not isinstance(widths, (list, tuple)) or len(widths) != 3:
        raise ValueError(f"`widths` must be three ints. Received: widths={widths!r}")
    check_ints(1, **{f"widths[{k}]": width for k, width in enumerate(widths)})
    shared = [
        layers.Conv2D(widths[1], 5, **_start(), name="conv_2"),
        layers.MaxPooling2D(2, name="pool_2"),
        layers.Conv2D(widths[2], 4, **_start(), name="conv_3"),
        _prelu("prelu_3"),
        layers.Conv2D(2, 1, **_start(), dtype="float32", name="logits"),
        layers.Flatten(dtype="float32", name="flat"),
    ]
    networks = []
    for domain in DOMAINS:
        images = keras.Input(image_shape, name="images")
        x = layers.Conv2D(widths[0], 5, **_start(), name=f"conv_1_{domain}")(images)
        x = layers.MaxPooling2D(2, name=f"pool_1_{domain}")(x)
        for layer in shared:
            x = layer(x)
        scores = layers.Subtract(dtype="float32", name=f"scores_{domain}")([x[:, 1:], x[:, :1]])
        networks.append(keras.Model(images, scores, name=f"cogan_discriminator_{domain}"))
    return tuple(networks)


def _up(x, filters, size, strides, name, crop=0):
    x = layers.Conv2DTranspose(filters, size, strides, "valid", **_start(), name=name)(x)
    x = layers.Cropping2D(crop)(x) if crop else x
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, center=False, scale=False, name=f"{name}_norm")(x)
    return _prelu(f"{name}_prelu")(x)


def _prelu(name):
    return layers.PReLU(keras.initializers.Constant(0.25), shared_axes=(1, 2, 3), name=name)


def _start():
    """Glorot's uniform kernels with a gain of the root of 2, and biases of 0.1."""
    return {"kernel_initializer": doubled_glorot(), "bias_initializer": keras.initializers.Constant(0.1)}
