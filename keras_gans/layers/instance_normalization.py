"""Instance normalization: each example's channels by their own mean and variance."""

import keras

from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable
from keras_gans.utils.numbers import check_positive


class InstanceNormalization(Serializable, keras.layers.GroupNormalization):
    """Normalizes each channel of each example by its own mean and variance over space.

    y = gamma (x - mean(x)) / sqrt(variance(x) + epsilon) + beta

    There is no moving average: training and inference are the same, and examples do not see each other. The layer
    is `keras.layers.GroupNormalization` with one group for each channel.

    Args:
        epsilon: Float, added to the variance. Default: 1e-5 (Keras' is 1e-3).
        center: Bool, whether there is a beta. Default: True. False in pix2pix and CycleGAN.
        scale: Bool, whether there is a gamma. Default: True. False in pix2pix and CycleGAN.
        **kwargs: Those of `keras.layers.GroupNormalization`, such as `gamma_initializer`.

    Shapes:
        `(batch, height, width, channels)`, or any number of axes of space. The output has the same shape.

    Raises:
        ValueError: if `epsilon` is not positive, or the input has no axis of space.

    Example:

    ```python
    x = keras.random.normal((2, 8, 8, 3), mean=5.0)
    y = keras_gans.layers.InstanceNormalization()(x)
    print(np.allclose(np.mean(y, axis=(1, 2)), 0.0, atol=1e-4))  # True
    ```

    Reference:
        Ulyanov, Vedaldi, Lempitsky, Instance Normalization: The Missing Ingredient for Fast Stylization (2016),
        arXiv:1607.08022; the authors' code (DmitryUlyanov/texture_nets), which has gamma and beta.
    """

    def __init__(self, epsilon=1e-5, center=True, scale=True, **kwargs):
        check_bools(center=center, scale=scale)
        check_positive(epsilon=epsilon)
        super().__init__(groups=-1, axis=-1, epsilon=epsilon, center=center, scale=scale, **kwargs)

    def build(self, input_shape):
        if len(input_shape) < 3:
            raise ValueError(
                "InstanceNormalization takes (batch, ..., channels) with at least one axis of space. "
                f"Received: input shape {tuple(input_shape)}. Use keras.layers.LayerNormalization for vectors."
            )
        super().build(input_shape)
