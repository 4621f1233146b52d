"""Instance normalization whose gain and bias are a style: a dense layer of a vector."""

import keras
from keras import ops

from keras_gans.layers.batch_statistics import along
from keras_gans.layers.equalized_learning_rate import EqualizedLearningRate
from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_positive


class AdaptiveInstanceNormalization(Serializable, keras.layers.Layer):
    """Normalizes each channel of each example over space, then gives it the scale and the bias of a style.

    y = (1 + s) (x - mean(x)) / sqrt(variance(x) + epsilon) + b,    [s, b] = halves of A w

    In StyleGAN, this is how w reaches each layer: all statistics of a feature map come from it. A is a dense layer with an
    equalized learning rate and gain 1, whose bias is 0 at first: the scale is then 1 on average. The layer computes in float32
    under every precision policy.

    Args:
        epsilon: Float, added to the variance. Default: 1e-8.

    Shapes:
        Called on [x, w]: x `(batch, ..., channels)` with at least one spatial axis, w `(batch, width)`. The output has the shape
        of x.

    Raises:
        ValueError: if `epsilon` is not positive, or the layer is not called on two such tensors.

    Example:

    ```python
    layer = keras_gans.layers.AdaptiveInstanceNormalization()
    y = layer([keras.random.normal((2, 8, 8, 3), mean=5.0), tf.zeros((2, 16))])  # scale 1, bias 0
    print(np.allclose(np.mean(y, axis=(1, 2)), 0.0, atol=1e-5), np.allclose(np.std(y, axis=(1, 2)), 1.0))  # True True
    ```

    Reference:
        Huang, Belongie, Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization (2017), arXiv:1703.06868, in
        the form of Karras, Laine, Aila, A Style-Based Generator Architecture for GANs (2018), arXiv:1812.04948; matches
        NVlabs/stylegan (`instance_norm` and `style_mod`).
    """

    def __init__(self, epsilon=1e-8, **kwargs):
        # Without autocast: in half precision epsilon is zero, and a style would be rounded.
        super().__init__(**{"autocast": False, **kwargs})
        check_positive(epsilon=epsilon)
        self.epsilon = epsilon

    def build(self, input_shape):
        is_pair = len(input_shape) == 2 and all(isinstance(shape, (tuple, list)) for shape in input_shape)
        if not is_pair or len(input_shape[0]) < 3 or len(input_shape[1]) != 2:
            raise ValueError(
                "AdaptiveInstanceNormalization is called on [x, w], of shapes (batch, ..., channels) and (batch, width). "
                f"Received: shape {input_shape}."
            )
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        dense = keras.layers.Dense(2 * input_shape[0][-1], dtype=dtype, name="style")
        self.style = EqualizedLearningRate(dense, gain=1.0, name="style")
        self.style.build(input_shape[1])

    def call(self, inputs):
        x, w = inputs
        x, axes = ops.cast(x, keras.backend.result_type(x.dtype, "float32")), list(range(1, len(x.shape) - 1))
        x = x - ops.mean(x, axes, keepdims=True)
        x = x * ops.rsqrt(ops.mean(ops.square(x), axes, keepdims=True) + self.epsilon)
        scale, bias = (along(x, half) for half in ops.split(self.style(w), 2, axis=-1))
        return ops.cast(x * (1.0 + scale) + bias, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]
