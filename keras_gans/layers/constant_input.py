"""A trained map that a generator begins with, in place of latents."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_each_int


class ConstantInput(Serializable, keras.layers.Layer):
    """Gives a trained constant, the same for each example of a batch.

    y = C,    for each row of the input, whose values are ignored

    StyleGAN's generator begins with a constant map: images differ only in their styles and noise.

    Args:
        shape: Tuple of ints, the shape of C.
        initializer: Initializer of C. Default: "ones", StyleGAN's; StyleGAN2's is `keras.initializers.RandomNormal(0.0, 1.0)`.

    Attributes:
        constant: The weight C.

    Shapes:
        Any `(batch, ...)`; output `(batch, *shape)`.

    Raises:
        ValueError: if `shape` is not ints >= 1.

    Example:

    ```python
    layer = keras_gans.layers.ConstantInput((4, 4, 16))
    print(layer(tf.zeros((2, 512))).shape)  # (2, 4, 4, 16)
    ```

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for GANs (2018), arXiv:1812.04948; matches NVlabs/stylegan.
    """

    def __init__(self, shape, initializer="ones", **kwargs):
        super().__init__(**kwargs)
        check_each_int(1, shape=shape)
        self.shape = tuple(shape)
        self.initializer = keras.initializers.get(initializer)

    def build(self, input_shape):
        self.constant = self.add_weight(shape=self.shape, initializer=self.initializer, name="constant")

    def call(self, inputs):
        constant = tf.cast(self.constant, self.compute_dtype)
        return tf.broadcast_to(constant, (tf.shape(inputs)[0], *self.shape))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.shape)
