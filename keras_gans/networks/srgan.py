"""SRResNet, which enlarges images, and the discriminator of SRGAN.

Reference:
    Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network (2017), arXiv:1609.04802,
    figure 4. The authors' code is not published. Kernels are drawn by Glorot's uniform rule, and batch normalization has a
    momentum of 0.9 and an epsilon of 1e-5: the paper names neither.
"""

import keras
from keras import layers

from keras_gans.layers import PixelShuffle
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.shapes import is_image_shape


@channels_last
def generator(
    image_shape=(None, None, 3), scale=4, filters=64, blocks=16, prelu="channel", bias_before_norm=True, activation="tanh"
):
    """SRResNet: residual blocks on the small image, then sub-pixel convolutions that enlarge it, for any height and width.

    Args:
        image_shape: Tuple (height, width, channels) of what it makes; sizes may be None, for any. Default: (None, None, 3).
        scale: Int, 2, 4 or 8, the factor from the small image to the large one. Default: 4.
        filters: Int, filters of every layer but the last. Default: 64.
        blocks: Int, residual blocks. Default: 16.
        prelu: "channel", slopes of each channel's own, or "layer", one slope a layer, PyTorch's default. Default: "channel".
        bias_before_norm: Bool, whether convolutions before a batch normalization have a bias, which it takes away. Default: True.
        activation: String, that of the last layer, or None. Default: "tanh", for images in [-1, 1]; the paper names none.

    Returns:
        `keras.Model`, small images `source` `(batch, height / scale, width / scale, channels)` in [0, 1] to images `(batch,
        *image_shape)` in (-1, 1). 1,550,659 parameters with the defaults; with `prelu="layer"` 1,549,462, 1,401,749 for scale 2
        and 1,697,175 for scale 8.

    Raises:
        ValueError: if an argument is none of the above, or a size is not a multiple of `scale`.

    Example:

    ```python
    generator = keras_gans.networks.srgan.generator(filters=8, blocks=2)
    low_resolution = keras.random.uniform((1, 6, 10, 3))
    print(generator(low_resolution).shape)  # (1, 24, 40, 3)
    ```
    """
    check_bools(bias_before_norm=bias_before_norm)
    _check_generator(image_shape, scale, filters, blocks, prelu)
    height, width, channels = image_shape
    act = _PReLUs(prelu)
    source = keras.Input((_part(height, scale), _part(width, scale), channels), name="source")
    head = act("head_prelu")(layers.Conv2D(filters, 9, padding="same", name="head")(source))
    x = head
    for k in range(1, blocks + 1):
        h = act(f"block_{k}_prelu")(_conv_norm(x, filters, bias_before_norm, f"block_{k}", "_1"))
        x = layers.Add()([x, _conv_norm(h, filters, bias_before_norm, f"block_{k}", "_2")])
    x = layers.Add()([head, _conv_norm(x, filters, bias_before_norm, "mid")])
    for k in range(1, scale.bit_length()):
        x = layers.Conv2D(4 * filters, 3, padding="same", name=f"up_{k}_conv")(x)
        x = act(f"up_{k}_prelu")(PixelShuffle(2, name=f"up_{k}_shuffle")(x))
    x = layers.Conv2D(channels, 9, padding="same", name="tail")(x)
    images = layers.Activation(activation, dtype="float32", name="images")(x)
    return keras.Model(source, images, name="srgan_generator")


@channels_last
def discriminator(image_shape=(96, 96, 3), filters=64, units=1024, bias_before_norm=True):
    """The discriminator: eight 3x3 convolutions, every second with stride 2, and two dense layers; LeakyReLU 0.2.

    The first convolution has no batch normalization. The dense layers bind it to one size of images.

    Args:
        image_shape: Tuple (height, width, channels), sizes multiples of 16. Default: (96, 96, 3), the crops of training.
        filters: Int, filters of the first two layers; the others have 2, 4 and 8 times as many. Default: 64.
        units: Int, units of the first dense layer. Default: 1024.
        bias_before_norm: Bool, as in `generator`. Default: True.

    Returns:
        `keras.Model`, images `(batch, *image_shape)` in [-1, 1] to logits `(batch, 1)`. 23,565,505 parameters with the defaults;
        13,079,745 for 64x64, 38,245,569 for 128x128.

    Raises:
        ValueError: for other sizes or numbers.

    Example:

    ```python
    discriminator = keras_gans.networks.srgan.discriminator((32, 32, 3), filters=8, units=64)
    print(discriminator.output_shape)  # (None, 1)
    ```

    Differences: ends in a logit, not in a sigmoid. Convolutions of stride 2 pad as TensorFlow's "same", by one pixel below and to
    the right.
    """
    check_bools(bias_before_norm=bias_before_norm)
    check_ints(1, filters=filters, units=units)
    if not is_image_shape(image_shape) or not all(_is_multiple(size, 16) for size in image_shape[:2]):
        raise ValueError(
            "SRGAN's discriminator takes images (height, width, channels) of sizes that are multiples of 16. "
            f"Received: image_shape={image_shape!r}. Crop the images."
        )
    images = keras.Input(image_shape, name="images")
    x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 3, padding="same", name="conv_1")(images))
    for k in range(1, 8):
        conv = layers.Conv2D(
            filters * 2 ** (k // 2), 3, 1 + k % 2, padding="same", use_bias=bias_before_norm, name=f"conv_{k + 1}"
        )
        x = layers.LeakyReLU(0.2)(_norm(f"norm_{k + 1}")(conv(x)))
    x = layers.LeakyReLU(0.2)(layers.Dense(units, name="dense")(layers.Flatten(name="features")(x)))
    scores = layers.Dense(1, dtype="float32", name="scores")(x)
    return keras.Model(images, scores, name="srgan_discriminator")


class _PReLUs:
    """Makes the activations, with slopes that begin at 0.25, as He et al. (2015) have them."""

    def __init__(self, kind):
        self.shared_axes = (1, 2) if kind == "channel" else (1, 2, 3)

    def __call__(self, name):
        return layers.PReLU(keras.initializers.Constant(0.25), shared_axes=self.shared_axes, name=name)


def _conv_norm(x, filters, use_bias, name, number=""):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=use_bias, name=f"{name}_conv{number}")(x)
    return _norm(f"{name}_norm{number}")(x)


def _norm(name):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)


def _part(size, scale):
    return None if size is None else size // scale


def _is_multiple(size, of):
    return is_int(size) and size >= of and size % of == 0


def _check_generator(image_shape, scale, filters, blocks, prelu):
    check_ints(1, filters=filters)
    check_ints(0, blocks=blocks)
    if scale not in (2, 4, 8):
        raise ValueError(f"`scale` must be 2, 4 or 8. Received: scale={scale!r}")
    if not is_image_shape(image_shape) or not all(size is None or _is_multiple(size, scale) for size in image_shape[:2]):
        raise ValueError(
            f"`image_shape` is that of the large images: (height, width, channels), sizes None or multiples of {scale}. "
            f"Received: image_shape={image_shape!r}"
        )
    if prelu not in ("channel", "layer"):
        raise ValueError(f'`prelu` must be "channel" or "layer". Received: prelu={prelu!r}')
