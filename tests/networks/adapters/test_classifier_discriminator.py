"""Discriminators made of classifiers."""

import keras
import numpy as np
import pytest

from keras_gans import networks
from tests import tiny


def fixed():
    """A classifier whose logits are its input."""
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, kernel_initializer="identity", name="logits")])


@pytest.mark.parametrize(
    ("logits", "probability"),
    [([[1, 0, 0], [-2, -1, -3]], [0.825122, 0.356086]), ([[0, 0, 0], [-1, -2, 0.5]], [0.75, 0.682735])],
)
def test_scores_are_the_logits_of_not_being_class_k_plus_one(logits, probability):
    scores = networks.classifier_discriminator(fixed())(np.array(logits, "float32"))["scores"]
    assert scores.shape == (2, 1)
    np.testing.assert_allclose(keras.ops.sigmoid(scores)[:, 0], probability, atol=1e-6)


def test_scores_of_large_logits_are_finite():
    scores = networks.classifier_discriminator(fixed())(np.array([[1000.0, 0.0, 0.0], [-1000.0, -1000.0, -1000.0]]))["scores"]
    np.testing.assert_allclose(scores, [[1000.0], [-1000.0 + np.log(3)]])


@pytest.mark.parametrize(("layer", "width"), [(None, 16), ("wide", 32)])
def test_features(layer, width):
    x = keras.Input(tiny.SHAPE)
    h = keras.layers.Dense(16)(keras.layers.Dense(32, name="wide")(keras.layers.Flatten()(x)))
    classifier = keras.Model(x, keras.layers.Dense(4)(h))
    discriminator = networks.classifier_discriminator(classifier, layer)
    output = discriminator(tiny.images(5))
    assert {name: tuple(head.shape) for name, head in output.items()} == {
        "classes": (5, 4),
        "scores": (5, 1),
        "features": (5, width),
    }
    np.testing.assert_allclose(output["classes"], classifier(tiny.images(5)), atol=1e-6)
    assert discriminator.trainable_variables[0] is classifier.trainable_variables[0]


def test_features_that_are_there_are_kept():
    x = keras.Input((3,))
    h = keras.layers.Dense(7)(x)
    discriminator = networks.classifier_discriminator(keras.Model(x, {"classes": keras.layers.Dense(2)(h), "features": h}))
    assert discriminator.output["features"].shape == (None, 7)


def test_what_gives_no_logits_is_refused():
    with pytest.raises(ValueError, match=r"K >= 2.*shape \(None, 1\)"):
        networks.classifier_discriminator(tiny.discriminator())
    with pytest.raises(ValueError, match=r"outputs \['features', 'scores'\]"):
        networks.classifier_discriminator(networks.with_features(tiny.discriminator()))
