"""A network that brings the reference batch of its virtual batch normalization."""

import keras
import numpy as np

from keras_gans.layers import VirtualBatchNormalization
from keras_gans.utils.config import Serializable
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.shapes import compatible


def with_reference_batch(network, reference):
    """Puts a stored batch before each batch that a network gets, and drops the batch's rows from what it returns.

    The reference runs through the network at every call, with its present weights. It is a weight that is not trained: saved,
    loaded and exported with the network.

    Args:
        network: A functional or Sequential `keras.Model` with `keras_gans.layers.VirtualBatchNormalization` in it, with
            one input or two. It is used, not copied.
        reference: Array of as many rows as the layers' `reference_size`: latents for a generator, data for a discriminator.
            A pair of arrays (the second the condition) for a network with two inputs.

    Returns:
        `keras.Model` with the inputs and outputs of `network`.

    Raises:
        ValueError: if the reference does not fit the network's inputs, or its layers' `reference_size`.

    Example:

    ```python
    norm = keras_gans.layers.VirtualBatchNormalization(reference_size=64)
    network = keras.Sequential([keras.Input((100,)), keras.layers.Dense(32), norm, keras.layers.ReLU()])
    prior = keras_gans.latents.Normal(100)
    generator = keras_gans.networks.with_reference_batch(network, prior.sample(64, seed=(0, 1)))
    print(generator(prior.sample(1, seed=(0, 2))).shape)  # (1, 32)
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498; the authors' code
        (openai/improved-gan), which has it in the generator, with fixed latents.
    """
    batches = [np.asarray(batch) for batch in (reference if isinstance(reference, (tuple, list)) else [reference])]
    _check(network, batches)
    inputs = [keras.Input(x.shape[1:], dtype=x.dtype, name=x.name) for x in network.inputs]
    prepended = []
    for x, batch in zip(inputs, batches, strict=True):
        layer = PrependReference(batch.shape, dtype=x.dtype, name=f"reference_{x.name}")
        prepended.append(layer(x))
        layer.reference.assign(batch)
    outputs = network(prepended if len(inputs) > 1 else prepended[0])
    outputs = keras.tree.map_structure(lambda output: DropReference(len(batches[0]), dtype=output.dtype)(output), outputs)
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs, name=f"{network.name}_with_reference")


class PrependReference(Serializable, keras.layers.Layer):
    """Puts a batch, a weight of its own, before its input.

    Args:
        shape: Tuple, the shape of the batch.
    """

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)
        self.reference = self.add_weight(shape=self.shape, initializer="zeros", trainable=False, name="reference")

    def call(self, inputs):
        return keras.ops.concatenate([keras.ops.cast(self.reference, inputs.dtype), inputs], axis=0)

    def compute_output_shape(self, input_shape):
        rows = None if input_shape[0] is None else input_shape[0] + self.shape[0]
        return (rows, *input_shape[1:])


class DropReference(Serializable, keras.layers.Layer):
    """Drops the first rows of its input.

    Args:
        rows: Int, how many.
    """

    def __init__(self, rows, **kwargs):
        super().__init__(**kwargs)
        self.rows = rows

    def call(self, inputs):
        return inputs[self.rows :]

    def compute_output_shape(self, input_shape):
        return (None if input_shape[0] is None else input_shape[0] - self.rows, *input_shape[1:])


def _check(network, batches):
    if not isinstance(network, keras.Model) or not getattr(network, "inputs", None):
        raise ValueError(
            f"`network` must be a functional or Sequential model that starts with keras.Input. Received: {network!r}"
        )
    wanted = [tuple(x.shape) for x in network.inputs]
    received = [batch.shape for batch in batches]
    if len(wanted) != len(received) or not all(compatible(a, b) for a, b in zip(wanted, received, strict=True)):
        raise ValueError(f"`reference` must be a batch for each input of the network, of shapes {wanted}. Received: {received}.")
    sizes = {shape[0] for shape in received}
    sizes |= {layer.reference_size for layer in all_layers(network) if isinstance(layer, VirtualBatchNormalization)}
    if len(sizes) > 1:
        raise ValueError(
            "`reference` must have as many rows as the `reference_size` of the network's VirtualBatchNormalization layers, in "
            f"each of its arrays. Received: {sorted(sizes)}."
        )
