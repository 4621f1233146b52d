"""The bottleneck blocks of BigGAN-deep: 1x1, 3x3, 3x3, 1x1 convolutions, and a shortcut that keeps channels as they are."""

from keras import layers


def up_bottleneck(x, filters, kernels, norm, name, up):
    """Four convolutions, of a quarter of the channels of x; the shortcut drops channels, keeping the first `filters`.

    Args:
        x: Map `(batch, height, width, channels)`, channels >= filters.
        filters: Int, channels of the output.
        kernels: `Kernels`.
        norm: Callable, a map and a name to the normalized map.
        name: String, what the names of the block's layers begin with.
        up: Bool, whether the size is doubled, before the first 3x3 convolution.
    """
    hidden = max(1, x.shape[-1] // 4)
    h = kernels.conv(hidden, 1, f"{name}_conv_1")(layers.ReLU()(norm(x, f"{name}_norm_1")))
    h = layers.ReLU()(norm(h, f"{name}_norm_2"))
    h = layers.UpSampling2D()(h) if up else h
    h = kernels.block_conv(hidden, f"{name}_conv_2")(h)
    h = kernels.block_conv(hidden, f"{name}_conv_3")(layers.ReLU()(norm(h, f"{name}_norm_3")))
    h = kernels.conv(filters, 1, f"{name}_conv_4")(layers.ReLU()(norm(h, f"{name}_norm_4")))
    shortcut = x[..., :filters] if filters < x.shape[-1] else x
    return layers.Add()([h, layers.UpSampling2D()(shortcut) if up else shortcut])


def down_bottleneck(x, filters, kernels, name, down):
    """Four convolutions, of a quarter of `filters`; the shortcut keeps all channels, and adds new ones of a 1x1 convolution.

    Args:
        x: Map `(batch, height, width, channels)`, channels <= filters.
        filters, kernels, name: As in `up_bottleneck`.
        down: Bool, whether the size is halved: in the shortcut first, in the block before its last convolution.
    """
    hidden = max(1, filters // 4)
    h = kernels.conv(hidden, 1, f"{name}_conv_1")(layers.ReLU()(x))
    h = kernels.block_conv(hidden, f"{name}_conv_2")(layers.ReLU()(h))
    h = layers.ReLU()(kernels.block_conv(hidden, f"{name}_conv_3")(layers.ReLU()(h)))
    h = layers.AveragePooling2D(2)(h) if down else h
    h = kernels.conv(filters, 1, f"{name}_conv_4")(h)
    shortcut = layers.AveragePooling2D(2)(x) if down else x
    if filters > x.shape[-1]:
        new = kernels.conv(filters - x.shape[-1], 1, f"{name}_shortcut")(shortcut)
        shortcut = layers.Concatenate()([shortcut, new])
    return layers.Add()([h, shortcut])
