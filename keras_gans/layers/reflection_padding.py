"""Padding by reflection, which image-to-image networks use in place of zeros."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints


class ReflectionPadding2D(Serializable, keras.layers.Layer):
    """Pads an image with its own reflection in the outermost rows and columns, which are not repeated.

    0 1 2 3  padded by 2:  2 1 0 1 2 3 2 1

    A convolution after it, with `padding="valid"`, keeps the size and sees no border of zeros.

    Args:
        padding: Int, rows and columns added at each side. Default: 1.

    Shapes:
        Input `(batch, height, width, channels)`, output `(batch, height + 2 padding, width + 2 padding, channels)`. Sizes may be
        unknown (None).

    Raises:
        ValueError: if `padding` is not an int >= 0, if the input has another rank, or if its height or width is not larger than
            `padding`: there is then not enough to reflect.

    Example:

    ```python
    row = tf.reshape(tf.range(4.0), (1, 1, 4, 1))
    x = tf.repeat(row, 3, axis=1)
    y = keras_gans.layers.ReflectionPadding2D(2)(x)
    print(y[0, 0, :, 0].numpy())  # [2. 1. 0. 1. 2. 3. 2. 1.]
    ```

    Reference:
        Johnson, Alahi, Fei-Fei, Perceptual Losses for Real-Time Style Transfer and Super-Resolution (2016), arXiv:1603.08155;
        in the residual generators of CycleGAN (Zhu et al., 2017, arXiv:1703.10593), layer by layer as the authors' code
        (junyanz/CycleGAN) has it.
    """

    def __init__(self, padding=1, **kwargs):
        super().__init__(**kwargs)
        check_ints(0, padding=padding)
        self.padding = padding

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(
                f"ReflectionPadding2D takes (batch, height, width, channels). Received: input shape {tuple(input_shape)}."
            )
        known = [size for size in input_shape[1:3] if size is not None]
        if known and min(known) <= self.padding:
            raise ValueError(
                f"ReflectionPadding2D({self.padding}) reflects {self.padding} rows and columns without the outermost one: height "
                f"and width must be larger than {self.padding}. Received: input shape {tuple(input_shape)}. Pad less, or make "
                "the images larger."
            )

    def call(self, inputs):
        sides = (self.padding, self.padding)
        return ops.pad(inputs, ((0, 0), sides, sides, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape):
        batch, *sizes, channels = input_shape
        return (batch, *(None if size is None else size + 2 * self.padding for size in sizes), channels)
