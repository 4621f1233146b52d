"""Keras' synchronized batch normalization inside a GAN on two replicas."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


class Fixed(keras_gans.latents.Latents):
    """The same latents for each row at each draw, whichever replica draws them: rows alternate between two."""

    def sample(self, batch_size, seed, truncation=None):
        row = tf.reshape(tf.linspace(-1.0, 1.0, self.shape[0]), (1, -1))
        sign = tf.where(tf.range(batch_size) % 2 == 0, 1.0, -0.5)
        return row * sign[:, None]


def networks():
    keras.utils.set_random_seed(5)
    z = keras.Input((tiny.LATENTS,), name="latents")
    x = layers.BatchNormalization(synchronized=True, momentum=0.5)(layers.Dense(8)(z))
    x = layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(layers.ReLU()(x)))
    images = keras.Input(tiny.SHAPE, name="images")
    y = layers.BatchNormalization(synchronized=True, momentum=0.5)(layers.Dense(8)(layers.Flatten()(images)))
    return keras.Model(z, x), keras.Model(images, layers.Dense(1)(layers.LeakyReLU(0.2)(y)))


def trained(scope, **arguments):
    with scope:
        gan = keras_gans.GAN(*networks(), latents=Fixed(tiny.LATENTS), ema=0.5)
        gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **arguments)
    history = gan.fit(tiny.dataset(tiny.images(16)), verbose=0).history
    return gan, history


@pytest.mark.parametrize("arguments", [{}, {"update_rule": "alternating", "run_eagerly": True}], ids=["graph", "eager"])
def test_two_replicas_train_as_one_with_the_whole_batch(strategy, arguments):
    two, logs = trained(strategy.scope(), **arguments)
    one, expected = trained(contextlib.nullcontext(), **arguments)
    for name, values in expected.items():
        assert logs[name] == pytest.approx(values, rel=1e-4, abs=1e-6), name
    for variable, other in zip(two.weights, one.weights, strict=True):
        np.testing.assert_allclose(variable.numpy(), other.numpy(), rtol=1e-4, atol=1e-5, err_msg=variable.path)
    for variable in two.weights:
        first, second = strategy.experimental_local_results(variable.value)
        np.testing.assert_array_equal(first, second, err_msg=variable.path)


def test_a_replica_without_examples(strategy):
    with strategy.scope():
        gan = keras_gans.GAN(*networks(), latents=Fixed(tiny.LATENTS))
        gan.compile(run_eagerly=True)
    history = gan.fit(tiny.dataset(tiny.images(9)), verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert np.isfinite(tiny.weights(gan)).all()
