"""Discriminators with features, and those made of autoencoders."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from keras_gans import networks
from keras_gans import penalties
from tests import tiny


def autoencoder(shape=tiny.SHAPE):
    x = keras.Input(shape)
    h = keras.layers.Dense(3, "relu", name="code")(keras.layers.Dense(16, "relu", name="wide")(keras.layers.Flatten()(x)))
    y = keras.layers.Dense(int(np.prod(shape)), "tanh")(keras.layers.Dense(16, "relu")(h))
    return keras.Model(x, keras.layers.Reshape(shape)(y))


def test_energy_is_the_norm_of_each_examples_error():
    x = keras.Input((3,))
    fixed = keras.layers.Dense(3, kernel_initializer="zeros", bias_initializer=lambda shape, dtype: tf.constant([1.0, 1.0, 0.0]))
    output = networks.autoencoder_discriminator(keras.Model(x, fixed(x)))(np.array([[1.0, 2.0, 2.0], [1.0, 1.0, 0.0]]))
    np.testing.assert_allclose(output["scores"], [[2.236068], [0.0]], atol=1e-6)


def test_energy_of_a_perfect_reconstruction_has_a_gradient():
    x = tf.Variable([[1.0, 2.0]])
    inputs = keras.Input((2,))
    same = networks.autoencoder_discriminator(keras.Model(inputs, keras.layers.Dense(2, kernel_initializer="identity")(inputs)))
    with tf.GradientTape() as tape:
        value = same(x)["scores"]
    assert np.isfinite(tape.gradient(value, x)).all()


@pytest.mark.parametrize(("code", "width"), [(None, 3), ("code", 3), ("wide", 16)])
def test_the_code_is_the_narrowest_or_the_named(code, width):
    discriminator = networks.autoencoder_discriminator(autoencoder(), code)
    assert discriminator.output["features"].shape == (None, width)
    assert discriminator.output["scores"].shape == (None, 1)


@pytest.mark.slow
def test_an_energy_based_gan_trains_saves_and_goes_on(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), networks.autoencoder_discriminator(autoencoder()))
    gan.compile(loss=losses.EnergyBased(4.0), penalties=[penalties.PullingAway()])
    assert np.isfinite(gan.fit(tiny.images(16), batch_size=8, verbose=0).history["g_pulling_away"]).all()
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    x = tiny.images(8)
    assert loaded.train_on_batch(x, return_dict=True) == gan.train_on_batch(x, return_dict=True)


def test_what_is_no_autoencoder_is_refused():
    with pytest.raises(ValueError, match="shape of its input"):
        networks.autoencoder_discriminator(tiny.discriminator())
    with pytest.raises(ValueError, match="no layer 'nothing'"):
        networks.autoencoder_discriminator(autoencoder(), "nothing")


@pytest.mark.parametrize("layer", [None, "flatten"])
def test_features_of_a_discriminator(layer):
    discriminator = tiny.discriminator()
    name = next(one.name for one in discriminator.layers if "flatten" in one.name)
    wrapped = networks.with_features(discriminator, layer and name)
    x = tiny.images(4)
    output = wrapped(x)
    np.testing.assert_allclose(output["scores"], discriminator(x), atol=1e-6)
    assert output["features"].shape == ((4, 64) if layer else (4, 16))
    assert wrapped.trainable_variables[0] is discriminator.trainable_variables[0]


@pytest.mark.slow
def test_features_of_sequential_conditional_and_dict_discriminators():
    sequential = keras.Sequential([keras.Input((2,)), keras.layers.Dense(5), keras.layers.Dense(1)])
    assert networks.with_features(sequential).output["features"].shape == (None, 5)
    conditional = networks.with_features(tiny.discriminator(tiny.CLASSES))
    assert conditional([tiny.images(2), np.array([0, 1])])["features"].shape == (2, 16)
    assert set(networks.with_features(networks.autoencoder_discriminator(autoencoder()), "wide").output) == {"scores", "features"}


def test_a_missing_layer_is_refused():
    with pytest.raises(ValueError, match="no layer 'nothing'"):
        networks.with_features(tiny.discriminator(), "nothing")


def test_nested_functional_models():
    x, code = keras.Input((4,)), keras.Input((2,))
    encoder = keras.Model(x, keras.layers.Dense(2)(x), name="encoder")
    decoder = keras.Model(code, keras.layers.Dense(4)(code), name="decoder")
    whole = keras.Model(x, decoder(encoder(x)))
    assert networks.autoencoder_discriminator(whole, "encoder").output["features"].shape == (None, 2)
    assert networks.autoencoder_discriminator(whole).output["features"].shape == (None, 2)
    body = keras.Model(x, keras.layers.Dense(3)(keras.layers.Dense(5)(x)), name="body")
    assert networks.with_features(keras.Model(x, body(x))).output["features"].shape == (None, 4)
    assert networks.with_features(keras.Model(x, body(x)), "body").output["features"].shape == (None, 3)
