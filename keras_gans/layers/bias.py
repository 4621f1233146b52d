"""A bias alone."""

import keras

from keras_gans.utils.config import Serializable


class Bias(Serializable, keras.layers.Layer):
    """Adds a trained number to each channel: for a bias that does not directly follow a convolution.

    y[..., c] = x[..., c] + b[c]

    Args:
        bias_initializer: Initializer of b. Default: "zeros".

    Attributes:
        bias: The weight b.

    Shapes:
        `(batch, ..., channels)`. The output has the same shape.

    Raises:
        ValueError: if the number of channels is not known.

    Example:

    ```python
    layer = keras_gans.layers.Bias("ones")
    print(layer(tf.zeros((1, 2))).numpy().tolist())  # [[1.0, 1.0]]
    ```

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for GANs (2018), arXiv:1812.04948, where noise comes before the
        bias of a convolution; NVlabs/stylegan (`apply_bias`).
    """

    def __init__(self, bias_initializer="zeros", **kwargs):
        super().__init__(**kwargs)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def build(self, input_shape):
        if input_shape[-1] is None:
            raise ValueError(f"Bias takes inputs with a known number of channels. Received: shape {tuple(input_shape)}.")
        self.bias = self.add_weight(shape=(input_shape[-1],), initializer=self.bias_initializer, name="bias")

    def call(self, inputs):
        return inputs + self.bias

    def compute_output_shape(self, input_shape):
        return input_shape
