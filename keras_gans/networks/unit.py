"""The networks of UNIT: an encoder, a generator and a discriminator for each of two domains, with a space of codes in common.

Each function returns a pair of networks that hold the same layers where the domains meet. Inside a GAN they belong together as
one model: `utils.joined.joined` makes it, and Keras saves and copies only that without losing what they share.

Reference:
    Liu, Breuel, Kautz, Unsupervised Image-to-Image Translation Networks (2017), arXiv:1703.00848; layers, numbers of layers and
    initial weights of the authors' code at the time of the paper (mingyuliutw/UNIT, `src/trainers/cocogan_nets.py` with
    `exps/unit`): the defaults are those for faces, `norm="instance"` and `shared_layers=0` with 3x3 kernels those for streets.
"""

import keras
from keras import layers

from keras_gans.layers import InstanceNormalization
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.image_norm import image_norm
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints

DOMAINS = ("a", "b")
_SLOPE = 0.01  # PyTorch's


@channels_last
def encoders(image_shape=(None, None, 3), filters=64, halvings=2, blocks=3, shared_blocks=1, norm=None):
    """Two encoders: images of both domains to codes of one space. Their last residual blocks are shared.

    A 7x7 convolution, 3x3 convolutions of stride 2 that double the channels, LeakyReLU 0.01 after each; residual blocks of two
    3x3 convolutions with instance normalization. The code is the mean of a Gaussian of scale 1: who trains adds the noise.

    Args:
        image_shape: Tuple (height, width, channels); both sizes may be None, for any. Default: (None, None, 3).
        filters: Int, channels of the first map. Default: 64.
        halvings: Int, convolutions of stride 2. Default: 2.
        blocks: Int, residual blocks of each domain. Default: 3.
        shared_blocks: Int, residual blocks in common after them, at least 1. Default: 1.
        norm: None, or "instance" for instance normalization and ReLU after the convolutions of stride 2. Default: None.

    Returns:
        Pair of `keras.Model`, `images` `(batch, *image_shape)` to codes `(batch, height / 2^halvings, width / 2^halvings, filters
        2^halvings)`. With the defaults they share 1,180,160 parameters, and have 3,918,976 each.

    Raises:
        ValueError: if an argument is out of range, or a size is not a multiple of 2^halvings.

    Example:

    ```python
    first, second = keras_gans.networks.unit.encoders((32, 32, 3), filters=4, blocks=1)
    print(first.output_shape)  # (None, 8, 8, 16)
    ```

    Differences: biases begin at zero, in all networks here; in the release they have PyTorch's small random values. Its encoder
    adds the noise itself. Both domains have as many channels. The paper's tables were not compared, only the code.
    """
    _check(image_shape, filters, halvings, blocks, shared_blocks)
    activate = _activation(norm)
    shared = [_Block(filters * 2**halvings, f"shared_{k}") for k in range(1, shared_blocks + 1)]
    networks = []
    for domain in DOMAINS:
        images = keras.Input(image_shape, name="images")
        x = layers.LeakyReLU(_SLOPE)(_conv(filters, 7, f"down_0_{domain}", padding="same")(images))
        for k in range(1, halvings + 1):
            x = _padded(x, filters * 2**k, 3, f"down_{k}_{domain}")
            x = activate(x, f"down_{k}_norm_{domain}")
        for k in range(1, blocks + 1):
            x = _Block(x.shape[-1], f"block_{k}_{domain}")(x)
        for block in shared:
            x = block(x)
        networks.append(keras.Model(images, x, name=f"unit_encoder_{domain}"))
    return tuple(networks)


@channels_last
def generators(image_shape=(None, None, 3), filters=64, halvings=2, blocks=3, shared_blocks=1, norm=None):
    """Two generators: codes to images of either domain. Their first residual blocks are shared.

    Residual blocks as in `encoders`; 3x3 transposed convolutions of stride 2 that halve the channels, LeakyReLU 0.01; a 1x1
    convolution, tanh. An image of one domain is translated by its encoder and the other domain's generator.

    Args:
        image_shape, filters, halvings, blocks, norm: As in `encoders`.
        shared_blocks: Int, residual blocks in common before those of each domain, at least 1. Default: 1.

    Returns:
        Pair of `keras.Model`, codes `latents` `(batch, height / 2^halvings, width / 2^halvings, filters 2^halvings)` to images
        `(batch, *image_shape)` in (-1, 1). With the defaults they share 1,180,160 parameters, and have 3,909,507 each.

    Raises:
        ValueError: as `encoders`.

    Example:

    ```python
    first, second = keras_gans.networks.unit.generators((32, 32, 3), filters=4, blocks=1)
    print(second(tf.zeros((1, 8, 8, 16))).shape)  # (1, 32, 32, 3)
    ```
    """
    _check(image_shape, filters, halvings, blocks, shared_blocks)
    activate = _activation(norm)
    width = filters * 2**halvings
    code_shape = [None if size is None else size // 2**halvings for size in image_shape[:2]]
    shared = [_Block(width, f"shared_{k}") for k in range(1, shared_blocks + 1)]
    networks = []
    for domain in DOMAINS:
        x = codes = keras.Input((*code_shape, width), name="latents")
        for block in shared:
            x = block(x)
        for k in range(1, blocks + 1):
            x = _Block(width, f"block_{k}_{domain}")(x)
        for k in range(1, halvings + 1):
            # Of the 2n + 1 rows the last 2n, as in PyTorch; "same" would keep the first.
            up = layers.Conv2DTranspose(width // 2**k, 3, 2, "valid", kernel_initializer=small_normal(), name=f"up_{k}_{domain}")
            x = layers.Cropping2D(((1, 0), (1, 0)))(up(x))
            x = activate(x, f"up_{k}_norm_{domain}")
        x = _conv(image_shape[-1], 1, f"to_rgb_{domain}")(x)
        images = layers.Activation("tanh", dtype="float32", name=f"images_{domain}")(x)
        networks.append(keras.Model(codes, images, name=f"unit_generator_{domain}"))
    return tuple(networks)


@channels_last
def discriminators(image_shape=(128, 128, 3), filters=64, own_layers=2, shared_layers=4, kernel_size=7):
    """Two discriminators of convolutions of stride 2, whose last layers are shared: scores of overlapping patches.

    The first convolution has `kernel_size`, the others 3x3, each twice the channels of the one before; LeakyReLU 0.01; a 1x1
    convolution. No normalization. For streets the release has six layers of each domain's own, of 3x3.

    Args:
        image_shape: Tuple (height, width, channels). Default: (128, 128, 3).
        filters: Int, channels of the first map. Default: 64.
        own_layers: Int, convolutions of each domain, at least 1. Default: 2.
        shared_layers: Int, convolutions in common; the last, 1x1, is shared where any is. Default: 4.
        kernel_size: Int, odd, of the first convolution. Default: 7.

    Returns:
        Pair of `keras.Model`, `images` `(batch, *image_shape)` to a map of logits `(batch, h, w, 1)`, h = height / 2^(layers),
        rounded up. With the defaults 2x2 of them; they share 25,073,409 parameters, and have 83,328 each.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    first, second = keras_gans.networks.unit.discriminators((32, 32, 3), filters=4, shared_layers=2)
    print(first.output_shape)  # (None, 2, 2, 1)
    ```

    Differences: ends in logits, not in sigmoids.
    """
    ends.check_image_shape(image_shape)
    check_ints(1, filters=filters, own_layers=own_layers, kernel_size=kernel_size)
    check_ints(0, shared_layers=shared_layers)
    if kernel_size % 2 == 0:
        raise ValueError(f"`kernel_size` must be odd, so that an image is padded evenly. Received: kernel_size={kernel_size!r}")
    shared = []
    for k in range(own_layers + 1, own_layers + shared_layers + 1):
        name = f"conv_{k}"
        shared += [layers.ZeroPadding2D(1, name=f"{name}_pad"), _conv(filters * 2 ** (k - 1), 3, name, strides=2)]
        shared += [layers.LeakyReLU(_SLOPE, name=f"{name}_act")]
    shared += [_conv(1, 1, "scores", dtype="float32")] if shared_layers else []
    networks = []
    for domain in DOMAINS:
        x = images = keras.Input(image_shape, name="images")
        for k in range(1, own_layers + 1):
            x = _padded(x, filters * 2 ** (k - 1), kernel_size if k == 1 else 3, f"conv_{k}_{domain}")
            x = layers.LeakyReLU(_SLOPE, name=f"conv_{k}_act_{domain}")(x)
        for layer in shared or [_conv(1, 1, f"scores_{domain}", dtype="float32")]:
            x = layer(x)
        networks.append(keras.Model(images, x, name=f"unit_discriminator_{domain}"))
    return tuple(networks)


class _Block:
    """A residual block, whose layers are the same in each call: 3x3, norm, ReLU, 3x3, norm, and x added."""

    def __init__(self, width, name):
        self.layers = []
        for k in (1, 2):
            norm = InstanceNormalization(epsilon=1e-5, center=False, scale=False, name=f"{name}_norm_{k}")
            self.layers += [_conv(width, 3, f"{name}_conv_{k}", padding="same"), norm]
        self.layers.insert(2, layers.ReLU(name=f"{name}_relu"))
        self.add = layers.Add(name=name)

    def __call__(self, x):
        h = x
        for layer in self.layers:
            h = layer(h)
        return self.add([x, h])


def _activation(norm):
    """What follows a convolution of stride 2: a callable, a map and a name to a map."""
    if norm is None:
        return lambda x, name: layers.LeakyReLU(_SLOPE)(x)
    if norm != "instance":
        raise ValueError(f'`norm` must be None or "instance". Received: norm={norm!r}')
    normalize = image_norm(norm)
    return lambda x, name: layers.ReLU()(normalize(x, name))


def _conv(filters, size, name, strides=1, padding="valid", dtype=None):
    return layers.Conv2D(filters, size, strides, padding, kernel_initializer=small_normal(), dtype=dtype, name=name)


def _padded(x, filters, size, name):
    # Padded here: "same" would pad the far sides only, and shift the maps.
    x = layers.ZeroPadding2D(size // 2, name=f"{name}_pad")(x)
    return _conv(filters, size, name, strides=2)(x)


def _check(image_shape, filters, halvings, blocks, shared_blocks):
    check_ints(1, filters=filters, shared_blocks=shared_blocks)
    check_ints(0, halvings=halvings, blocks=blocks)
    ends.check_halvings(image_shape, halvings, any_size=True)
