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


@pytest.mark.slow
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


class Doubled(keras.Model):
    """A functional model of the user's with a call of its own, and a layer besides."""

    def __init__(self, width):
        x = keras.Input((4,))
        super().__init__(x, layers.Dense(width)(x))
        self.gain = layers.Dense(width)
        self.gain.build((None, width))

    def call(self, x):
        return 2.0 * self.gain(super().call(x))


class Tripled(keras.Sequential):
    def call(self, x, training=None, mask=None):
        return 3.0 * super().call(x, training=training)


class Closes(layers.Layer):
    """Its functions hold its layers."""

    def __init__(self, units):
        super().__init__()
        self.first, self.second = layers.Dense(units), layers.Dense(units)
        self.function = lambda x: self.first(x)
        second = self.second
        self.functions = [lambda x: second(x) * units]

    def build(self, shape):
        self.first.build(shape)
        self.second.build((shape[0], self.first.units))

    def call(self, x):
        return self.functions[0](self.function(x))

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.second.units)


class WithoutMask(keras.Model):
    """Its `call` takes other arguments than that of the class that it is made as."""

    def __init__(self):
        x = keras.Input((4,))
        super().__init__(x, layers.Dense(3)(x))

    def call(self, x, training=None):
        return 2.0 * super().call(x, training=training)


class BoundMethod(WithoutMask):
    """It holds one of its own methods."""

    def __init__(self):
        super().__init__()
        self.extra = layers.Dense(3)
        self.extra.build((None, 3))
        self.after = self.finish

    def finish(self, x):
        return self.extra(x)

    def call(self, x, training=None):
        return self.after(super().call(x, training=training))


class Default(layers.Layer):
    """Its function holds its weight as a default."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 3))
        self.function = lambda x, kernel=self.kernel: x @ kernel

    def call(self, x):
        return self.function(x)


class Tied(layers.Layer):
    """It computes with another layer's kernel."""

    def __init__(self, kernel):
        super().__init__()
        self.kernel = kernel

    def call(self, x):
        return x @ keras.ops.transpose(self.kernel) @ self.kernel


def tied():
    x, dense = keras.Input((4,)), layers.Dense(3)
    y = dense(x)
    return keras.Model(x, Tied(dense.kernel)(y))


def with_a_global():
    global dense
    x, dense = keras.Input((4,)), layers.Dense(3)
    return keras.Model(x, layers.Lambda(lambda y: y * keras.ops.mean(dense.kernel))(dense(x)))


@pytest.mark.parametrize(
    "make",
    [
        WithoutMask,
        BoundMethod,
        lambda: keras.Sequential([keras.Input((4,)), Default()]),
        tied,
        with_a_global,
        lambda: Doubled(3),
        lambda: Tripled([keras.Input((4,)), layers.Dense(3)]),
        lambda: keras.Sequential([keras.Input((4,)), Tripled([keras.Input((4,)), layers.Dense(3)])]),
        lambda: keras.Sequential([keras.Input((4,)), Closes(3)]),
        lambda: keras.Sequential([keras.Input((4, 2)), layers.GRU(3, dropout=0.5)]),
    ],
    ids=[
        "without a mask",
        "bound method",
        "default",
        "tied",
        "global",
        "functional subclass",
        "sequential subclass",
        "nested",
        "closures",
        "recurrent",
    ],
)
def test_a_copy_of_what_computes_in_its_own_way(make):
    original = make()
    copy = clone(original)
    x = np.random.default_rng(0).normal(size=(3, *original.inputs[0].shape[1:])).astype("float32")
    before = original(x).numpy()
    np.testing.assert_allclose(copy(x), before, rtol=1e-6)
    assert not {id(v) for v in copy.variables} & {id(v) for v in original.variables}
    for variable in original.variables:
        if variable.dtype == "float32":
            variable.assign(variable + 1.0)
    np.testing.assert_allclose(copy(x), before, rtol=1e-6)  # no function computes with the original's weights
    assert np.abs(original(x).numpy() - before).max() > 0.1


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
