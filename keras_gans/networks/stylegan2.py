"""The networks of StyleGAN2: a mapping, a synthesis network of modulated convolutions with skips, a residual discriminator.

Reference:
    Karras, Laine, Aittala, Hellsten, Lehtinen, Aila, Analyzing and Improving the Image Quality of StyleGAN (2019),
    arXiv:1912.04958; matches NVlabs/stylegan2 (`training/networks_stylegan2.py`).
"""

import math

import keras
from keras import layers
from keras import ops

from keras_gans.layers import Bias
from keras_gans.layers import Blur
from keras_gans.layers import ConstantInput
from keras_gans.layers import FIRUpSampling2D
from keras_gans.layers import MinibatchStdDev
from keras_gans.layers import ModulatedConv2D
from keras_gans.layers import NoiseInjection
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.equalized import conv
from keras_gans.networks.blocks.equalized import dense
from keras_gans.networks.blocks.equalized import halving_conv
from keras_gans.networks.blocks.equalized import linear_dense
from keras_gans.networks.blocks.growing import sizes_of
from keras_gans.networks.blocks.growing import width
from keras_gans.networks.blocks.styles import mapping_alone
from keras_gans.networks.blocks.styles import mapping_of
from keras_gans.networks.blocks.styles import synthesis_of
from keras_gans.networks.blocks.styles import truncated_styles
from keras_gans.utils.choices import check_bools
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints

__all__ = ["discriminator", "generator", "mapping", "mapping_of", "synthesis", "synthesis_of"]

_PAPER = "StyleGAN2"
_TAPS = (1, 3, 3, 1)
_GAIN = math.sqrt(2.0)  # of each activation


@channels_last
def generator(
    image_shape=(1024, 1024, 3),
    latents=512,
    base_filters=16384,
    max_filters=512,
    classes=None,
    mapping_layers=8,
    style_width=512,
    noise=True,
    truncation_cutoff=None,
    average_decay=0.995,
    method="inputs",
):
    """The generator: a mapping of latents to w, and a synthesis with a constant, which w modulates layer by layer.

    The layer "styles" gives each layer of the synthesis the same w, drawn towards the average of w by the input `truncation`:
    where that is 1, as in training, w as it is.

    Args:
        image_shape: Tuple (size, size, channels), size a power of two, 4 or more. Default: (1024, 1024, 3).
        latents: Int, width of the latents. Default: 512.
        base_filters: Int; a map of size r has min(2 base_filters / r, max_filters) filters. Default: 16384, of configuration F;
            8192 of E.
        max_filters: Int. Default: 512.
        classes: Int for a conditional generator, which gets weights over the classes beside the latents. Default: None.
        mapping_layers: Int, layers of the mapping; 0: styles are the normalized latents. Default: 8; the successors of the
            published code have 2 for small images.
        style_width: Int, the width of w, where there is a mapping. Default: 512.
        noise: Bool, whether each convolution gets noise. Default: True.
        truncation_cutoff: Int, how many layers are truncated, from the first; None for all. Default: None.
        average_decay: Float, of the average of w. Default: 0.995.
        method: String, how convolutions are modulated, see `keras_gans.layers.ModulatedConv2D`. Default: "inputs".

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, `condition` `(batch, classes)` if there are classes, and `truncation`
        `(batch, 1)`, to images `(batch, *image_shape)`. 30,370,060 parameters that are trained with the defaults, configuration
        F; 24,900,764 with `base_filters=8192`, configuration E.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    small = {"base_filters": 64, "max_filters": 8, "mapping_layers": 2, "style_width": 8}
    generator = keras_gans.networks.stylegan2.generator((16, 16, 3), latents=8, **small)
    print(generator([keras.random.normal((2, 8)), tf.ones((2, 1))]).shape)  # (2, 16, 16, 3)
    ```

    Differences: in inference, each layer's noise is one map, saved with it, for all images; see
    `keras_gans.layers.NoiseInjection`.
    """
    check_bools(noise=noise)
    sizes = sizes_of(_PAPER, image_shape, base_filters, max_filters)
    mapped = mapping(latents, classes, mapping_layers, style_width)
    inputs, styles = truncated_styles(mapped, 2 * len(sizes), truncation_cutoff, average_decay)
    images = _images(styles, image_shape, base_filters, max_filters, noise, method)
    return keras.Model(inputs, images, name="stylegan2_generator")


@channels_last
def mapping(latents=512, classes=None, mapping_layers=8, style_width=512):
    """The mapping alone: normalized latents through dense layers, which learn a hundred times slower than others.

    Args:
        latents, classes, mapping_layers, style_width: As in `generator`.

    Returns:
        `keras.Model`, `latents` `(batch, latents)`, and `condition` `(batch, classes)` if there are classes, to w
        `(batch, style_width)`. 2,101,248 parameters with the defaults.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    mapping = keras_gans.networks.stylegan2.mapping(latents=8, mapping_layers=2, style_width=16)
    print(mapping.output_shape)  # (None, 16)
    ```
    """
    return mapping_alone("stylegan2_mapping", latents, classes, mapping_layers, style_width, activation_gain=True)


@channels_last
def synthesis(image_shape=(1024, 1024, 3), style_width=512, base_filters=16384, max_filters=512, noise=True, method="inputs"):
    """The synthesis alone: a constant map of 4x4, two modulated convolutions a size, images of each size summed.

    Each convolution: modulated and demodulated by its layer's style, noise of one strength, bias, sqrt(2) LeakyReLU 0.2. The
    first of a size doubles it, and is followed by the low-pass filter [1, 3, 3, 1]. A modulated 1x1 convolution, not demodulated,
    makes images of the map of each size, which are added to those of the size below, enlarged by that filter. There is no tanh.

    Args:
        image_shape, style_width, base_filters, max_filters, noise, method: As in `generator`.

    Returns:
        `keras.Model`, `styles` `(batch, layers, style_width)` to images `(batch, *image_shape)`, float32; 2 log2(size) - 2
        layers, of which those that make images of a size share their style with the first convolution of the next. 28,268,812
        parameters that are trained with the defaults, and 2,796,176 numbers of noise.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    network = keras_gans.networks.stylegan2.synthesis((16, 16, 3), style_width=8, base_filters=64, max_filters=8)
    print(network.input_shape, network.output_shape)  # (None, 6, 8) (None, 16, 16, 3)
    ```
    """
    check_bools(noise=noise)
    sizes = sizes_of(_PAPER, image_shape, base_filters, max_filters)
    check_ints(1, style_width=style_width)
    styles = keras.Input((2 * len(sizes), style_width), name="styles")
    images = _images(styles, image_shape, base_filters, max_filters, noise, method)
    return keras.Model(styles, images, name="stylegan2_synthesis")


def _images(styles, image_shape, base_filters, max_filters, noise, method):
    style_of, images = ops.unstack(styles, axis=1), None

    def convolved(x, filters, style, name, upsample=False):
        x = ModulatedConv2D(filters, upsample=upsample, method=method, name=name)([x, style])
        if upsample:  # between its pixels are zeros, to which three quarters of the filter's weight go
            x = Blur(_TAPS, padding=(1, 1), gain=4, name=f"filter_{name}")(x)
        if noise:
            x = NoiseInjection(per_channel=False, name=f"noise_{name}")(x)
        return _activated(layers.LeakyReLU(0.2, name=f"act_{name}")(Bias(name=f"bias_{name}")(x)))

    for k, size in enumerate(sizes_of(_PAPER, image_shape, base_filters, max_filters)):
        filters = width(size, base_filters, max_filters)
        if size == 4:
            x = ConstantInput((4, 4, filters), keras.initializers.RandomNormal(0.0, 1.0), name="constant")(styles)
        else:
            x = convolved(x, filters, style_of[2 * k - 1], f"up_{size}", upsample=True)
        x = convolved(x, filters, style_of[2 * k], f"conv_{size}")
        to_rgb = ModulatedConv2D(image_shape[-1], 1, demodulate=False, method=method, name=f"to_rgb_{size}")
        new = Bias(dtype="float32", name=f"bias_rgb_{size}")(to_rgb([x, style_of[2 * k + 1]]))
        if images is not None:
            enlarged = FIRUpSampling2D(_TAPS, dtype="float32", name=f"enlarged_{size}")(images)
            new = layers.Add(dtype="float32", name=f"images_{size}")([enlarged, new])
        images = new
    return images


@channels_last
def discriminator(image_shape=(1024, 1024, 3), base_filters=16384, max_filters=512, classes=None, group_size=4):
    """The residual discriminator: of each size a block of two convolutions, the second of which halves the map, and a shortcut.

    Every layer has an equalized learning rate; activations are sqrt(2) LeakyReLU 0.2; what halves a map is preceded by the
    low-pass filter [1, 3, 3, 1]; a block's sum is divided by sqrt(2). The map of 4x4 gets the deviation of a group of images, a
    convolution and two dense layers.

    Args:
        image_shape, base_filters, max_filters: As in `generator`.
        classes: Int for a discriminator that gives each class its score, of which `condition`'s count. Default: None.
        group_size: Int, images of a group; None for the whole batch. Default: 4.

    Returns:
        `keras.Model`, `images` `(batch, *image_shape)`, and `condition` `(batch, classes)` if there are classes, to scores
        `(batch, 1)`, float32. 29,012,513 parameters with the defaults; 24,038,161 with `base_filters=8192`.

    Raises:
        ValueError: for any other size, or if an argument is out of range.

    Example:

    ```python
    network = keras_gans.networks.stylegan2.discriminator((16, 16, 3), base_filters=64, max_filters=8)
    print(network(keras.random.uniform((4, 16, 16, 3), -1, 1)).shape)  # (4, 1)
    ```
    """
    sizes = sizes_of(_PAPER, image_shape, base_filters, max_filters)
    filters = {size: width(size, base_filters, max_filters) for size in (2, *sizes)}
    images, condition = keras.Input(image_shape, name="images"), ends.condition_input(classes)
    x = _activated(conv(filters[sizes[-1]], 1, "from_rgb", 1.0)(images))
    for size in reversed(sizes[1:]):
        shortcut = Blur(_TAPS, padding=(1, 1), name=f"blur_shortcut_{size}")(x)
        shortcut = halving_conv(filters[size // 2], 1, f"shortcut_{size}", None, use_bias=False)(shortcut)
        x = _activated(conv(filters[size], 3, f"conv_{size}", 1.0)(x))
        x = Blur(_TAPS, padding=(2, 2), name=f"filter_{size}")(x)
        x = _activated(halving_conv(filters[size // 2], 3, f"down_{size}")(x))
        x = layers.Rescaling(1 / _GAIN, name=f"block_{size}")(layers.Add()([x, shortcut]))
    x = _activated(conv(filters[4], 3, "conv_4", 1.0)(MinibatchStdDev(group_size, name="deviation")(x)))
    x = _activated(dense(filters[2], "features", 1.0)(layers.Flatten()(x)))
    scores = linear_dense(classes or 1, "scores", "float32")(x)
    if condition is not None:
        scores = layers.Dot(axes=1, dtype="float32", name="score_of_class")([scores, condition])
    return keras.Model(ends.present(images, condition), scores, name="stylegan2_discriminator")


def _activated(x):
    """After LeakyReLU: the gain that keeps the variance, which the published code gives to activations instead of kernels."""
    return layers.Rescaling(_GAIN)(x)
