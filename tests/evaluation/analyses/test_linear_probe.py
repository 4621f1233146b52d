"""Linear probes, and the features of a discriminator that they are for."""

import keras
import numpy as np
import pytest
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from keras_gans.evaluation.analyses.discriminator_features import discriminator_features
from keras_gans.evaluation.analyses.linear_probe import labelled_halves
from keras_gans.evaluation.analyses.linear_probe import linear_probe
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.networks import dcgan
from tests import tiny


def digits():
    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x / 16, y, test_size=0.3, stratify=y, random_state=0)
    return x_train, y_train, x_test, y_test


@pytest.mark.slow
@pytest.mark.parametrize(("classifier", "penalty"), [("logistic", 1.0), ("svm", 10.0)])
def test_digits(classifier, penalty):
    # Logistic regression without standardization: 0.97037037.
    assert linear_probe(*digits(), classifier=classifier, penalty=penalty) == pytest.approx(0.97037037, abs=0.01)


@pytest.mark.slow
def test_only_the_training_set_standardizes():
    x_train, y_train, x_test, y_test = digits()
    arguments = x_train[:300], y_train[:300], x_test, y_test
    scaled = 5 + 1e4 * x_train[:300], y_train[:300], 5 + 1e4 * x_test, y_test
    assert linear_probe(*scaled) == pytest.approx(linear_probe(*arguments), abs=0.005)
    shifted = x_train[:300], y_train[:300], x_test + 2, y_test
    assert linear_probe(*shifted) < 0.7


def test_noise_says_nothing():
    noise = np.random.default_rng(0).normal(size=(400, 5))
    labels = np.arange(400) % 4
    assert linear_probe(noise[:200], labels[:200], noise[200:], labels[200:]) < 0.4


def test_features_of_dcgan():
    network = discriminator_features(dcgan.discriminator((32, 32, 3), filters=2))
    assert network.output_shape == (None, 16 * (2 + 4 + 8))
    assert discriminator_features(dcgan.discriminator((28, 28, 1), filters=2)).output_shape == (None, 16 * (2 + 4))


def conv_network(normalization=True):
    x = keras.Input((8, 8, 1))
    h = layers.Conv2D(3, 3, padding="same")(x)
    if normalization:
        h = layers.BatchNormalization()(h)
    first = layers.LeakyReLU(0.2)(h)
    second = layers.ReLU()(layers.Conv2D(2, 3, strides=2, padding="same")(layers.Dropout(0.5)(first)))
    model = keras.Model(x, layers.Dense(1)(layers.Flatten()(second)))
    return model, keras.Model(x, [first, second])


def test_activated_maps_are_pooled_to_4x4():
    network, maps = conv_network()
    images = tiny.images(5)
    first, second = (np.asarray(value) for value in maps(images, training=False))
    pooled = first.reshape(5, 4, 2, 4, 2, 3).max(axis=(2, 4)).reshape(5, -1)
    expected = np.concatenate([pooled, second.reshape(5, -1)], axis=1)
    np.testing.assert_allclose(discriminator_features(network)(images, training=False), expected, rtol=1e-5, atol=1e-6)


def test_windows_cover_maps_that_4_does_not_divide():
    x = keras.Input((7, 7, 1))
    identity = layers.Conv2D(1, 1, use_bias=False, kernel_initializer="ones")(x)
    network = keras.Model(x, layers.Flatten()(identity))
    image = np.arange(49, dtype="float32").reshape(1, 7, 7, 1)
    features = np.asarray(discriminator_features(network)(image)).reshape(4, 4)
    rows = np.array([1, 3, 5, 6])  # the last of [0, 2), [1, 4), [3, 6), [5, 7)
    np.testing.assert_array_equal(features, 7 * rows[:, None] + rows)


def test_branches_and_wrappers():
    x = keras.Input((8, 8, 1), name="images")
    h = layers.SpectralNormalization(layers.Conv2D(2, 3, padding="same"))(x)
    out = layers.Add()([h, layers.ReLU()(h)])  # the map branches: it is taken as it is
    network = keras.Model(x, {"scores": layers.Dense(1)(layers.Flatten()(out))})
    images = tiny.images(3)
    expected = np.asarray(keras.Model(x, h)(images, training=False)).reshape(3, 4, 2, 4, 2, 2).max(axis=(2, 4)).reshape(3, -1)
    np.testing.assert_allclose(discriminator_features(network)(images, training=False), expected, rtol=1e-5, atol=1e-6)


def test_sequential():
    network = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.ReLU(), layers.Flatten(), layers.Dense(1)])
    assert discriminator_features(network).output_shape == (None, 32)
    assert discriminator_features(network, size=3).output_shape == (None, 18)


@pytest.mark.slow
def test_probe_of_discriminator_features():
    x_train, y_train, x_test, y_test = digits()
    network = discriminator_features(conv_network(normalization=False)[0])
    train, test = (network.predict(x.reshape(-1, 8, 8, 1) * 2 - 1, verbose=0) for x in (x_train, x_test))
    assert linear_probe(train, y_train, test, y_test) > 0.85


def test_errors():
    x_train, y_train, x_test, y_test = digits()
    with pytest.raises(ValueError, match="Received for test"):
        linear_probe(x_train, y_train, x_test[:, :5], y_test)
    with pytest.raises(ValueError, match="Received for train"):
        linear_probe(x_train, np.eye(10)[y_train], x_test, y_test)
    with pytest.raises(ValueError, match="`classifier` must be one of"):
        linear_probe(x_train, y_train, x_test, y_test, classifier="tree")
    with pytest.raises(ValueError, match="`penalty` must be positive"):
        linear_probe(x_train, y_train, x_test, y_test, penalty=0)
    with pytest.raises(ValueError, match="has no 2D convolution whose map is at least 4 x 4"):
        discriminator_features(tiny.discriminator())


def test_features_that_are_not_finite():
    fine, broken = np.zeros((2, 1)), np.array([[0.0], [np.inf]])
    with pytest.raises(ValueError, match="`features_test` must be finite. Received: 1 of 2 values"):
        linear_probe(fine, np.array([0, 1]), broken, np.array([0, 1]))


def test_halves_are_of_each_class_and_follow_the_seed():
    labels = np.repeat([3, 5, 7], [10, 6, 5])
    features = np.arange(21)[:, None]
    (train, labels_train, test, labels_test), drawn = labelled_halves(features, np.append(labels, 9), seed=1)
    assert sorted([*train[:, 0], *test[:, 0]]) == list(range(21))
    for rows, of_rows in ((train, labels_train), (test, labels_test)):
        np.testing.assert_array_equal(of_rows, labels[rows[:, 0]])
        assert (np.abs(2 * np.array([np.sum(of_rows == label) for label in (3, 5, 7)]) - [10, 6, 5]) <= 1).all()
    assert drawn["samples"] == {"train": 10, "test": 11}
    np.testing.assert_array_equal(labelled_halves(features, labels, seed=1)[0][0], train)
    assert not np.array_equal(labelled_halves(features, labels, seed=2)[0][0], train)
    for few in (labels[:1], np.zeros((21, 2))):
        with pytest.raises(NotApplicable, match="at least two real images, each with one class"):
            labelled_halves(features[: len(few)], few, seed=0)
