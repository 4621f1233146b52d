"""Discriminators that also give their features."""

import keras

from keras_gans.utils.networks import input_of_last_layer
from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import output_of
from keras_gans.utils.networks import output_of_layer


def with_features(discriminator, layer=None):
    """A discriminator that returns `{"scores": ..., "features": ...}`, for terms that compare features.

    The new discriminator shares its layers with the given one.

    Args:
        discriminator: Functional or Sequential `keras.Model`, whose output is scores, or a dict of outputs.
        layer: String, name of the layer whose output is the features. Default: whatever the last layer with weights takes in.

    Returns:
        `keras.Model` of the same inputs; a dict of outputs, `features` among them.

    Raises:
        ValueError: if there is no such layer.

    Example:

    ```python
    discriminator = keras_gans.networks.with_features(discriminator)  # or layer="name of a layer"
    gan = keras_gans.GAN(generator, discriminator)
    gan.compile(auxiliary_losses=[keras_gans.losses.FeatureMatching()])
    ```
    """
    output = output_of(discriminator)
    heads = dict(output) if isinstance(output, dict) else {"scores": output}
    features = features_of(discriminator, heads["scores"], layer)
    return keras.Model(inputs_of(discriminator), {**heads, "features": features}, name=discriminator.name)


def features_of(network, output, layer=None):
    """The symbolic output of the layer called `layer`, or by default what the last layer on the path to `output` takes in."""
    features = input_of_last_layer(output) if layer is None else output_of_layer(network, layer)
    if features is None:
        raise ValueError("A network without weights has no features. Name a layer.")
    return features
