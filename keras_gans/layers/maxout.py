"""Maxout units, which the discriminator of the first GAN has."""

import keras

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints


class Maxout(Serializable, keras.layers.Layer):
    """A dense layer whose units are the maximum of several linear pieces.

    y_u = max over p of (x . W[:, u, p] + b[u, p])

    The layer has `units * pieces * (inputs + 1)` parameters.

    Args:
        units: Int, size of the output.
        pieces: Int, linear pieces a unit.
        kernel_initializer: Initializer. Default: "glorot_uniform".

    Shapes:
        Input `(batch, inputs)`, output `(batch, units)`.

    Raises:
        ValueError: if `units` or `pieces` is not positive.

    Example:

    ```python
    x = keras.random.normal((16, 100))
    y = keras_gans.layers.Maxout(units=240, pieces=5)(x)
    print(y.shape)  # (16, 240)
    ```

    Reference:
        Goodfellow et al., Maxout Networks (2013), arXiv:1302.4389.
    """

    def __init__(self, units, pieces, kernel_initializer="glorot_uniform", **kwargs):
        check_ints(1, units=units, pieces=pieces)
        super().__init__(**kwargs)
        self.units = units
        self.pieces = pieces
        self.dense = keras.layers.Dense(
            units * pieces, kernel_initializer=kernel_initializer, dtype=self.dtype_policy, name="dense"
        )

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        return keras.ops.max(keras.ops.reshape(self.dense(inputs), (-1, self.units, self.pieces)), axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
