"""Spectral normalization: a layer's kernel divided by its largest singular value."""

import keras
import numpy as np
from keras import ops

from keras_gans.layers.kernel_wrapper import KernelWrapper
from keras_gans.layers.kernel_wrapper import float32_value
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive


class SpectralNormalization(KernelWrapper):
    """Divides the kernel of a layer by its largest singular value, whenever the layer is called.

    The division bounds a discriminator's steepness without a penalty. W, the kernel as a matrix (inputs, outputs), stays the
    variable that is trained; the layer computes with

    W / sigma,   sigma = v' W u,   v = W u / ||W u||,   u = W' v / ||W' v||

    u and v are constants to the gradient, sigma is not: the gradient in W is (G - <G, W/sigma> v u') / sigma, with G that in
    W / sigma. A kernel of zeros is left as it is. The norm is computed in float32 under every precision policy.

    `update` says when u and v move, `power_iterations` times:

    - "call": at every call with `training=True`. u is kept, v follows from it.
    - "step": after every update of the player that has the layer, with its new weights; `GAN` calls `after_step` for that. u and
      v are kept, and a call only reads them: all passes of a step, of real and of generated data, see the same sigma, and a pass
      may be computed twice (rematerialization). Outside a GAN, call `after_step` yourself.

    Args:
        layer: A `keras.layers.Dense`, convolution (transposed and depthwise ones too), `Embedding`, or any other layer with
            a variable `kernel` or `embeddings` whose last axis is the output.
        power_iterations: Int, moves of u and v at a time. Default: 1.
        epsilon: Float, added to the norms that u and v are divided by. Default: 1e-12.
        update: "call" or "step". Default: "call".

    Shapes:
        Those of `layer`. u has one entry an output of the layer; v, kept with "step" only, one a row of W.

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
        (pfnet-research/sngan_projection), which also moves u at every call in training. "step" is one move a step: as in
        brain-research/self-attention-gan, whose discriminator moves u with the real data only, and as in BigGAN, which scores
        real and generated data in one call.

    Differences: with "call" and without `training`, v follows from the kept u, where the code takes one more step and forgets
    it. The u of an `Embedding` is on the axis of the features and rests in inference; the code's is on that of the classes and
    always moves. "step" moves u after the update, from a start that has moved once; the codes above move it before.
    `keras.layers.SpectralNormalization` writes the divided kernel back into the variable instead, so that no gradient passes
    through sigma.
    """

    kernels = ("kernel", "embeddings")

    def __init__(self, layer, power_iterations=1, epsilon=1e-12, update="call", **kwargs):
        check_ints(1, power_iterations=power_iterations)
        check_positive(epsilon=epsilon)
        if update not in ("call", "step"):
            raise ValueError(f'`update` must be "call" or "step". Received: update={update!r}')
        super().__init__(layer, **kwargs)
        self.power_iterations = power_iterations
        self.epsilon = epsilon
        self.update = update

    def build(self, input_shape=None):
        super().build(input_shape)
        self.u = self._add_vector("u", self.number_of_outputs(), self._first_u)
        if self.update == "step":
            self.v = self._add_vector(
                "v",
                self.number_of_inputs(),
                lambda shape, dtype: self._unit(_times(self.kernel_matrix(), self.u.value)),
            )

    def _add_vector(self, name, length, initializer):
        arguments = {"dtype": "float32", "trainable": False, "autocast": False, "name": name}
        return self.add_weight(shape=(length,), initializer=initializer, **arguments)

    def _first_u(self, shape, dtype):
        u = keras.initializers.RandomNormal(0.0, 1.0)(shape, dtype)
        return u if self.update == "call" else self._moved(self.kernel_matrix(), self._unit(u), 1)[0]

    def call(self, inputs, training=False):
        sigma = self._sigma(self.kernel_matrix(), self.power_iterations if training else 0)
        kernel = float32_value(self.kernel) / ops.where(sigma > 0, sigma, 1.0)
        return self.compute(inputs, kernel)

    def after_step(self):
        """With `update="step"`, moves u and v with the weights as they are now: what follows an update of them."""
        if self.update == "step":
            self.follow_weights()

    def follow_weights(self):
        """Moves u and v with the present weights, for averages, whose weights no training step or call changes."""
        u, v = self._moved(ops.stop_gradient(self.kernel_matrix()), self._unit(self.u.value), self.power_iterations)
        self.u.assign(u)
        if self.update == "step":
            self.v.assign(v)

    def spectral_norm(self):
        """The largest singular value of the kernel, as the kept vectors estimate it: a float32 scalar, for logs."""
        return self._sigma(self.kernel_matrix(), moves=0)

    def _sigma(self, matrix, moves):
        """v' W u; with `update="call"`, after `moves` moves of u."""
        if self.update == "step":
            u, v = self.u.value, self.v.value
        else:
            u, v = self._moved(ops.stop_gradient(matrix), self._unit(self.u.value), moves)
            if moves:
                self.u.assign(u)
        return ops.sum(v * _times(matrix, u))

    def _moved(self, matrix, u, moves):
        """u and v after `moves` moves, v as it was before the last move of u."""
        v = self._unit(_times(matrix, u))
        for move in range(moves):
            if move:
                v = self._unit(_times(matrix, u))
            product = _times(ops.transpose(matrix), v)
            # A kernel of zeros would set u to zero, which it would never leave again.
            u = ops.where(ops.any(product != 0), self._unit(product), u)
        return u, v

    def _unit(self, vector):
        return vector / (ops.norm(vector) + self.epsilon)


def _times(matrix, vector):
    # Not a matrix product: GPUs may round the factors of those to 10 bits.
    return ops.sum(matrix * vector, axis=1)


def check_spectral_normalization(spectral_normalization):
    """Raises a ValueError if `spectrally_normalized` does not take this `spectral_normalization`."""
    if spectral_normalization is not None and not isinstance(spectral_normalization, (bool, np.bool_, dict)):
        raise ValueError(
            "`spectral_normalization` must be True, False, or a dict of arguments of `SpectralNormalization`. Received: "
            f"spectral_normalization={spectral_normalization!r}"
        )


def spectrally_normalized(layer, arguments):
    """A layer in `SpectralNormalization`, if that is wanted.

    Args:
        layer: Keras layer with a kernel.
        arguments: Dict of arguments of `SpectralNormalization`, or a bool: True for its defaults, False or None for the layer
            as it is.
    """
    if not isinstance(arguments, dict) and not arguments:
        return layer
    # The wrapper has the name that its layer has in the network.
    return SpectralNormalization(layer, name=layer.name, **(arguments if isinstance(arguments, dict) else {}))
