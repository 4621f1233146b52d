"""Discriminators made of autoencoders, whose reconstruction errors are the scores."""

import math

import keras
from keras import ops

from keras_gans.utils.config import Serializable
from keras_gans.utils.global_settings import channels_last
from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import output_of_layer
from keras_gans.utils.networks import path
from keras_gans.utils.shapes import compatible


class ReconstructionError(Serializable, keras.layers.Layer):
    """The L2 norm of the difference of two batches, over all axes but the first, float32, `(batch, 1)`."""

    def __init__(self, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)

    def call(self, inputs):
        first, second = inputs
        squares = ops.square(ops.cast(first, "float32") - ops.cast(second, "float32"))
        total = ops.sum(ops.reshape(squares, (ops.shape(squares)[0], -1)), axis=1, keepdims=True)
        # The gradient of the root at 0 is infinite. Here it is set to 0.
        positive = total > 0
        return ops.where(positive, ops.sqrt(ops.where(positive, total, 1.0)), 0.0)

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], 1)


@channels_last
def autoencoder_discriminator(autoencoder, code=None):
    """A discriminator whose scores are an autoencoder's reconstruction errors, for `losses.EnergyBased`.

    scores = ||x - autoencoder(x)||          one an example, LOW for what it knows

    Args:
        autoencoder: Functional or Sequential `keras.Model` whose output has the shape of its input.
        code: String, name of the layer whose output is the code. Default: the one with the fewest elements on the path from
            input to output, the first of them.

    Returns:
        `keras.Model`, `(batch, ...)` to a dict of `scores`, `(batch, 1)` float32, and `features`, the flattened codes, for
        `penalties.PullingAway`.

    Raises:
        ValueError: if output and input differ in shape, or there is no layer `code`.

    Example:

    ```python
    discriminator = keras_gans.networks.autoencoder_discriminator(autoencoder)
    gan = keras_gans.GAN(generator, discriminator)
    gan.compile(loss=keras_gans.losses.EnergyBased(margin=10.0), penalties=[keras_gans.penalties.PullingAway()])
    ```

    Reference:
        Zhao, Mathieu, LeCun, Energy-based Generative Adversarial Network (2016), arXiv:1609.03126.
    """
    x, reconstruction = autoencoder.inputs[0], autoencoder.outputs[0]
    if not compatible(tuple(x.shape), tuple(reconstruction.shape)):
        raise ValueError(
            f"An autoencoder's output must have the shape of its input. Received: input {tuple(x.shape)}, output "
            f"{tuple(reconstruction.shape)}."
        )
    features = output_of_layer(autoencoder, code) if code else min(path(reconstruction), key=_elements)
    outputs = {"scores": ReconstructionError(name="scores")([x, reconstruction]), "features": keras.layers.Flatten()(features)}
    return keras.Model(inputs_of(autoencoder), outputs, name="energy")


def _elements(tensor):
    return math.prod(size or math.inf for size in tensor.shape[1:])
