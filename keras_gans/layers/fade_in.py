"""The blend of a network's outputs before and after it grows."""

import keras
from keras import ops

from keras_gans.layers.kernel_wrapper import float32_value
from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_unit_interval


class FadeIn(Serializable, keras.layers.Layer):
    """Blends two tensors, an old one and a new one, by a share that is moved from 0 to 1 from outside.

    y = (1 - fade) old + fade new

    That is old to the bit where `fade` is 0, and new to the bit where it is 1. `fade` is a float32 weight that is not trained:
    `layer.fade.assign(0.25)`. It is saved. The layer computes in float32 under every precision policy.

    Args:
        fade: Float in [0, 1], the share of the new tensor at first. Default: 1.0.

    Attributes:
        fade: The weight, a scalar.

    Shapes:
        A list [old, new] of one shape, any. The output has the same shape.

    Raises:
        ValueError: if `fade` is not in [0, 1], or the layer is not called on two tensors of one shape.

    Example:

    ```python
    layer = keras_gans.layers.FadeIn()
    layer.fade.assign(0.25)
    print(float(layer([tf.zeros(()), tf.ones(())])))  # 0.25
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196; the authors' code
        (tkarras/progressive_growing_of_gans), which has one level of detail for all layers instead of a share for each.
    """

    def __init__(self, fade=1.0, **kwargs):
        super().__init__(**kwargs)
        check_unit_interval(fade=fade)
        initializer = keras.initializers.Constant(fade)
        self.fade = self.add_weight(shape=(), dtype="float32", initializer=initializer, trainable=False, name="fade")

    def build(self, input_shape):
        are_two = len(input_shape) == 2 and isinstance(input_shape[0], (tuple, list))
        if not are_two or tuple(input_shape[0]) != tuple(input_shape[1]):
            raise ValueError(f"FadeIn is called on [old, new], two tensors of one shape. Received: shape {input_shape}.")

    def call(self, inputs):
        old, new = (ops.cast(each, "float32") for each in inputs)
        fade = float32_value(self.fade)
        # Not old + fade (new - old), which is not new to the bit where `fade` is 1.
        return ops.cast((1.0 - fade) * old + fade * new, inputs[1].dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]
