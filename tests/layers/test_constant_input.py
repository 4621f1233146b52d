import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import ConstantInput


def test_the_same_for_each_example():
    layer = ConstantInput((2, 3, 4))
    np.testing.assert_array_equal(layer(tf.zeros((5, 7))), np.ones((5, 2, 3, 4)))
    layer.constant.assign(np.arange(24.0).reshape(2, 3, 4))
    output = layer(np.random.default_rng(0).normal(size=(5, 7)))
    np.testing.assert_array_equal(output, np.broadcast_to(np.arange(24.0).reshape(2, 3, 4), (5, 2, 3, 4)))


def test_the_gradient_is_a_sum_over_the_batch():
    layer = ConstantInput((3,))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.zeros((5, 2))) * tf.reshape(tf.range(5.0), (5, 1)))
    np.testing.assert_array_equal(tape.gradient(loss, layer.constant.value), [10.0] * 3)


def test_another_initializer():
    layer = ConstantInput((64, 64), keras.initializers.RandomNormal(0.0, 1.0))
    layer.build((None, 2))
    assert np.std(layer.constant) == pytest.approx(1.0, abs=0.05)


def test_errors():
    for shape in ((), 4, (4, 0), (None, 4)):
        with pytest.raises(ValueError, match="`shape` must be a list or tuple of ints >= 1"):
            ConstantInput(shape)
