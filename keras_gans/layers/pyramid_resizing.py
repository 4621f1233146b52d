"""What the layers that resize as Laplacian pyramids do share."""

import keras

from keras_gans.utils.config import Serializable
from keras_gans.utils.laplacian_pyramid import size_pair


class PyramidResizing(Serializable, keras.layers.Layer):
    """The base of layers that resize images to a size, in one direction.

    Args:
        size: Int, or pair of ints (height, width): the size of the output.

    Class attributes:
        resize: Function of images and a pair (height, width).
        refused: String, what the input must not be: "smaller" or "larger" than the output.
    """

    resize = None
    refused = None

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size_pair(size)
        if self.size is None:
            raise ValueError(f"`size` must be an int >= 1, or a pair (height, width) of such ints. Received: size={size!r}")

    def build(self, input_shape):
        given = tuple(input_shape[1:3])
        if len(input_shape) != 4 or None in given or any(map(self._is_refused, given, self.size)):
            raise ValueError(
                f"{type(self).__name__}({self.size}) takes (batch, height, width, channels), of a known size that is not "
                f"{self.refused}. Received: input shape {tuple(input_shape)}."
            )

    def _is_refused(self, before, after):
        return before < after if self.refused == "smaller" else before > after

    def call(self, inputs):
        return self.resize(inputs, self.size)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.size, input_shape[-1])
