"""Penalties on features and on weights, at values that were computed by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from keras_gans import penalties
from tests import tiny


def minibatch(real, fake, key="features"):
    """A minibatch whose discriminator gives the data as their own features."""
    discriminate = lambda x, condition, training: ({"scores": x[:, :1], key: x}, [])  # noqa: E731
    real, fake = tf.constant(real, tf.float32), tf.constant(fake, tf.float32)
    return keras_gans.Minibatch(discriminate, real, fake, None, None, tf.constant([1, 2]), True)


@pytest.mark.parametrize(("form", "value"), [("squared", 1.25), ("mean_squared", 0.625), ("mean_absolute", 0.75)])
def test_feature_matching(form, value):
    batch = minibatch([[1, 2], [3, 0]], [[0, 1], [2, 2]])
    assert float(losses.FeatureMatching(form=form).generator(batch)) == pytest.approx(value)


def test_feature_matching_pulls_on_generated_data():
    real, fake = tf.constant([[1.0, 2.0]]), tf.constant([[0.0, 1.0]])
    with tf.GradientTape() as tape:
        tape.watch(fake)
        batch = keras_gans.Minibatch(lambda x, *_: ({"f": 2.0 * x}, []), real, fake, None, None, None, True)
        value = losses.FeatureMatching(features="f").generator(batch)
    np.testing.assert_allclose(tape.gradient(value, fake), [[-8.0, -8.0]])


@pytest.mark.parametrize("form", ["squared", "mean_squared", "mean_absolute"])
def test_feature_matching_of_several_layers_is_the_sum_over_them(form):
    real, fake = tf.random.stateless_normal((2, 3, 4), seed=(1, 2))
    discriminate = lambda x, *_: ({"a": x, "b": 2.0 * x[:, :2] ** 2, "scores": x}, [])  # noqa: E731
    value = lambda features: float(  # noqa: E731
        losses.FeatureMatching(form=form, features=features).generator(
            keras_gans.Minibatch(discriminate, real, fake, None, None, None, True)
        )
    )
    assert value(("a", "b")) == value(["b", "a"]) == pytest.approx(value("a") + value("b"))
    assert value(("b",)) == value("b")
    term = losses.FeatureMatching(features=("a", "b"))
    assert term.heads == ("a", "b")
    assert losses.FeatureMatching.from_config(term.get_config()).heads == ("a", "b")


def test_feature_matching_of_maps_is_that_of_discogan():
    """sum over layers of the mean over features of (mean over the batch of real - of fake)^2, by hand."""
    maps = {"features_1": [[[[1.0]], [[2.0]]], [[[2.0]], [[1.0]]]], "features_2": [[[[2.0, 0.0]]], [[[2.0, 4.0]]]]}
    discriminate = lambda x, *_: ({key: x * tf.constant(value) for key, value in maps.items()}, [])  # noqa: E731
    batch = keras_gans.Minibatch(discriminate, tf.constant(1.0), tf.constant(0.0), None, None, None, True)
    term = losses.FeatureMatching(form="mean_squared", features=("features_1", "features_2"))
    assert float(term.generator(batch)) == pytest.approx(1.5**2 + (2**2 + 2**2) / 2)


@pytest.mark.slow
def test_feature_matching_with_discogans_discriminator():
    discriminator = keras_gans.networks.discogan.discriminator((16, 16, 3), filters=2)
    generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(768, "sigmoid"), keras.layers.Reshape((16, 16, 3))])
    gan = keras_gans.GAN(generator, discriminator)
    gan.compile(auxiliary_losses=[losses.FeatureMatching(0.9, form="mean_squared", features=("features_1",))])
    logs = gan.train_on_batch(np.random.default_rng(0).uniform(size=(4, 16, 16, 3)).astype("float32"), return_dict=True)
    assert logs["g_feature_matching"] > 0
    with pytest.raises(ValueError, match="features_2"):
        gan.compile(auxiliary_losses=[losses.FeatureMatching(features=("features_1", "features_2"))])


@pytest.mark.parametrize("features", [(), None, ("a", 1), ("a", "a"), 3])
def test_other_features_than_keys_are_refused(features):
    with pytest.raises(ValueError, match="`features` must be"):
        losses.FeatureMatching(features=features)


def test_pulling_away():
    batch = minibatch([[0, 0]], [[1, 0], [1, 1], [0, 2]])
    assert float(penalties.PullingAway().generator(batch)) == pytest.approx(0.333333, abs=1e-6)
    opposite = minibatch([[0, 0]], [[1, 0], [-1, 0]])
    assert float(penalties.PullingAway().generator(opposite)) == pytest.approx(1.0)
    with tf.GradientTape() as tape:
        codes = tf.Variable([[0.0, 0.0], [1.0, 0.0]])
        value = penalties.PullingAway().generator(
            minibatch([[0, 0]], [[0, 0]]).__class__(
                lambda x, *_: ({"features": codes}, []), None, tf.zeros((2, 2)), None, None, None, True
            )
        )
    assert np.isfinite(tape.gradient(value, codes)).all()


def test_pulling_away_of_one_example_is_zero():
    assert float(penalties.PullingAway().generator(minibatch([[0, 0]], [[1, 2]]))) == 0.0


def test_historical_average():
    """theta = (1, 0), (0, 2), (3, 1): the mean is (4/3, 1), the penalty 2.777778, its gradient (3.333333, 0)."""
    z = keras.Input((1,))
    generator = keras.Model(z, keras.layers.Dense(2, use_bias=False)(z))
    x = keras.Input((2,))
    gan = keras_gans.GAN(generator, keras.Model(x, keras.layers.Dense(1)(x)))
    generator.set_weights([np.array([[1.0, 0.0]])])
    penalty = penalties.HistoricalAveraging()
    gan.compile(penalties=[penalty])
    for theta in ([[0.0, 2.0]], [[3.0, 1.0]]):
        generator.set_weights([np.array(theta)])
        penalty.after_step("generator", None)
    with tf.GradientTape() as tape:
        value = penalty.generator(None)
    assert float(value) == pytest.approx(2.777778, abs=1e-5)
    np.testing.assert_allclose(tape.gradient(value, generator.trainable_variables)[0], [[3.333333, 0.0]], atol=1e-5)
    assert float(penalty.discriminator(None)) == 0.0


def test_historical_average_is_state_of_the_gan_and_holds_no_variable_of_the_players():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    trainable = len(gan.trainable_variables)
    gan.compile(penalties=[penalties.HistoricalAveraging()])
    assert len(gan.trainable_variables) == trainable
    assert len(gan.components[1].weights) == trainable + 2


def test_drift():
    batch = minibatch([[2.0], [-1.0], [0.5]], [[0.0]])
    penalty = penalties.Drift()
    assert penalty.weight * float(np.mean(penalty.discriminator(batch))) == pytest.approx(0.001750)


@pytest.mark.parametrize("argument", ["auxiliary_losses", "penalties"])
def test_a_discriminator_without_features_is_refused(argument):
    term = losses.FeatureMatching() if argument == "auxiliary_losses" else penalties.PullingAway()
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="with_features"):
        gan.compile(**{argument: [term]})


def test_a_term_in_the_wrong_list_is_told_the_right_one():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match=r"`penalties` must be.*Pass it as auxiliary_losses="):
        gan.compile(penalties=[losses.FeatureMatching()])
    with pytest.raises(ValueError, match=r"`auxiliary_losses` must be.*Pass it as penalties="):
        gan.compile(auxiliary_losses=[penalties.R1()])


def test_another_form_is_refused():
    with pytest.raises(ValueError, match="form="):
        losses.FeatureMatching(form="cubed")
