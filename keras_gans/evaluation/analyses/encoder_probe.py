"""Probes of an encoder's features."""

import keras
import numpy as np

from keras_gans.evaluation.analyses.linear_probe import labelled_halves
from keras_gans.evaluation.analyses.linear_probe import linear_probe
from keras_gans.evaluation.analyses.nearest_neighbor_probe import nearest_neighbor_probe
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.utils.networks import output_of_layer

_FEATURES = "features"  # the name of the last hidden layer in this library's encoders


def encoder_probe_analysis(sample_set, classifier="svm", penalty=1.0):
    """Accuracies of a linear classifier and the nearest neighbor on the encoder's features; half of the images train, half test.

    Features are those of the encoder's layer of that name, or else the latents that it finds.
    """
    sample_set.need_encoder()
    sample_set.need(real="real images", labels="labels of real images")
    network, layer = _features(sample_set.generator.encoder)
    features = network.predict(sample_set.generator.in_own_range(sample_set.real), verbose=0)
    features = np.reshape(features, (len(features), -1))
    seed = sample_set.options.seed
    halves, drawn = labelled_halves(features, sample_set.real_classes, seed)
    figures = {
        "linear_accuracy": linear_probe(*halves, classifier, penalty, seed=seed),
        "nearest_neighbor_accuracy": nearest_neighbor_probe(*halves),
    }
    protocol = {"classifier": classifier, "penalty": penalty, "seed": seed, "layer": layer, "features": features.shape[1]}
    protocol |= drawn | ({} if sample_set.real_label is None else {"label": sample_set.real_label})
    return AnalysisResult(figures, [], figures, protocol)


def _features(encoder):
    """The network from images to an encoder's features, and the name of these features."""
    if _FEATURES not in [layer.name for layer in encoder.layers]:
        return encoder, "latents"
    return keras.Model(encoder.inputs, output_of_layer(encoder, _FEATURES)), _FEATURES
