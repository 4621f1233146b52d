import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import GroupedConv2D
from keras_gans.layers import SpectralNormalization
from keras_gans.layers import grouped_conv


def normal(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype("float32")


def one_by_one(x, kernel, groups):
    """What 3x3 convolutions of groups make, padded with zeros to the same size: sums in NumPy."""
    batch, height, width, channels = x.shape
    inputs, outputs = channels // groups, kernel.shape[-1] // groups
    padded = np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    y = np.zeros((batch, height, width, kernel.shape[-1]))
    for k in range(groups):
        of, to = slice(k * inputs, (k + 1) * inputs), slice(k * outputs, (k + 1) * outputs)
        for i in range(3):
            for j in range(3):
                y[..., to] += padded[:, i : i + height, j : j + width, of] @ kernel[i, j, :, to]
    return y


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_each_group_sees_its_channels(groups):
    x = normal(2, 5, 4, 6)
    layer = GroupedConv2D(12, 3, groups, padding="same", bias_initializer="ones")
    y = layer(x)
    assert layer.kernel.shape == (3, 3, 6 // groups, 12)
    np.testing.assert_allclose(y, one_by_one(x, layer.kernel.numpy(), groups) + 1, atol=1e-5)


@pytest.mark.parametrize(
    "arguments",
    [
        {"strides": 2, "padding": "same"},
        {"strides": (1, 2), "use_bias": False, "activation": "relu"},
        {"dilation_rate": 2, "kernel_regularizer": "l2"},
    ],
)
def test_it_has_the_weights_and_the_outputs_of_keras(arguments):
    x = normal(2, 8, 9, 6)
    layer = GroupedConv2D(9, (3, 2), 3, **arguments)
    theirs = keras.layers.Conv2D(9, (3, 2), groups=3, **arguments)
    y = layer(x)
    theirs.build(x.shape)
    theirs.set_weights(layer.get_weights())
    np.testing.assert_allclose(y, theirs(x), atol=1e-5)
    assert layer.compute_output_shape(x.shape) == theirs.compute_output_shape(x.shape) == y.shape
    assert len(layer.losses) == len(theirs.losses)


def derivatives(layer, x):
    """The gradients of sum tanh(y), and of the squared norm of that to x: what a gradient penalty wants."""
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            loss = tf.reduce_sum(tf.tanh(layer(x)))
        to_images, to_kernel = inner.gradient(loss, [x, layer.kernel.value])
        norm = tf.reduce_sum(to_images**2)
    return to_images, to_kernel, outer.gradient(norm, layer.kernel.value)


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("way", ["eager", "graph", "xla"])
def test_derivatives_are_those_of_a_convolution_with_zeros_between_groups(way, policy):
    x, groups = tf.constant(normal(2, 4, 4, 6)), 3
    layer = GroupedConv2D(6, 3, groups, padding="same", use_bias=False, dtype=policy)
    layer.build(x.shape)
    whole = keras.layers.Conv2D(6, 3, padding="same", use_bias=False)
    whole.build(x.shape)
    mask = np.kron(np.eye(groups), np.ones((2, 2)))
    whole.set_weights([np.tile(layer.kernel.numpy(), (1, 1, groups, 1)) * mask])
    expected = [value.numpy() for value in derivatives(whole, x)]
    found = (derivatives if way == "eager" else tf.function(derivatives, jit_compile=way == "xla"))(layer, x)
    of_groups = lambda kernel: np.concatenate([kernel[:, :, k : k + 2, k : k + 2] for k in (0, 2, 4)], axis=-1)  # noqa: E731
    tolerance = 1e-5 if policy == "float32" else 0.06
    for value, other in zip(found, [expected[0], of_groups(expected[1]), of_groups(expected[2])], strict=True):
        np.testing.assert_allclose(value, other, atol=tolerance * np.abs(other).max())


@pytest.mark.parametrize("on_cpus", [True, False])
def test_where_there_are_only_cpus_each_group_is_a_convolution(monkeypatch, on_cpus):
    monkeypatch.setattr(grouped_conv, "only_cpus", lambda: on_cpus)
    layer, x = GroupedConv2D(6, 3, 3), tf.constant(normal(1, 4, 4, 6))
    layer.build(x.shape)
    graph = tf.function(layer).get_concrete_function(x).graph
    assert len([operation for operation in graph.get_operations() if operation.type == "Conv2D"]) == (3 if on_cpus else 1)


def test_the_devices_that_are_seen(monkeypatch):
    assert grouped_conv.only_cpus()
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda: [tf.config.LogicalDevice("/device:GPU:0", "GPU")])
    assert not grouped_conv.only_cpus()


def test_in_a_spectral_normalization():
    x = normal(2, 4, 4, 6)
    layer = SpectralNormalization(GroupedConv2D(6, 3, 3, padding="same", use_bias=False))
    y = layer(x)
    kernel = layer.layer.kernel.numpy()
    scale = np.mean(y / one_by_one(x, kernel, 3))
    np.testing.assert_allclose(y, scale * one_by_one(x, kernel, 3), rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_it_learns_without_onednn():
    """TensorFlow's own convolution of several groups does not."""
    code = """
import tensorflow as tf
from keras_gans.layers import GroupedConv2D

layer = GroupedConv2D(6, 3, 3, use_bias=False)
x = tf.ones((1, 4, 4, 6))
for convolve in (layer, lambda x: tf.nn.conv2d(x, layer.kernel.value, 1, "VALID")):
    try:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(convolve(x) ** 2)
        print(tape.gradient(loss, layer.kernel.value).shape)
    except tf.errors.InvalidArgumentError as error:
        print("grouped convolutions are not supported on CPU" in str(error))
"""
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert result.stdout.splitlines() == ["(3, 3, 2, 6)", "True"], result.stderr[-2000:]


def test_errors():
    for groups in (0, 1.5, None):
        with pytest.raises(ValueError, match="`groups` must be an int >= 1"):
            GroupedConv2D(6, 3, groups)
    with pytest.raises(ValueError, match="evenly divisible"):
        GroupedConv2D(6, 3, 4)
    with pytest.raises(ValueError, match="divisible"):
        GroupedConv2D(6, 3, 3)(tf.zeros((1, 4, 4, 4)))


def test_a_second_derivative_where_it_runs_eagerly():
    layer, x = GroupedConv2D(4, 3, groups=2), tf.random.normal((2, 5, 5, 4), seed=0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.reduce_sum(layer(x) ** 3)
        squares = tf.reduce_sum(inner.gradient(y, x) ** 2)
    assert np.abs(outer.gradient(squares, x)).max() > 0
