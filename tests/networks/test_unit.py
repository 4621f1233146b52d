"""UNIT's pairs of networks: counts of the released code's layers, what is shared, and what PyTorch's layers compute."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.networks import unit
from keras_gans.utils.joined import joined
from keras_gans.utils.joined import parts
from keras_gans.utils.networks import output_bounds
from tests.networks import counting
from tests.networks import torch_terms as torch
from tests.networks.test_cogan import shared_and_own

RANDOM = np.random.default_rng(0)
SMALL = {"image_shape": (8, 12, 3), "filters": 2, "blocks": 1}


def conv(size, inputs, outputs):
    return size * size * inputs * outputs + outputs


def test_counts():
    """By hand, of the layers that the released code has for faces."""
    with counting.without_weights():
        encoders, generators, discriminators = unit.encoders(), unit.generators(), unit.discriminators()
    block = 2 * conv(3, 256, 256)
    own = conv(7, 3, 64) + conv(3, 64, 128) + conv(3, 128, 256) + 3 * block
    assert shared_and_own(encoders) == (block, own, own) == (1_180_160, 3_918_976, 3_918_976)
    own = 3 * block + conv(3, 256, 128) + conv(3, 128, 64) + conv(1, 64, 3)
    assert shared_and_own(generators) == (block, own, own) == (1_180_160, 3_909_507, 3_909_507)
    own = conv(7, 3, 64) + conv(3, 64, 128)
    shared = sum(conv(3, width, 2 * width) for width in (128, 256, 512, 1024)) + conv(1, 2048, 1)
    assert shared_and_own(discriminators) == (shared, own, own) == (25_073_409, 83_328, 83_328)
    for network in (*encoders, *generators, *discriminators):
        assert all(layer.negative_slope == 0.01 for layer in counting.layers_of(network, keras.layers.LeakyReLU))
    assert encoders[0].output_shape == generators[1].input_shape == (None, None, None, 256)
    assert discriminators[0].output_shape == (None, 2, 2, 1)
    assert [network.inputs[0].name for network in (encoders[0], generators[0], discriminators[0])] == [
        "images",
        "latents",
        "images",
    ]


def test_counts_for_streets():
    with counting.without_weights():
        networks = unit.discriminators((480, 640, 3), own_layers=6, shared_layers=0, kernel_size=3)
        encoders = unit.encoders(norm="instance")
    own = conv(3, 3, 64) + sum(conv(3, 64 * 2**k, 128 * 2**k) for k in range(5)) + conv(1, 2048, 1)
    assert shared_and_own(networks) == (0, own, own)
    assert networks[0].output_shape == (None, 8, 10, 1)
    assert shared_and_own(encoders) == (1_180_160, 3_918_976, 3_918_976)  # normalization has no weights


def leaky(x):
    return np.where(x > 0, x, 0.01 * x)


def block(network, x, name):
    h = x
    for k in (1, 2):
        kernel, bias = torch.weights_of(network, f"{name}_conv_{k}")
        h = torch.instance_norm(torch.conv(h, kernel, padding=1, bias=bias))
        h = torch.relu(h) if k == 1 else h
    return x + h


@pytest.mark.parametrize("norm", [None, "instance"])
def test_an_encoder_computes_what_pytorchs_layers_do(norm):
    images = RANDOM.uniform(-1, 1, (2, 8, 12, 3))
    activate = leaky if norm is None else lambda x: torch.relu(torch.instance_norm(x))
    for domain, network in zip("ab", unit.encoders(**SMALL, norm=norm), strict=True):
        kernel, bias = torch.weights_of(network, f"down_0_{domain}")
        x = leaky(torch.conv(images, kernel, padding=3, bias=bias))
        for k in (1, 2):
            kernel, bias = torch.weights_of(network, f"down_{k}_{domain}")
            x = activate(torch.conv(x, kernel, 2, 1, bias=bias))
        expected = block(network, block(network, x, f"block_1_{domain}"), "shared_1")
        np.testing.assert_allclose(network(images.astype("float32")), expected, atol=2e-3)


@pytest.mark.parametrize("norm", [None, "instance"])
def test_a_generator_computes_what_pytorchs_layers_do(norm):
    codes = RANDOM.normal(size=(2, 2, 3, 8))
    activate = leaky if norm is None else lambda x: torch.relu(torch.instance_norm(x))
    for domain, network in zip("ab", unit.generators(**SMALL, norm=norm), strict=True):
        assert output_bounds(network) == (-1.0, 1.0)
        x = block(network, block(network, codes, "shared_1"), f"block_1_{domain}")
        for k in (1, 2):
            kernel, bias = torch.weights_of(network, f"up_{k}_{domain}")
            x = activate(torch.transposed(x, kernel, 2, 1, 1, bias=bias))
        kernel, bias = torch.weights_of(network, f"to_rgb_{domain}")
        np.testing.assert_allclose(network(codes.astype("float32")), np.tanh(torch.conv(x, kernel, bias=bias)), atol=2e-3)


def test_a_discriminator_computes_what_pytorchs_layers_do():
    images = RANDOM.uniform(-1, 1, (2, 16, 16, 3))
    for domain, network in zip("ab", unit.discriminators((16, 16, 3), filters=2, own_layers=1, shared_layers=2), strict=True):
        x = images
        for name, padding in ((f"conv_1_{domain}", 3), ("conv_2", 1), ("conv_3", 1)):
            kernel, bias = torch.weights_of(network, name)
            x = leaky(torch.conv(x, kernel, 2, padding, bias=bias))
        kernel, bias = torch.weights_of(network, "scores")
        np.testing.assert_allclose(network(images.astype("float32")), torch.conv(x, kernel, bias=bias), atol=1e-5)


@pytest.mark.slow
def test_both_encoders_reach_one_space_of_codes():
    first, second = unit.encoders(**SMALL)
    generators = unit.generators(**SMALL)
    images = RANDOM.uniform(-1, 1, (2, 8, 12, 3)).astype("float32")
    assert first(images).shape == second(images).shape == (2, 2, 3, 8)
    assert generators[1](first(images)).shape == (2, 8, 12, 3)
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(generators[1](first(images)) ** 2)
    pairs = (first, second), generators
    variables = list({id(v): v for pair in pairs for network in pair for v in network.trainable_variables}.values())
    used = {id(v) for network in (first, generators[1]) for v in network.trainable_variables}
    reached = [g is not None for g in tape.gradient(value, [v.value for v in variables])]
    assert reached == [id(v) in used for v in variables]


@pytest.mark.slow
def test_joined_pairs_are_saved_and_loaded(tmp_path):
    images = RANDOM.uniform(-1, 1, (2, 8, 12, 3)).astype("float32")
    codes = RANDOM.normal(size=(2, 2, 3, 8)).astype("float32")
    discriminators = unit.discriminators((8, 12, 3), filters=2, shared_layers=1)
    for pair, x in ((unit.encoders(**SMALL), images), (unit.generators(**SMALL), codes), (discriminators, images)):
        joint = joined(dict(zip("ab", pair, strict=True)), name="joint")
        joint.save(tmp_path / "joint.keras")
        loaded = parts(keras.saving.load_model(tmp_path / "joint.keras"), pair[0].inputs[0].name)
        for domain, network in zip("ab", pair, strict=True):
            np.testing.assert_array_equal(loaded[domain](x), network(x))
        assert shared_and_own(loaded.values()) == shared_and_own(pair)


@pytest.mark.parametrize(
    ("build", "arguments", "message"),
    [
        (unit.encoders, {"image_shape": (30, 32, 3)}, "multiples of 4"),
        (unit.generators, {"image_shape": (32, 32)}, "`image_shape`"),
        (unit.encoders, {"norm": "batch"}, 'None or "instance"'),
        (unit.generators, {"shared_blocks": 0}, "`shared_blocks`"),
        (unit.discriminators, {"own_layers": 0}, "`own_layers`"),
        (unit.discriminators, {"kernel_size": 4}, "must be odd"),
        (unit.discriminators, {"image_shape": (None, None, 3)}, "`image_shape`"),
    ],
)
def test_what_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=message):
        build(**arguments)
