"""The layers with kernels of one network, which share initializer, regularizer and spectral normalization."""

import dataclasses

from keras import layers

from keras_gans.layers import ClassEmbedding
from keras_gans.layers import ConditionalBatchNormalization
from keras_gans.layers import SelfAttention
from keras_gans.layers.spectral_normalization import spectrally_normalized
from keras_gans.utils.initializers import fresh


@dataclasses.dataclass(frozen=True)
class Kernels:
    """Makes the layers of one network that have kernels.

    Attributes:
        initializer: Initializer of kernels and embeddings.
        block_initializer: Initializer of the 3x3 convolutions of blocks. Default: `initializer`.
        regularizer: Regularizer of kernels, but not of embeddings. Default: none.
        spectral_normalization: Dict of arguments of `SpectralNormalization`, or False for none. Default: False.
    """

    initializer: object = "glorot_uniform"
    block_initializer: object = None
    regularizer: object = None
    spectral_normalization: object = False

    def conv(self, filters, size, name, strides=1):
        """A convolution with a bias, padded so that stride 1 keeps the size."""
        return self._normalized(layers.Conv2D(filters, size, strides, "same", **self._kernel(), name=name))

    def block_conv(self, filters, name):
        """A 3x3 convolution inside a block."""
        kernel = self._kernel(self.block_initializer)
        return self._normalized(layers.Conv2D(filters, 3, padding="same", **kernel, name=name))

    def dense(self, units, name, dtype=None):
        return self._normalized(layers.Dense(units, **self._kernel(), dtype=dtype, name=name))

    def embedding(self, classes, dim, name, dtype=None):
        """A table of classes, spectrally normalized."""
        return self._normalized(ClassEmbedding(classes, dim, fresh(self.initializer), dtype=dtype, name=name))

    def attention(self, name="attention"):
        return SelfAttention(self.spectral_normalization, fresh(self.initializer), self.regularizer, name=name)

    def conditional_norm(self, name, **arguments):
        """Batch normalization by maps of a vector, spectrally normalized."""
        return ConditionalBatchNormalization(
            gamma_initializer=fresh(self.initializer),
            beta_initializer=fresh(self.initializer),
            kernel_regularizer=self.regularizer,
            spectral_normalization=self.spectral_normalization,
            name=name,
            **arguments,
        )

    def _kernel(self, initializer=None):
        initializer = self.initializer if initializer is None else initializer
        return {"kernel_initializer": fresh(initializer), "kernel_regularizer": self.regularizer}

    def _normalized(self, layer):
        return spectrally_normalized(layer, self.spectral_normalization)
