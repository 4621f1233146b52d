"""Batch normalization with a gain and a bias that depend on a condition."""

import keras
from keras import ops

from keras_gans.layers.batch_statistics import BatchStatistics
from keras_gans.layers.batch_statistics import along
from keras_gans.layers.class_embedding import ClassEmbedding
from keras_gans.layers.spectral_normalization import check_spectral_normalization
from keras_gans.layers.spectral_normalization import spectrally_normalized
from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable
from keras_gans.utils.initializers import fresh
from keras_gans.utils.initializers import small_normal
from keras_gans.utils.integers import check_ints


class ConditionalBatchNormalization(Serializable, BatchStatistics):
    """Batch normalization whose gain and bias depend on a condition; the statistics are those of all conditions together.

    y = gamma(c) (x - mean) / sqrt(variance + epsilon) + beta(c)

    Three published forms:

    - tables of classes, `classes=K`: gamma(c) = G[c], from 1, and beta(c) = B[c], from 0: SNGAN with projection, SAGAN
    - the same as 1 + G[c], `classes=K, residual_gain=True`, both tables from N(0, 0.02): BigGAN for CIFAR-10
    - maps of a vector without a bias, `classes=None`: gamma(c) = 1 + Wg c, beta(c) = Wb c, perhaps spectrally normalized: BigGAN

    It computes in float32 under every precision policy, the gain and the bias too.

    Args:
        classes: Int K for tables of classes; None for maps of a vector. Default: None.
        residual_gain: Bool, whether 1 is added to the gain. Default: True for maps, False for tables.
        gamma_initializer, beta_initializer: Initializers of the tables or kernels of gain and bias. Default: "glorot_uniform" for
            maps; for tables 1 and 0, with `residual_gain` normal with standard deviation 0.02.
        kernel_regularizer: Regularizer of both kernels of the maps; tables have none. Default: none.
        spectral_normalization: Bool, or dict of arguments of `keras_gans.layers.SpectralNormalization` for tables or kernels.
            Default: False.
        truncation_statistics: Int n for n rows of moving statistics, one a truncation, as in `TruncationBatchNormalization`; None
            for one. Default: None.
        interpolation: "linear" or "package", between these rows. Default: "linear".
        momentum: Float, of the moving statistics. Default: 0.9.
        epsilon: Float, added to the variance. Default: 1e-5.
        synchronized: Bool, whether the batch is that of all replicas. Default: False.

    Shapes:
        Called on [x, condition], or [x, condition, truncation] with `truncation_statistics`: x `(batch, ..., channels)`;
        condition `(batch, d)`, or with `classes` whatever `ClassEmbedding` takes: integers `(batch,)`, `(batch, 1)`, or weights
        over the classes `(batch, K)`; truncation `(batch, 1)`. The output has the shape of x.

    Raises:
        ValueError: if an argument is out of range, or the inputs are not of such shapes.

    Example:

    ```python
    x = keras.random.normal((8, 4, 4, 16))
    layer = keras_gans.layers.ConditionalBatchNormalization(classes=10)
    print(layer([x, tf.zeros(8, "int32")]).shape)  # (8, 4, 4, 16)
    layer = keras_gans.layers.ConditionalBatchNormalization(spectral_normalization=True)
    print(layer([x, keras.random.normal((8, 148))]).shape)  # (8, 4, 4, 16)
    ```

    Reference:
        Dumoulin et al., A Learned Representation for Artistic Style (2016), arXiv:1610.07629; de Vries et al., Modulating Early
        Visual Processing by Language (2017), arXiv:1707.00683. The forms: pfnet-research/sngan_projection and
        ajbrock/BigGAN-PyTorch.
    """

    def __init__(
        self,
        classes=None,
        residual_gain=None,
        gamma_initializer=None,
        beta_initializer=None,
        kernel_regularizer=None,
        spectral_normalization=False,
        truncation_statistics=None,
        interpolation="linear",
        momentum=0.9,
        epsilon=1e-5,
        synchronized=False,
        **kwargs,
    ):
        super().__init__(momentum, epsilon, synchronized, truncation_statistics, interpolation, **kwargs)
        if classes is not None:
            check_ints(1, classes=classes)
        self.classes = classes
        self.residual_gain = classes is None if residual_gain is None else residual_gain
        check_bools(residual_gain=self.residual_gain)
        check_spectral_normalization(spectral_normalization)
        gamma_default, beta_default = "glorot_uniform", "glorot_uniform"
        if classes is not None:
            gamma_default, beta_default = (small_normal(), small_normal()) if self.residual_gain else ("ones", "zeros")
        self.gamma_initializer = keras.initializers.get(gamma_initializer or gamma_default)
        self.beta_initializer = keras.initializers.get(beta_initializer or beta_default)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.spectral_normalization = spectral_normalization

    @property
    def input_dim(self):
        """The number of classes, by the name that `keras.layers.Embedding` has for it; None where there is no table."""
        return self.classes

    def build(self, input_shape):
        wanted = 2 if self.truncation_statistics is None else 3
        if len(input_shape) != wanted or not isinstance(input_shape[0], (tuple, list)):
            raise ValueError(
                f"ConditionalBatchNormalization is called on [x, condition{', truncation' if wanted == 3 else ''}]"
                f"{'' if wanted == 3 else ' (with `truncation_statistics` on [x, condition, truncation])'}. "
                f"Received: shape {input_shape}."
            )
        channels = input_shape[0][-1]
        self.gain = self._map(channels, self.gamma_initializer, "gain")
        self.bias = self._map(channels, self.beta_initializer, "bias")
        for each in (self.gain, self.bias):
            each.build(input_shape[1])
        self.build_statistics(channels)

    def _map(self, channels, initializer, name):
        initializer = fresh(initializer)
        # In half precision, a gain would be rounded.
        arguments = {"dtype": keras.backend.result_type(self.compute_dtype, "float32"), "name": name}
        if self.classes is not None:
            made = ClassEmbedding(self.classes, channels, initializer, **arguments)
        else:
            kernel = {"kernel_initializer": initializer, "kernel_regularizer": self.kernel_regularizer}
            made = keras.layers.Dense(channels, use_bias=False, **kernel, **arguments)
        return spectrally_normalized(made, self.spectral_normalization)

    def call(self, inputs, training=None):
        x, condition, *truncation = inputs
        normalized = self.normalized(x, *truncation or [None], training)
        gain, bias = (along(normalized, each(condition, training=training)) for each in (self.gain, self.bias))
        gain = 1.0 + gain if self.residual_gain else gain
        return ops.cast(normalized * gain + bias, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0]
