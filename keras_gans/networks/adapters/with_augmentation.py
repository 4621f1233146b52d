"""Discriminators whose images are augmented first."""

import keras

from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import output_of
from keras_gans.utils.private_keras import run_through_graph


def with_augmentation(discriminator, layer):
    """A discriminator that sees its images through a layer: augmented, or with noise.

    The new discriminator shares its layers with the given one. Of its inputs the images alone go through the layer, conditions do
    not.

    Args:
        discriminator: Functional or Sequential `keras.Model`.
        layer: `keras.layers.Layer` of images, such as `keras_gans.layers.AdaptiveAugment()`, `ProbabilisticAugment`,
            `DiffAugment` or `InstanceNoise`.

    Returns:
        `keras.Model` with the inputs and outputs of `discriminator`.

    Raises:
        ValueError: if the input that takes images cannot be told, or the layer does not fit them.

    Example:

    ```python
    augment = keras_gans.layers.AdaptiveAugment()
    discriminator = keras_gans.networks.with_augmentation(keras_gans.networks.dcgan.discriminator((32, 32, 3)), augment)
    gan = keras_gans.DCGAN(keras_gans.networks.dcgan.generator((32, 32, 3)), discriminator)
    gan.compile()
    print(float(augment.probability))  # 0.0; it rises where the discriminator overfits
    ```
    """
    if isinstance(layer, keras.Model) or not isinstance(layer, keras.layers.Layer):
        raise ValueError(
            "`layer`, the second argument, must be a layer for images, an object such as keras_gans.layers.DiffAugment(). "
            f"Received: layer={layer!r}"
        )
    if not isinstance(discriminator, keras.Model) or not getattr(discriminator, "inputs", None):
        raise ValueError(f"`discriminator` must be a functional or Sequential keras.Model. Received: {discriminator!r}")
    inputs = NetworkInputs(discriminator, "images")
    network = keras.Model(inputs.structure, output_of(discriminator))
    starts = keras.tree.map_structure(_anew, inputs.structure)

    def seen(tensor, start):
        return layer(start) if tensor is inputs.main else start

    outputs = run_through_graph(network, keras.tree.map_structure(seen, inputs.structure, starts))
    return keras.Model(starts, outputs, name=discriminator.name)


def _anew(tensor):
    return keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.name)
