"""What the layers of both releases of StackGAN share: no biases, initial weights, batch normalization, sizes."""

import keras
from keras import layers

from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import is_int
from keras_gans.utils.shapes import is_image_shape

TENSORFLOW = "tensorflow"
PYTORCH = "pytorch"


class LayoutParts:
    """Makes the layers of one network.

    Args:
        layout: "tensorflow" or "pytorch". TensorFlow's convolutions start from a normal truncated at two standard deviations.
        activation: Callable without arguments that makes an activation.

    Raises:
        ValueError: for another layout.
    """

    def __init__(self, layout, activation):
        if layout not in (TENSORFLOW, PYTORCH):
            raise ValueError(f'`layout` must be "tensorflow" or "pytorch". Received: layout={layout!r}')
        self.is_tensorflow = layout == TENSORFLOW
        self.activation = activation

    def conv(self, x, filters, size, name, strides=1):
        initializer = keras.initializers.TruncatedNormal(0.0, 0.02) if self.is_tensorflow else small_normal()
        return layers.Conv2D(filters, size, strides, "same", use_bias=False, kernel_initializer=initializer, name=name)(x)

    def conv_norm(self, x, filters, size, name, strides=1, activate=True):
        """A convolution and batch normalization, then the activation."""
        x = norm(f"{name}_norm")(self.conv(x, filters, size, f"{name}_conv", strides))
        return self.activation()(x) if activate else x

    def up(self, x, filters, name, activate=True):
        """Doubles the size by the nearest pixel, then as `conv_norm`."""
        return self.conv_norm(layers.UpSampling2D()(x), filters, 3, name, activate=activate)

    def branch(self, x, hidden, name):
        """x and a residual: 1x1 and 3x3 convolutions to `hidden` channels, and a 3x3 one back; then the activation."""
        h = self.conv_norm(x, hidden, 1, f"{name}_1")
        h = self.conv_norm(h, hidden, 3, f"{name}_2")
        h = self.conv_norm(h, x.shape[-1], 3, f"{name}_3", activate=False)
        return self.activation()(layers.Add()([x, h]))


def norm(name):
    gamma = keras.initializers.RandomNormal(1.0, 0.02)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=gamma, name=name)


def levels_of(image_shape):
    """How often the size halves down to 4.

    Raises:
        ValueError: unless images are square, and of a size 16, 32, 64, ...
    """
    size = image_shape[0] if is_image_shape(image_shape) else None
    if not is_int(size) or size != image_shape[1] or size < 16 or size & (size - 1):
        raise ValueError(
            "StackGAN's networks make square images whose size is a power of two, 16 or more, with any number of channels. "
            f"Received: image_shape={image_shape!r}. Resize the images."
        )
    return size.bit_length() - 3
