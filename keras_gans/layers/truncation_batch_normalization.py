"""Batch normalization whose moving statistics depend on the truncation of the latents."""

from keras import ops

from keras_gans.layers.batch_statistics import BatchStatistics
from keras_gans.utils.config import Serializable


class TruncationBatchNormalization(Serializable, BatchStatistics):
    """Batch normalization that, in inference, uses the statistics of the truncation at which images are made.

    y = gamma (x - mean_t) / sqrt(variance_t + epsilon) + beta

    Truncated latents have other statistics than those of training, so a released BigGAN carries n rows of them: row k for the
    truncation k / (n - 1). mean_t lies between the rows about t: with t (n - 1) = i + f, (1 - f) row_i + f row_(i+1). In
    training, the statistics of the batch normalize, and the last row (truncation 1) follows them.

    Args:
        truncation_statistics: Int n, rows. Default: 51, one each 0.02.
        interpolation: "linear" as above, or "package": f row_i + (1 - f) row_(i+1) where f is not 0, the mistake of
            pytorch-pretrained-biggan, for results equal to the bit. Default: "linear".
        momentum: Float. Default: 0.9.
        epsilon: Float, added to the variance. Default: 1e-4.
        synchronized: Bool, whether the batch is that of all replicas. Default: False.

    Shapes:
        Called on [x, truncation]: x `(batch, ..., channels)`, truncation `(batch, 1)` in [0, 1] (what is outside counts as the
        bound). The output has the shape of x.

    Raises:
        ValueError: if an argument is out of range, or the input is not such a pair.

    Example:

    ```python
    x, truncation = keras.random.normal((8, 4, 4, 16)), tf.fill((8, 1), 0.4)
    layer = keras_gans.layers.TruncationBatchNormalization()
    print(layer([x, truncation]).shape, layer.moving_mean.shape)  # (8, 4, 4, 16) (51, 16)
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096; matches
        huggingface/pytorch-pretrained-BigGAN with `interpolation="package"`.

    Differences: the package has no training.
    """

    def __init__(
        self, truncation_statistics=51, interpolation="linear", momentum=0.9, epsilon=1e-4, synchronized=False, **kwargs
    ):
        super().__init__(momentum, epsilon, synchronized, truncation_statistics, interpolation, **kwargs)
        if truncation_statistics is None:
            raise ValueError("`truncation_statistics` must be an int. Without rows, use keras.layers.BatchNormalization.")

    def build(self, input_shape):
        if len(input_shape) != 2 or not isinstance(input_shape[0], (tuple, list)):
            raise ValueError(f"TruncationBatchNormalization is called on [x, truncation]. Received: shape {input_shape}.")
        channels = input_shape[0][-1]
        self.gamma = self.add_weight(shape=(channels,), initializer="ones", autocast=False, name="gamma")
        self.beta = self.add_weight(shape=(channels,), initializer="zeros", autocast=False, name="beta")
        self.build_statistics(channels)

    def call(self, inputs, training=None):
        x, truncation = inputs
        normalized = self.normalized(x, truncation, training)
        gamma, beta = (ops.cast(weight.value, normalized.dtype) for weight in (self.gamma, self.beta))
        return ops.cast(normalized * gamma + beta, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]
