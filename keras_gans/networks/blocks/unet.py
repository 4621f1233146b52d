"""The U-Net of pix2pix: convolutions halve an image to one position, transposed ones double it, maps of a size are joined."""

from keras import layers

from keras_gans.networks.blocks import ends
from keras_gans.utils.initializers import small_normal

# How many of the innermost levels of the decoder have dropout.
_DROPPED = 3


def unet(source, channels, filters, norm, use_bias, dropout, skip_connections):
    """Images of a source, in (-1, 1). Layers are called "down_1" and so on, and "up_1" and so on from the innermost.

    Args:
        source: Square images `(batch, size, size, channels)`, size a power of two.
        channels: Int, channels of the images that are made.
        filters: Int, channels of the first map; each after it has twice as many, 8 times `filters` at most.
        norm: Callable, a map and a name to the normalized map. There is none on the outermost map, and none on the innermost,
            whose one position instance normalization, and batch normalization of one image, would set to zero.
        use_bias: Bool, whether the convolutions have a bias. The last one has.
        dropout: Float, the rate.
        skip_connections: Bool, whether the maps of the way down are joined to those of the way up.
    """
    levels = source.shape[1].bit_length() - 1
    widths = [filters * min(2**level, 8) for level in range(levels)]
    convolution = {"kernel_size": 4, "strides": 2, "padding": "same", "use_bias": use_bias}
    maps, x = [], source
    for k, width in enumerate(widths, 1):
        x = x if k == 1 else layers.LeakyReLU(0.2)(x)
        x = layers.Conv2D(width, **convolution, kernel_initializer=small_normal(), name=f"down_{k}")(x)
        x = norm(x, f"down_{k}_norm") if 1 < k < levels else x
        maps.append(x)
    for k, (width, beside) in enumerate(zip(widths[-2::-1], maps[-2::-1], strict=True), 1):
        x = layers.Conv2DTranspose(width, **convolution, kernel_initializer=small_normal(), name=f"up_{k}")(layers.ReLU()(x))
        x = norm(x, f"up_{k}_norm")
        x = layers.Dropout(dropout)(x) if dropout and k <= _DROPPED else x
        x = layers.Concatenate()([x, beside]) if skip_connections else x
    convolution["use_bias"] = True
    x = layers.Conv2DTranspose(channels, **convolution, kernel_initializer=small_normal(), name=f"up_{levels}")(layers.ReLU()(x))
    return ends.tanh_images(x)
