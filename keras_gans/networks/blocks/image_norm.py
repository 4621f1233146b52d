"""The normalization of networks from image to image: over the batch, or of each image by itself."""

import keras
from keras import layers

from keras_gans.layers import InstanceNormalization


def image_norm(kind, affine=False):
    """A callable, a map and a name to the normalized map, as the blocks take it.

    Args:
        kind: "batch", with gain and bias, or "instance".
        affine: Bool, whether instance normalization has a gain and a bias. Default: False.

    Raises:
        ValueError: for any other kind.
    """
    if kind not in ("batch", "instance"):
        raise ValueError(f'`norm` must be "batch" or "instance". Received: norm={kind!r}')

    def norm(x, name):
        gain = keras.initializers.RandomNormal(1.0, 0.02)
        if kind == "batch":
            return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=gain, name=name)(x)
        return InstanceNormalization(epsilon=1e-5, center=affine, scale=affine, gamma_initializer=gain, name=name)(x)

    return norm
