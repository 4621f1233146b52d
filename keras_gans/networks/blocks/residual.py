"""The residual blocks of WGAN-GP, SNGAN, SAGAN and BigGAN: two 3x3 convolutions, each after its ReLU.

In the shortcuts, the 1x1 convolution is on the smaller map: before upsampling, after pooling. Nearest upsampling and averages
commute with it, so this is the published function, for a quarter of the work.
"""

from keras import layers


def up_block(x, filters, kernels, norm, name):
    """Doubles the size: norm, ReLU, upsampling, 3x3, norm, ReLU, 3x3; in the shortcut 1x1, upsampling.

    Args:
        x: Map `(batch, height, width, channels)`.
        filters: Int, channels of the output and between the convolutions.
        kernels: `Kernels`.
        norm: Callable, a map and a name to the normalized map.
        name: String, what the names of the block's layers begin with.
    """
    h = layers.UpSampling2D()(layers.ReLU()(norm(x, f"{name}_norm_1")))
    h = kernels.block_conv(filters, f"{name}_conv_1")(h)
    h = kernels.block_conv(filters, f"{name}_conv_2")(layers.ReLU()(norm(h, f"{name}_norm_2")))
    return layers.Add()([h, layers.UpSampling2D()(kernels.conv(filters, 1, f"{name}_shortcut")(x))])


def up_blocks(x, widths, norms, kernels, attention=None):
    """`up_block` for each width and normalization, called "block_1" and so on; self-attention after that which reaches a size.

    Args:
        x, kernels: As in `up_block`.
        widths: Ints, the channels of each block's output.
        norms: As many normalizations, as in `up_block`.
        attention: Int, the size of the map after which self-attention stands, or None for none. Default: None.
    """
    for k, (width, norm) in enumerate(zip(widths, norms, strict=True)):
        x = up_block(x, width, kernels, norm, f"block_{k + 1}")
        x = kernels.attention()(x) if x.shape[1] == attention else x
    return x


def down_block(x, filters, kernels, name, hidden=None, down=True, first=False):
    """ReLU, 3x3, ReLU, 3x3, average pooling; in the shortcut average pooling, 1x1. No normalization.

    Args:
        x, filters, kernels, name: As in `up_block`.
        hidden: Int, channels between the convolutions: those of x in thin blocks. Default: `filters`.
        down: Bool, whether the size is halved. If not, and if no channels are added, the shortcut is the identity.
        first: Bool, whether x is images, on which there is no ReLU.
    """
    h = kernels.block_conv(filters if hidden is None else hidden, f"{name}_conv_1")(x if first else layers.ReLU()(x))
    h = kernels.block_conv(filters, f"{name}_conv_2")(layers.ReLU()(h))
    if down:
        h, x = layers.AveragePooling2D(2)(h), layers.AveragePooling2D(2)(x)
    if down or filters != x.shape[-1]:
        x = kernels.conv(filters, 1, f"{name}_shortcut")(x)
    return layers.Add()([h, x])


def down_blocks(images, widths, halvings, kernels, attention=None):
    """`down_block` for each width, called "block_1" and so on, of which the first `halvings` halve the size.

    Args:
        images: Tensor `(batch, height, width, channels)`.
        widths, kernels, attention: As in `up_blocks`.
        halvings: Int.
    """
    x = images
    for k, width in enumerate(widths):
        down = k < halvings
        x = down_block(x, width, kernels, f"block_{k + 1}", down=down, first=k == 0)
        x = kernels.attention()(x) if down and x.shape[1] == attention else x
    return x
