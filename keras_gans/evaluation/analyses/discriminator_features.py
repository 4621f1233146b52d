"""DCGAN's features of a discriminator."""

import keras
from keras import layers
from keras import ops

from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.integers import check_ints
from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import path
from keras_gans.utils.private_keras import inputs_of_source
from keras_gans.utils.private_keras import source_of

_CONVOLUTIONS = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)


@channels_last
def discriminator_features(discriminator, size=4):
    """A network from images to the features of all convolutions of a discriminator, for `linear_probe`.

    Each convolution's map, after the normalization and activation that follow it, is max-pooled to `size` x `size`; all are
    flattened and concatenated. Windows are [floor(i h / size), ceil((i + 1) h / size)). Maps smaller than `size` (the head
    of a fully convolutional discriminator) are left out.

    Args:
        discriminator: Functional or Sequential `keras.Model`, built, channels-last. Its layers are shared, and run in inference
            mode by `predict`, or when called with `training=False`.
        size: Int. Default: 4.

    Returns:
        `keras.Model` of the discriminator's inputs, to `(batch, size^2 * channels of all maps)`: 28,672 for 256, 512 and 1024
        channels.

    Raises:
        ValueError: if the network has no convolution with a map large enough; models inside it are not looked into.

    Example:

    ```python
    discriminator = keras_gans.networks.dcgan.discriminator((28, 28, 1))
    network = keras_gans.evaluation.discriminator_features(discriminator)
    print(network.output_shape)  # (None, 3072)
    ```

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional GANs (2015), arXiv:1511.06434; matches the
        features in Newmu/dcgan_code.
    """
    check_ints(1, size=size)
    tensors = []
    for output in discriminator.outputs:
        tensors += [tensor for tensor in path(output) if not any(tensor is other for other in tensors)]
    maps = [_activated(tensor, tensors) for tensor in tensors if _is_convolution(tensor)]
    maps = [tensor for tensor in maps if min(tensor.shape[1:3]) >= size]
    if not maps:
        raise ValueError(
            f"{discriminator.name} has no 2D convolution whose map is at least {size} x {size}. It has the layers "
            f"{[layer.name for layer in discriminator.layers]}. Pass a model with convolutions, or a smaller `size`."
        )
    pooled = [layers.Flatten()(_max_pooled(tensor, size)) for tensor in maps]
    features = layers.Concatenate(dtype="float32")(pooled) if len(pooled) > 1 else pooled[0]
    return keras.Model(inputs_of(discriminator), features, name=f"{discriminator.name}_features")


def _is_convolution(tensor):
    layer = source_of(tensor)[0]
    return isinstance(getattr(layer, "layer", layer), _CONVOLUTIONS)  # a wrapper, such as spectral normalization, has `layer`


def _activated(tensor, tensors):
    """The map after the layers that keep its shape, up to the next convolution or branch."""
    while True:
        following = [other for other in tensors if any(tensor is source for source in inputs_of_source(other))]
        if len(following) != 1 or _is_convolution(following[0]):
            return tensor
        if len(inputs_of_source(following[0])) != 1 or following[0].shape != tensor.shape:
            return tensor
        tensor = following[0]


def _max_pooled(x, size):
    for axis in (1, 2):
        length = x.shape[axis]
        windows = [(i * length // size, -(-(i + 1) * length // size)) for i in range(size)]
        slices = [x[:, low:high] if axis == 1 else x[:, :, low:high] for low, high in windows]
        x = ops.stack([ops.max(window, axis=axis) for window in slices], axis=axis)
    return x
