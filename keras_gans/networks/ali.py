"""The networks of ALI: a generator, a Gaussian encoder, and a discriminator that judges pairs of images and latents.

Convolutions are not padded. There are three layouts, with their widths, slopes of LeakyReLU and sizes of latents:

layout      images   first map   latents   slope   discriminator
"svhn"      32x32    32          256       0.01    batch normalization and LeakyReLU
"celeba"    64x64    64          256       0.02    the same
"cifar10"   32x32    32          64        0.1     maxout of two channels each, which halves their number; no normalization

Reference:
    Dumoulin, Belghazi, Poole, Mastropietro, Lamb, Arjovsky, Courville, Adversarially Learned Inference (2017), arXiv:1606.00704,
    the tables of appendix A; biases, initial weights and normalization of the authors' code (IshmaelBelghazi/ALI,
    `experiments/ali_svhn.py`, `ali_celeba.py`, `ali_cifar10.py`).
"""

import dataclasses

import keras
import numpy as np
from keras import layers
from keras import ops

from keras_gans.networks.blocks import ends
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints


@dataclasses.dataclass(frozen=True)
class _Layout:
    """What differs between the layouts. Widths are in units of `filters`.

    Attributes:
        size: Int, height and width of the images.
        filters, latents: Ints, the published widths.
        down, up: Tuples of (kernel size, stride, width), convolutions to one position and transposed ones back.
        mix: Bool, whether generator and encoder have one more 1x1 convolution before their ends, of the width before it.
        slope: Float, of LeakyReLU.
        pieces: Int, channels of which the discriminator takes the maximum; 1 for LeakyReLU.
        dropout: Float, rate before the discriminator's layers but those that see images or latents, which have 0.2.
    """

    size: int
    filters: int
    latents: int
    down: tuple
    up: tuple
    mix: bool
    slope: float
    pieces: int = 1
    dropout: float = 0.2


_SVHN = _Layout(
    size=32,
    filters=32,
    latents=256,
    down=((5, 1, 1), (4, 2, 2), (4, 1, 4), (4, 2, 8), (4, 1, 16)),
    up=((4, 1, 8), (4, 2, 4), (4, 1, 2), (4, 2, 1), (5, 1, 1)),
    mix=True,
    slope=0.01,
)
_CELEBA = _Layout(
    size=64,
    filters=64,
    latents=256,
    down=((2, 1, 1), (7, 2, 2), (5, 2, 4), (7, 2, 4), (4, 1, 8)),
    up=((4, 1, 8), (7, 2, 4), (5, 2, 4), (7, 2, 2), (2, 1, 1)),
    mix=False,
    slope=0.02,
)
_CIFAR10 = dataclasses.replace(_SVHN, latents=64, slope=0.1, pieces=2, dropout=0.5)
_LAYOUTS = {"svhn": _SVHN, "celeba": _CELEBA, "cifar10": _CIFAR10}


@channels_last
def generator(image_shape=(32, 32, 3), latents=None, layout=None, filters=None, mean_image=None):
    """The generator: transposed convolutions from one position, with batch normalization and LeakyReLU; a sigmoid.

    The last layer is a 1x1 convolution whose bias is not the same everywhere: each pixel and channel has its own.

    Args:
        image_shape: Tuple (size, size, channels), size 32 or 64. Default: (32, 32, 3).
        latents: Int, width of the latents. Default: the layout's.
        layout: "svhn", "celeba" or "cifar10". Default: "svhn" for size 32, "celeba" for 64.
        filters: Int, channels of the last map, to which the widths of all others are in proportion. Default: the layout's.
        mean_image: Array of `image_shape` in [0, 1], such as the mean of the training images: the last bias begins at its log
            odds, log(m / (1 - m)), as the authors' does. Default: zero bias.

    Returns:
        `keras.Model`, latents `(batch, latents)` to images `(batch, *image_shape)` in (0, 1). 1,767,584 parameters in the layout
        "svhn", 11,811,392 in "celeba", 981,152 in "cifar10".

    Raises:
        ValueError: if an argument is out of range, or the size is not the layout's.

    Example:

    ```python
    generator = keras_gans.networks.ali.generator(filters=4, mean_image=np.full((32, 32, 3), 0.4))
    images = generator(keras.random.normal((2, 256)))
    print(images.shape)  # (2, 32, 32, 3); gray, of about 0.4
    ```

    Differences: in all networks here, variances of batches are averaged for inference; in the release, standard deviations.
    """
    layout, latents, filters = _checked(image_shape, latents, layout, filters)
    z = keras.Input((latents,), name="latents")
    x = layers.Reshape((1, 1, latents))(z)
    for k, (size, strides, width) in enumerate(layout.up, 1):
        x = _norm_act(_up(width * filters, size, strides, f"up_{k}")(x), layout, f"up_{k}")
    if layout.mix:
        x = _norm_act(_conv(filters, 1, 1, "mix")(x), layout, "mix")
    bias = "zeros" if mean_image is None else keras.initializers.Constant(_log_odds(mean_image, image_shape))
    to_rgb = layers.EinsumDense(
        "bhwc,cd->bhwd", image_shape, bias_axes="hwd", kernel_initializer=_start(), bias_initializer=bias, name="to_rgb"
    )
    images = layers.Activation("sigmoid", dtype="float32", name="images")(to_rgb(x))
    return keras.Model(z, images, name="ali_generator")


@channels_last
def encoder(image_shape=(32, 32, 3), latents=None, layout=None, filters=None):
    """The encoder: convolutions to one position, with batch normalization and LeakyReLU, and a Gaussian over latents.

    q(z | x) = N(mean, diag(exp(log_scale)^2)): who trains draws z = mean + exp(log_scale) epsilon, epsilon ~ N(0, I).

    Args:
        image_shape, latents, layout: As in `generator`.
        filters: Int, channels of the first map, to which the widths of all others are in proportion. Default: the layout's.

    Returns:
        `keras.Model`, images `(batch, *image_shape)` to a dict of `mean` and `log_scale`, both float32 `(batch, latents)`.
        3,315,488 parameters in the layout "svhn", 6,794,880 in "celeba", 3,118,496 in "cifar10".

    Raises:
        ValueError: as `generator`.

    Example:

    ```python
    encoder = keras_gans.networks.ali.encoder(filters=4)
    code = encoder(keras.random.uniform((2, 32, 32, 3)))
    print(code["mean"].shape, code["log_scale"].shape)  # (2, 256) (2, 256)
    ```
    """
    layout, latents, filters = _checked(image_shape, latents, layout, filters)
    x = images = keras.Input(image_shape, name="images")
    for k, (size, strides, width) in enumerate(layout.down, 1):
        x = _norm_act(_conv(width * filters, size, strides, f"conv_{k}")(x), layout, f"conv_{k}")
    x = layers.Flatten()(x)
    if layout.mix:
        x = _norm_act(_dense(16 * filters, "mix", use_bias=False)(x), layout, "mix")
    outputs = {name: _dense(latents, name, dtype="float32")(x) for name in ("mean", "log_scale")}
    return keras.Model(images, outputs, name="ali_encoder")


@channels_last
def discriminator(image_shape=(32, 32, 3), latents=None, layout=None, filters=None):
    """The discriminator of pairs: convolutions of the images, two dense layers of the latents, three of both together.

    Dropout comes before each layer, with rate 0.2; in the layout "cifar10" with 0.5, but for the inputs.

    Args:
        image_shape, latents, layout, filters: As in `encoder`.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)` and `latents` `(batch, latents)` to logits `(batch, 1)`. 5,283,073
        parameters in the layout "svhn", 15,189,057 in "celeba", 2,610,049 in "cifar10".

    Raises:
        ValueError: as `generator`; or in the layout "cifar10", if `filters` is odd.

    Example:

    ```python
    discriminator = keras_gans.networks.ali.discriminator(filters=4, latents=8)
    scores = discriminator([keras.random.uniform((2, 32, 32, 3)), keras.random.normal((2, 8))])
    print(scores.shape)  # (2, 1)
    ```

    Differences: ends in a logit, not in a sigmoid. Where table and code differ, "celeba" has the code's dropout of images and no
    normalization of the first map; "cifar10" has the table's dropout before each layer, which the code leaves out before some.
    The tables count too many channels before joint layers after maxout, and in the latents of "celeba".
    """
    layout, latents, filters = _checked(image_shape, latents, layout, filters)
    if filters % layout.pieces:
        raise ValueError(f"Maxout takes channels in pairs, so `filters` must be even. Received: filters={filters!r}")
    images, z = keras.Input(image_shape, name="images"), keras.Input((latents,), name="latents")
    x = images
    for k, (size, strides, width) in enumerate(layout.down, 1):
        x = layers.Dropout(layout.dropout if k > 1 else 0.2)(x)
        x = _conv(width * filters, size, strides, f"image_{k}", use_bias=k == 1)(x)
        x = _act(x, layout) if k == 1 or layout.pieces > 1 else _norm_act(x, layout, f"image_{k}")
    code = z
    for k in (1, 2):
        code = layers.Dropout(layout.dropout if k > 1 else 0.2)(code)
        code = _act(_dense(16 * filters, f"code_{k}", use_bias=False)(code), layout)
    x = layers.Concatenate()([layers.Flatten()(x), code])
    for k in (1, 2):
        x = _act(_dense(32 * filters, f"joint_{k}")(layers.Dropout(layout.dropout)(x)), layout)
    scores = _dense(1, "scores", dtype="float32")(layers.Dropout(layout.dropout)(x))
    return keras.Model([images, z], scores, name="ali_discriminator")


def _conv(filters, size, strides, name, use_bias=False):
    return layers.Conv2D(filters, size, strides, "valid", use_bias=use_bias, kernel_initializer=_start(), name=name)


def _up(filters, size, strides, name):
    return layers.Conv2DTranspose(filters, size, strides, "valid", use_bias=False, kernel_initializer=_start(), name=name)


def _dense(units, name, use_bias=True, dtype=None):
    return layers.Dense(units, use_bias=use_bias, kernel_initializer=_start(), dtype=dtype, name=name)


def _start():
    return keras.initializers.RandomNormal(0.0, 0.01)


def _norm_act(x, layout, name):
    x = layers.BatchNormalization(momentum=0.95, epsilon=1e-4, name=f"{name}_norm")(x)
    return layers.LeakyReLU(layout.slope, name=f"{name}_act")(x)


def _act(x, layout):
    """LeakyReLU, or the maximum of neighboring channels."""
    if layout.pieces == 1:
        return layers.LeakyReLU(layout.slope)(x)
    pairs = layers.Reshape((*x.shape[1:-1], x.shape[-1] // layout.pieces, layout.pieces))(x)
    return ops.max(pairs, axis=-1)


def _log_odds(mean_image, image_shape):
    mean = np.asarray(mean_image, "float32")
    if mean.shape != tuple(image_shape) or not (mean.min() >= 0 and mean.max() <= 1):
        raise ValueError(
            f"`mean_image` must have the shape {tuple(image_shape)}, and values in [0, 1]. Received: shape {mean.shape}, values "
            f"from {mean.min():.3g} to {mean.max():.3g}. Rescale images in [-1, 1]: (x + 1) / 2."
        )
    mean = np.clip(mean, 1e-7, 1 - 1e-7)
    return np.log(mean / (1 - mean))


def _checked(image_shape, latents, layout, filters):
    """The layout, and the widths of latents and of the first map."""
    ends.check_paper_size("ALI", image_shape, (32, 64))
    layout = {32: "svhn", 64: "celeba"}[image_shape[0]] if layout is None else layout
    fitting = [name for name, each in _LAYOUTS.items() if each.size == image_shape[0]]
    if layout not in fitting:
        raise ValueError(
            f"`layout` must fit images of size {image_shape[0]}, {' or '.join(map(repr, fitting))}. Received: layout={layout!r}"
        )
    layout = _LAYOUTS[layout]
    latents = layout.latents if latents is None else latents
    filters = layout.filters if filters is None else filters
    check_ints(1, latents=latents, filters=filters)
    return layout, latents, filters
