"""The sum over the positions of an image."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable


class GlobalSumPooling2D(Serializable, keras.layers.Layer):
    """Sums each channel over the positions of an image, in float32.

    The residual discriminators of SNGAN, SAGAN and BigGAN end in it, where most others take the mean: features are then larger by
    the number of positions.

    Shapes:
        Input `(batch, height, width, channels)`, output `(batch, channels)`, float32 under mixed precision too where the layer is
        made with `dtype="float32"`.

    Args:
        kwargs: Those of every Keras layer.

    Raises:
        ValueError: if the input has another rank.

    Example:

    ```python
    features = keras_gans.layers.GlobalSumPooling2D()(tf.ones((2, 8, 8, 128)))
    print(float(features[0, 0]))  # 64.0
    ```

    Reference:
        Miyato, Koyama, cGANs with Projection Discriminator (2018), arXiv:1802.05637; pfnet-research/sngan_projection.
    """

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(f"GlobalSumPooling2D takes (batch, height, width, channels). Received: shape {tuple(input_shape)}.")

    def call(self, inputs):
        return ops.cast(ops.sum(ops.cast(inputs, "float32"), axis=(1, 2)), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])
