"""Enlarging as Laplacian pyramids do it, inside a network."""

import keras

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import is_int
from keras_gans.utils.laplacian_pyramid import pyramid_up


class PyramidUpSampling2D(Serializable, keras.layers.Layer):
    """Enlarges images to a size, linearly between their pixels, so that the corners stay: u of `utils.laplacian_pyramid`.

    0 3  enlarged to 4:  0 1 2 3

    `keras.layers.UpSampling2D(interpolation="bilinear")` and `Resizing` put the pixels elsewhere: they would not undo a pyramid.

    Args:
        size: Int, or pair of ints (height, width): the size of the output.

    Shapes:
        Input `(batch, height, width, channels)`, output `(batch, *size, channels)`.

    Raises:
        ValueError: if `size` is not such an int or pair; if the input is larger, or its size is not known.

    Example:

    ```python
    row = tf.reshape([0.0, 3.0], (1, 1, 2, 1))
    print(np.ravel(keras_gans.layers.PyramidUpSampling2D((1, 4))(row)).tolist())  # [0.0, 1.0, 2.0, 3.0]
    ```

    Reference:
        Denton, Chintala, Szlam, Fergus, Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (2015),
        arXiv:1506.05751; as Torch's `image.scale` in the authors' code (facebookarchive/eyescream).
    """

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        pair = tuple(size) if isinstance(size, (list, tuple)) else (size, size)
        if len(pair) != 2 or not all(is_int(length) and length >= 1 for length in pair):
            raise ValueError(f"`size` must be an int >= 1, or a pair (height, width) of such ints. Received: size={size!r}")
        self.size = pair

    def build(self, input_shape):
        known = len(input_shape) == 4 and None not in input_shape[1:3]
        if not known or any(before > after for before, after in zip(input_shape[1:3], self.size, strict=True)):
            raise ValueError(
                f"PyramidUpSampling2D({self.size}) takes (batch, height, width, channels), of a known size that is not larger. "
                f"Received: input shape {tuple(input_shape)}."
            )

    def call(self, inputs):
        return pyramid_up(inputs, self.size)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.size, input_shape[-1])
