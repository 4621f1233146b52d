"""Layers in a `keras.RematScope` against the same layers outside of it."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from keras_gans.utils.rematerialization import make_rematerialization_pure

FULL = {"mode": "full"}


@keras.saving.register_keras_serializable("tests")
class Counts(layers.Layer):
    """Counts its calls when they run, and has a loss, a state, and a keyword for a tensor."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1],), initializer="ones", name="kernel")
        self.state = self.add_weight(shape=(), initializer="zeros", trainable=False, name="state")
        self.calls = 0

    def call(self, x, scale=None, training=None):
        def count():
            self.calls += 1

        tf.py_function(count, [], [])
        self.state.assign(self.state + 1.0)
        self.add_loss(0.5 * keras.ops.sum(keras.ops.square(x * self.kernel)))
        return keras.ops.sin(x * self.kernel) * (1.0 if scale is None else scale)


def gradients(build, scope, traced):
    """Outputs, gradients of weights and of the input, of one and of two derivatives, and the weights afterwards."""
    keras.utils.set_random_seed(2)
    with keras.RematScope(**scope) if scope else contextlib.nullcontext():
        network = build()
    make_rematerialization_pure(network)

    def step(x):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.cast(network(x, training=True), tf.float32)
                loss = tf.reduce_sum(y**2) + sum(network.losses, 0.0)
            slope = tape.gradient(loss, x)
            total = loss + tf.reduce_sum(slope**2)
        return y, slope, outer.gradient(total, [variable.value for variable in network.trainable_variables])

    results = (tf.function(step) if traced else step)(tf.constant(np.linspace(-1, 1, 24).reshape(6, 4), tf.float32))
    return network, keras.tree.map_structure(np.asarray, results)


def plain():
    return keras.Sequential([keras.Input((4,)), layers.Dense(5, "tanh"), layers.BatchNormalization(), layers.Dense(2)])


def noisy():
    return keras.Sequential([keras.Input((4,)), layers.Dense(5, "tanh"), layers.Dropout(0.5), layers.Dense(2)])


def counting():
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(2)(Counts(name="counts")(x, scale=layers.Dense(4)(x))))


@pytest.mark.slow
@pytest.mark.parametrize("traced", [False, True], ids=["eager", "graph"])
@pytest.mark.parametrize("build", [plain, noisy, counting])
def test_it_computes_the_same(build, traced):
    kept, expected = gradients(build, None, traced)
    again, found = gradients(build, FULL, traced)
    keras.tree.map_structure(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5), found, expected)
    for variable, other in zip(again.variables, kept.variables, strict=True):  # assigned once: statistics, states, seeds
        np.testing.assert_allclose(variable.numpy(), other.numpy(), atol=1e-6, err_msg=variable.path)
    if build is counting:
        assert again.get_layer("counts").calls > kept.get_layer("counts").calls == 1


def test_the_types_of_the_call_are_those_of_the_recomputation():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        (kept, expected), (again, found) = (gradients(plain, scope, False) for scope in (None, FULL))
    finally:
        keras.config.set_dtype_policy("float32")
    for a, b in zip(found[:2], expected[:2], strict=True):  # a second derivative of so few digits is mostly rounding
        np.testing.assert_allclose(a, b, rtol=0.01, atol=0.01)
    for variable, other in zip(again.variables, kept.variables, strict=True):  # in all their digits
        np.testing.assert_array_equal(variable.numpy(), other.numpy(), err_msg=variable.path)


@pytest.mark.parametrize(
    ("scope", "calls"),
    [
        ({"mode": "list_of_layers", "layer_names": ["counts"]}, True),
        ({"mode": "list_of_layers", "layer_names": ["dense"]}, False),
        ({"mode": "larger_than", "output_size_threshold": 10}, True),
        ({"mode": "larger_than", "output_size_threshold": 100}, False),
        ({"mode": "activations"}, False),
    ],
    ids=str,
)
def test_the_scope_says_which_layers(scope, calls):
    keras.utils.set_random_seed(2)
    with keras.RematScope(**scope):
        network = counting()
    make_rematerialization_pure(network)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(network(tf.ones((6, 4)), training=True))
    tape.gradient(loss, [variable.value for variable in network.trainable_variables])
    assert network.get_layer("counts").calls == (2 if calls else 1)
