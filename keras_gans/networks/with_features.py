"""Discriminators that also give their features."""

import keras

from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import output_of_layer


def with_features(discriminator, layer=None):
    """A discriminator that returns `{"scores": ..., "features": ...}`, for penalties on features.

    It shares its layers with the one given.

    Args:
        discriminator: Functional or Sequential `keras.Model`, whose output is scores, or a dict of outputs.
        layer: String, name of the layer whose output is the features. Default: whatever the last layer with weights takes in.

    Returns:
        `keras.Model` of the same inputs; a dict of outputs, `features` among them.

    Raises:
        ValueError: if there is no such layer.

    Example:

    ```python
    gan = keras_gans.GAN(generator, keras_gans.networks.with_features(discriminator, layer="last_hidden"))
    gan.compile(penalties=[keras_gans.penalties.FeatureMatching()])
    ```
    """
    output = discriminator.outputs[0] if isinstance(discriminator, keras.Sequential) else discriminator.output
    heads = dict(output) if isinstance(output, dict) else {"scores": output}
    if layer is None:
        weighted = [one for one in discriminator.layers if one.weights]
        if not weighted:
            raise ValueError("A discriminator without weights has no features. Name a layer.")
        features = weighted[-1].input
    else:
        features = output_of_layer(discriminator, layer)
    return keras.Model(inputs_of(discriminator), {**heads, "features": features}, name=discriminator.name)
