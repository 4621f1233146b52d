"""Sections 18.4 and 4.7 of the facts."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import AdaptiveInstanceNormalization


def with_style(layer, scale, bias):
    """The layer, built for as many channels, whose style is this, whatever w."""
    layer.build([(None, None, len(scale)), (None, 2)])
    layer.built = True
    layer.style.layer.kernel.assign(np.zeros((2, 2 * len(scale))))
    layer.style.layer.bias.assign([*scale, *bias])
    return layer


def test_numbers():
    x = tf.constant([1.0, 2.0, 3.0, 4.0])[None, :, None]
    layer = with_style(AdaptiveInstanceNormalization(), [2.0], [1.0])
    np.testing.assert_allclose(np.ravel(layer([x, tf.zeros((1, 2))])), [-3.024922, -0.341641, 2.341641, 5.024922], atol=1e-6)
    layer = with_style(AdaptiveInstanceNormalization(), [0.0], [0.0])
    np.testing.assert_allclose(np.ravel(layer([x, tf.zeros((1, 2))])), [-1.341641, -0.447214, 0.447214, 1.341641], atol=1e-6)


def test_each_channel_of_each_example_by_the_style_of_its_example():
    random = np.random.default_rng(0)
    x = random.normal(3.0, 2.0, (4, 5, 6, 3)) * 10.0 ** random.integers(-3, 3, (4, 1, 1, 3))
    w = random.normal(size=(4, 7))
    layer = AdaptiveInstanceNormalization(dtype="float64")
    layer([tf.constant(x), tf.constant(w)])
    layer.style.layer.bias.assign(random.normal(size=6))
    output = layer([tf.constant(x), tf.constant(w)])
    normalized = (x - x.mean(axis=(1, 2), keepdims=True)) / np.sqrt(x.var(axis=(1, 2), keepdims=True) + 1e-8)
    style = w @ layer.style.layer.kernel.numpy() / np.sqrt(7.0) + layer.style.layer.bias.numpy()
    scale, bias = style[:, None, None, :3], style[:, None, None, 3:]
    np.testing.assert_allclose(output, normalized * (1 + scale) + bias, rtol=1e-5, atol=1e-6)  # the dense layer is in float32


def test_the_style_at_first():
    layer = AdaptiveInstanceNormalization()
    layer.build([(None, 4, 4, 256), (None, 512)])
    assert [tuple(variable.shape) for variable in layer.trainable_variables] == [(512, 512), (512,)]
    assert layer.style.coefficient == pytest.approx(512**-0.5)
    np.testing.assert_array_equal(layer.style.layer.bias, np.zeros(512))
    scale = layer.style(np.random.default_rng(0).normal(size=(64, 512)).astype("float32"))[:, :256]
    assert (abs(np.mean(scale)), np.std(scale)) == pytest.approx((0.0, 1.0), abs=0.05)


def test_half_precision_keeps_the_style_and_small_maps():
    x = 1e-4 * tf.constant([1.0, 2.0, 3.0, 4.0])[None, :, None]
    layer = with_style(AdaptiveInstanceNormalization(dtype="mixed_bfloat16"), [2.0**-10], [2.0**-10])
    output = layer([x, tf.zeros((1, 2))])
    assert output.dtype == "bfloat16"
    normalized = np.array([-1.341641, -0.447214, 0.447214, 1.341641]) * 1.25e-8**0.5 / (1.25e-8 + 1e-8) ** 0.5
    np.testing.assert_allclose(np.ravel(tf.cast(output, "float32")), normalized * (1 + 2.0**-10) + 2.0**-10, rtol=2**-8)
    assert {variable.dtype for variable in layer.variables} == {"float32"}


def test_errors():
    with pytest.raises(ValueError, match="`epsilon` must be positive"):
        AdaptiveInstanceNormalization(0.0)
    for inputs in (np.ones((2, 3, 3)), [np.ones((2, 3)), np.ones((2, 4))], [np.ones((2, 3, 3)), np.ones((2, 4, 1))]):
        with pytest.raises(ValueError, match=r"called on \[x, w\]"):
            AdaptiveInstanceNormalization()(inputs)
