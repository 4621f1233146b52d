"""Copies of networks, also of those that cannot be saved."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.utils.copies import clone
from tests import tiny


class Unsaveable(layers.Layer):
    """No `get_config`, layers in lists and dicts, a function, random numbers."""

    def __init__(self, units, scale):
        super().__init__()
        self.function = lambda x: x * scale
        self.listed = [layers.Dense(units, kernel_regularizer="l2"), layers.BatchNormalization()]
        self.keyed = {"drop": layers.Dropout(0.5), "network": keras.Sequential([layers.Dense(units)])}

    def build(self, shape):
        self.gain = self.add_weight(shape=(shape[-1],), initializer="ones", name="gain")
        for layer in self.listed:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.keyed["network"].build(shape)

    def call(self, x, training=False):
        x = self.function(x * self.gain)
        for layer in self.listed:
            x = layer(x, training=training)
        return self.keyed["network"](self.keyed["drop"](x, training=training))


class Forgetful(layers.Layer):
    """A configuration without an argument: a copy by it computes something else, in silence."""

    def __init__(self, power=1.0, **kwargs):
        super().__init__(**kwargs)
        self.power = power

    def call(self, x):
        return keras.ops.tanh(x) * self.power


def network():
    z = keras.Input((4,), name="latents")
    shared = layers.Dense(4)
    x = Unsaveable(6, 2.0)(z)
    x = layers.Lambda(lambda t: t + 1.0)(layers.Concatenate()([shared(shared(z)), x])) * 2.0
    x = layers.Dense(5, activation=lambda t: keras.ops.tanh(t))(x)
    return keras.Model({"latents": z}, Forgetful(3.0)(layers.BatchNormalization()(x)))


def test_a_copy_computes_the_same_and_has_no_variable_in_common():
    original = network()
    copy = clone(original)
    x = {"latents": np.random.default_rng(0).normal(size=(3, 4)).astype("float32")}
    np.testing.assert_array_equal(copy(x), original(x))
    assert not {id(v) for v in copy.variables} & {id(v) for v in original.variables}
    for a, b in zip(copy.weights, original.weights, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
        assert (a.trainable, a.dtype, a.regularizer is None) == (b.trainable, b.dtype, b.regularizer is None)
    before = copy(x).numpy()
    original.set_weights([weight + 0.1 for weight in original.get_weights()])
    np.testing.assert_array_equal(copy(x), before)
    copy.trainable = False
    assert not copy.trainable_variables
    assert original.trainable_variables


def test_an_average_of_a_network_that_cannot_be_saved_trains_and_is_exported(tmp_path):
    z = keras.Input((tiny.LATENTS,), name="latents")
    x = Forgetful(0.5)(layers.Dense(64)(Unsaveable(6, 2.0)(z)))
    gan = keras_gans.GAN(keras.Model(z, layers.Reshape(tiny.SHAPE)(x)), tiny.discriminator(), ema=0.0)
    gan.compile()
    gan.train_on_batch(tiny.images(8))
    for a, b in zip(gan.ema_generator.weights, gan.generator.weights, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())  # a decay of 0 copies
    latents = np.ones((2, tiny.LATENTS), "float32")
    images = gan.generate(2, latents=latents)
    np.testing.assert_allclose(images, gan.generator(latents), atol=1e-6)
    gan.export(tmp_path / "1")
    served = tf.saved_model.load(tmp_path / "1").signatures["serve"](latents=tf.constant(latents))["images"]
    np.testing.assert_allclose(served, images, atol=1e-6)


def test_batch_norm_statistics_of_a_network_that_cannot_be_saved():
    original = network()
    x = {"latents": np.random.default_rng(0).normal(size=(8, 4)).astype("float32")}
    copy = keras_gans.evaluation.with_batch_norm_statistics(original, "moving")
    np.testing.assert_array_equal(copy(x), original(x))


def test_under_a_strategy(strategy):
    with strategy.scope():
        original = network()
        copy = clone(original)
    x = {"latents": np.ones((3, 4), "float32")}
    np.testing.assert_allclose(copy(x), original(x), atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64"])
def test_policies_are_copied(policy):
    z = keras.Input((4,))
    original = keras.Model(z, layers.Dense(2, dtype=policy)(Forgetful(2.0, dtype=policy)(z)))
    assert [layer.dtype_policy.name for layer in clone(original).layers[1:]] == [policy, policy]
