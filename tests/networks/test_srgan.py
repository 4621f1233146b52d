"""SRResNet and the discriminator of SRGAN: counts to the unit, layer tables, and the facts of acceptance."""

import keras
import numpy as np
import pytest

from keras_gans.networks import srgan
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.networks import output_bounds
from tests.networks import counting


def counts(network):
    return counting.trainable(network), network.count_params()


@pytest.mark.parametrize(
    ("arguments", "trainable", "total"),
    [
        ({}, 1_550_659, 1_554_883),
        ({"prelu": "layer"}, 1_549_462, 1_553_686),
        ({"prelu": "layer", "bias_before_norm": False}, 1_547_350, 1_551_574),
        ({"bias_before_norm": False}, 1_548_547, 1_552_771),
        ({"prelu": "layer", "scale": 2}, 1_401_749, None),
        ({"prelu": "layer", "scale": 8}, 1_697_175, None),
    ],
)
def test_counts_of_the_generator(arguments, trainable, total):
    with counting.without_weights():
        network = srgan.generator(**arguments)
    assert counts(network)[0] == trainable
    assert counts(network)[1] == (total or trainable + 2 * 64 * 33)


@pytest.mark.parametrize(("filters", "blocks"), [(4, 2), (6, 0)])
def test_the_formula_of_the_generator(filters, blocks):
    expected = (18 * blocks + 81) * filters**2 + (501 + 7 * blocks) * filters + 3
    assert counting.trainable(srgan.generator(filters=filters, blocks=blocks)) == expected


def test_the_layers_of_the_generator():
    with counting.without_weights():
        network = srgan.generator(blocks=1)
    assert counting.parts(network, "head", "block_1_conv_1", "block_1_norm", "block_1_prelu") == [15_616 + 64, 36_928, 256, 64]
    assert counting.parts(network, "mid", "up_1_conv", "up_2_conv", "up_1_prelu", "tail") == [
        *(36_928 + 128, 147_712, 147_712, 64, 15_555)
    ]
    slopes = counting.layers_of(network, keras.layers.PReLU)
    assert all(layer.alpha_initializer.value == 0.25 for layer in slopes)


def test_the_generator_takes_any_size():
    network = srgan.generator(filters=4, blocks=1)
    assert network.inputs[0].name == "source"
    assert network.output_shape == (None, None, None, 3)
    assert network(np.zeros((2, 24, 24, 3), "float32")).shape == (2, 96, 96, 3)
    assert network(np.zeros((1, 5, 7, 3), "float32")).shape == (1, 20, 28, 3)
    for scale in (2, 8):
        network = srgan.generator((16, 32, 1), scale, filters=4, blocks=1)
        assert network.input_shape == (None, 16 // scale, 32 // scale, 1)
        assert network.output_shape == (None, 16, 32, 1)


def test_the_range_of_the_images_is_known():
    assert output_bounds(srgan.generator(filters=4, blocks=1)) == (-1.0, 1.0)
    unbounded = srgan.generator(filters=4, blocks=1, activation=None)
    assert output_bounds(unbounded) == (-np.inf, np.inf)
    assert image_range_of(unbounded) == (-1.0, 1.0)


def zero(network, *names):
    for name in names:
        gamma = network.get_layer(name).gamma
        gamma.assign(0.0 * gamma.value)


@pytest.mark.parametrize("training", [False, True])
def test_without_its_second_norms_the_body_is_the_identity(training):
    network = srgan.generator(filters=4, blocks=3)
    zero(network, *(f"block_{k}_norm_2" for k in (1, 2, 3)))
    x = np.random.default_rng(0).normal(size=(2, 6, 5, 4)).astype("float32")
    body = keras.Model(network.get_layer("head_prelu").output, network.get_layer("mid_conv").input)
    np.testing.assert_array_equal(body(x, training=training), x)


def test_without_its_last_norm_the_output_is_that_of_the_head():
    network = srgan.generator(filters=4, blocks=2)
    zero(network, "mid_norm")
    x = np.random.default_rng(0).uniform(size=(2, 6, 5, 3)).astype("float32")
    h = network.get_layer("head_prelu")(network.get_layer("head")(x))
    for k in (1, 2):
        for layer in ("conv", "shuffle", "prelu"):
            h = network.get_layer(f"up_{k}_{layer}")(h)
    np.testing.assert_allclose(network(x), np.tanh(network.get_layer("tail")(h)), atol=1e-6)


def test_counts_of_the_discriminator():
    with counting.without_weights():
        networks = [srgan.discriminator((size, size, 3)) for size in (96, 64, 128)]
        without = srgan.discriminator(bias_before_norm=False)
    assert counts(networks[0]) == (23_565_505, 23_569_217)
    assert [counting.trainable(network) for network in networks[1:]] == [13_079_745, 38_245_569]
    assert counts(without) == (23_563_649, 23_567_361)
    network = networks[0]
    assert network.get_layer("features").input.shape == (None, 6, 6, 512)
    convs = [1_792, 36_928, 73_856, 147_584, 295_168, 590_080, 1_180_160, 2_359_808]
    assert counting.parts(network, *(f"conv_{k}" for k in range(1, 9))) == convs
    assert counting.parts(network, *(f"norm_{k}" for k in range(1, 9))) == [0, 128, 256, 256, 512, 512, 1_024, 1_024]
    assert counting.parts(network, "dense", "scores") == [18_875_392, 1_025]
    strides = [layer.strides[0] for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert strides == [1, 2] * 4
    assert all(layer.negative_slope == 0.2 for layer in counting.layers_of(network, keras.layers.LeakyReLU))


def test_the_formula_of_the_discriminator():
    network = srgan.discriminator((32, 48, 3), filters=3, units=10)
    convolutions = 1143 * 9 + 115 * 3
    assert counting.trainable(network) == convolutions + (8 * 3 * 2 * 3 * 10 + 10) + 11
    assert (network.inputs[0].name, network.output_shape) == ("images", (None, 1))


@pytest.mark.parametrize(
    ("build", "arguments", "message"),
    [
        (srgan.generator, {"scale": 3}, "`scale` must be 2, 4 or 8"),
        (srgan.generator, {"image_shape": (30, 32, 3)}, "multiples of 4"),
        (srgan.generator, {"prelu": "shared"}, '"channel" or "layer"'),
        (srgan.generator, {"filters": 0}, "`filters`"),
        (srgan.generator, {"blocks": -1}, "`blocks`"),
        (srgan.discriminator, {"image_shape": (100, 96, 3)}, "multiples of 16"),
        (srgan.discriminator, {"image_shape": (None, None, 3)}, "multiples of 16"),
        (srgan.discriminator, {"units": 0}, "`units`"),
    ],
)
def test_what_is_refused(build, arguments, message):
    with pytest.raises(ValueError, match=message):
        build(**arguments)
