"""Spectral normalization: a layer's kernel divided by its largest singular value."""

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints

_TRANSPOSED = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose)
_DEPTHWISE = (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D)


class SpectralNormalization(Serializable, keras.layers.Wrapper):
    """Divides the kernel of a layer by its largest singular value, whenever the layer is called.

    The division bounds how steep a discriminator can be, without a penalty. W, the kernel as a matrix (inputs, outputs), stays
    the variable that is trained; the layer computes with

    W / sigma,   sigma = v' W u,   v = W u / ||W u||,   u = W' v / ||W' v||

    where u is kept and moves `power_iterations` times at every call with `training=True`, and stays otherwise. u and v are
    constants to the gradient, sigma is not: the gradient in W is (G - <G, W/sigma> v u') / sigma, with G that in W / sigma.
    A kernel of zeros is left as it is. The norm is computed in float32 under every precision policy.

    Args:
        layer: A `keras.layers.Dense`, convolution (transposed and depthwise ones too), `Embedding`, or any other layer with
            a variable `kernel` or `embeddings` whose last axis is the output.
        power_iterations: Int, moves of u at each call in training. Default: 1.
        epsilon: Float, added to the norms that u and v are divided by. Default: 1e-12.

    Shapes:
        Those of `layer`. u has one entry an output of the layer.

    Raises:
        ValueError: if `layer` is not a layer or has no kernel, or an argument is out of range.

    Example:

    ```python
    x = keras.random.normal((8, 16, 16, 3))
    layer = keras_gans.layers.SpectralNormalization(keras.layers.Conv2D(64, 3, padding="same"))
    y = layer(x, training=True)
    print(y.shape, layer.u.shape)  # (8, 16, 16, 64) (64,)
    ```

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018), arXiv:1802.05957; the authors' code
        (pfnet-research/sngan_projection), which also moves u at every call in training.

    Differences: without `training`, v follows from the kept u, where the code takes one more step and forgets it. The u of an
    `Embedding` is on the axis of the features and rests in inference; the code's is on that of the classes and always moves.
    `keras.layers.SpectralNormalization` writes the divided kernel back into the variable instead, so that no gradient passes
    through sigma.
    """

    def __init__(self, layer, power_iterations=1, epsilon=1e-12, **kwargs):
        if not isinstance(layer, keras.layers.Layer):
            raise ValueError(f"`layer` must be a Keras layer, an object. Received: layer={layer!r}")
        check_ints(1, power_iterations=power_iterations)
        if not epsilon > 0:
            raise ValueError(f"`epsilon` must be positive. Received: epsilon={epsilon}")
        # Its own variables and arithmetic stay in float32; the wrapped layer casts what it is given.
        super().__init__(layer, autocast=False, **{"dtype": layer.dtype_policy, **kwargs})
        self.power_iterations = power_iterations
        self.epsilon = epsilon

    @property
    def activation(self):
        """The activation of the wrapped layer; None where it has none."""
        return getattr(self.layer, "activation", None)

    def build(self, input_shape=None):
        super().build(input_shape)
        kernel = getattr(self.layer, "kernel", getattr(self.layer, "embeddings", None))
        self._attribute = next((name for name, value in vars(self.layer).items() if value is kernel), None)
        if kernel is None or self._attribute is None:
            raise ValueError(
                "SpectralNormalization needs a layer with a variable `kernel` or `embeddings`, such as Dense, Conv2D, Embedding. "
                f"Received: {self.layer!r}. Wrap the layers inside it instead."
            )
        self.u = self.add_weight(
            shape=(self._matrix(kernel).shape[-1],),
            initializer=keras.initializers.RandomNormal(0.0, 1.0),
            dtype="float32",
            trainable=False,
            autocast=False,
            name="u",
        )

    def call(self, inputs, training=False):
        kernel = vars(self.layer)[self._attribute]
        sigma = self._sigma(kernel, self.power_iterations if training else 0)
        normalized = ops.cast(kernel, "float32") / ops.where(sigma > 0, sigma, 1.0)
        object.__setattr__(self.layer, self._attribute, ops.cast(normalized, self.layer.compute_dtype))
        try:
            return self.layer(inputs)
        finally:
            object.__setattr__(self.layer, self._attribute, kernel)

    def spectral_norm(self):
        """The largest singular value of the kernel, as the kept u estimates it: a float32 scalar, for logs."""
        return self._sigma(vars(self.layer)[self._attribute], moves=0)

    def _sigma(self, kernel, moves):
        """v' W u, after `moves` moves of u."""
        matrix = self._matrix(kernel)
        u, v = self._singular_vectors(ops.stop_gradient(matrix), moves)
        if moves:
            self.u.assign(u)
        return ops.sum(v * _times(matrix, u))

    def _singular_vectors(self, matrix, moves):
        u = self._unit(self.u.value)
        v = self._unit(_times(matrix, u))
        for move in range(moves):
            if move:
                v = self._unit(_times(matrix, u))
            product = _times(ops.transpose(matrix), v)
            # A kernel of zeros says nothing of u, which would never leave zero again.
            u = ops.where(ops.any(product != 0), self._unit(product), u)
        return u, v

    def _matrix(self, kernel):
        """The kernel in float32 as (inputs, outputs)."""
        kernel = ops.cast(kernel, "float32")
        if isinstance(self.layer, _TRANSPOSED):
            kernel = ops.swapaxes(kernel, -1, -2)
        outputs = kernel.shape[-1] * (kernel.shape[-2] if isinstance(self.layer, _DEPTHWISE) else 1)
        return ops.reshape(kernel, (-1, outputs))

    def _unit(self, vector):
        return vector / (ops.norm(vector) + self.epsilon)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


def _times(matrix, vector):
    # Not a matrix product: GPUs may round the factors of those to 10 bits.
    return ops.sum(matrix * vector, axis=1)
