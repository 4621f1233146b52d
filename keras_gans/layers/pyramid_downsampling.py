"""Making images smaller as Laplacian pyramids do it, inside a network."""

import keras

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import is_int
from keras_gans.utils.laplacian_pyramid import pyramid_down


class PyramidDownSampling2D(Serializable, keras.layers.Layer):
    """Makes images smaller, to a size: each pixel is the average of the area that it covers, d of `utils.laplacian_pyramid`.

    0 3 6  of size 2:  1 5

    Args:
        size: Int, or pair of ints (height, width): the size of the output.

    Shapes:
        Input `(batch, height, width, channels)`, output `(batch, *size, channels)`.

    Raises:
        ValueError: if `size` is not such an int or pair; if the input is smaller, or its size is not known.

    Example:

    ```python
    row = tf.reshape([0.0, 3.0, 6.0], (1, 1, 3, 1))
    print(np.round(np.ravel(keras_gans.layers.PyramidDownSampling2D((1, 2))(row)), 5).tolist())  # [1.0, 5.0]
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
        if not known or any(before < after for before, after in zip(input_shape[1:3], self.size, strict=True)):
            raise ValueError(
                f"PyramidDownSampling2D({self.size}) takes (batch, height, width, channels), of a known size that is not "
                f"smaller. Received: input shape {tuple(input_shape)}."
            )

    def call(self, inputs):
        return pyramid_down(inputs, self.size)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.size, input_shape[-1])
