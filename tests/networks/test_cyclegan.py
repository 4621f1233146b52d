"""Section 2 of the facts: counts to the unit, the residual generator layer by layer, what it computes, what it refuses."""

import keras
import numpy as np
import pytest

from keras_gans.layers import InstanceNormalization
from keras_gans.networks import cyclegan
from tests.networks import counting
from tests.networks import receptive_field
from tests.networks import torch_terms as torch


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ({}, 11_378_179),
        ({"affine": True}, 11_388_675),
        ({"image_shape": (128, 128, 3)}, 7_837_699),
        ({"blocks": 6}, 7_837_699),
        ({"image_shape": (252, 512, 3)}, 7_837_699),
        ({"filters": 32}, 2_850_563),  # as early versions of the paper print it
    ],
)
def test_counts_of_generators(arguments, count):
    with counting.without_weights():
        g = cyclegan.generator(**arguments)
    assert counting.trainable(g) == counting.total(g) == count
    shape = arguments.get("image_shape", (256, 256, 3))
    assert [(x.name, x.shape[1:]) for x in g.inputs] == [("source", shape)]
    assert g.output_shape == (None, *shape)


def test_the_table_of_the_generator():
    with counting.without_weights():
        g = cyclegan.generator()
    assert counting.parts(g, "stem", "down_1", "down_2", *(f"block_{k}_" for k in range(1, 10)), "up_1", "up_2", "to_rgb") == [
        *(9_472, 73_856, 295_168, *[1_180_160] * 9, 295_040, 73_792, 9_411)
    ]
    maps = [g.get_layer(f"{name}_norm").output.shape[1:] for name in ("stem", "down_1", "down_2", "up_1", "up_2")]
    assert maps == [(256, 256, 64), (128, 128, 128), (64, 64, 256), (128, 128, 128), (256, 256, 64)]
    assert g.get_layer("block_9").output.shape[1:] == (64, 64, 256)
    norms = counting.layers_of(g, InstanceNormalization)
    assert len(norms) == 5 + 2 * 9
    assert all((layer.epsilon, layer.center, layer.scale) == (1e-5, False, False) for layer in norms)


@pytest.mark.parametrize("blocks", [0, 6, 9])
def test_closed_form(blocks):
    for n, i, o in ((2, 1, 3), (3, 4, 1)):
        with counting.without_weights():
            g = cyclegan.generator((32, 32, o), source_channels=i, filters=n, blocks=blocks)
        assert counting.trainable(g) == (180 + 288 * blocks) * n**2 + (49 * (i + o) + 10 + 8 * blocks) * n + o


@pytest.mark.slow
def test_the_discriminator():
    with counting.without_weights():
        d, affine, last = cyclegan.discriminator(), cyclegan.discriminator(affine=True), cyclegan.discriminator(layers=5)
        both = [counting.total(cyclegan.generator(blocks=blocks)) for blocks in (9, 6)]
    assert counting.trainable(d) == counting.total(d) == 2_764_737
    assert [2 * (count + 2_764_737) for count in both] == [28_285_832, 21_204_872]
    assert counting.trainable(affine) == 2_764_737 + 2 * (128 + 256 + 512)
    assert counting.trainable(last) == 11_154_369
    assert [x.name for x in d.inputs] == ["images"]
    assert d.output_shape == (None, 30, 30, 1)
    assert receptive_field.computed(d) == 70
    assert all(layer.use_bias for layer in counting.layers_of(d, keras.layers.Conv2D))
    norms = counting.layers_of(d, InstanceNormalization)
    assert [layer.output.shape[-1] for layer in norms] == [128, 256, 512]
    assert all((layer.epsilon, layer.center, layer.scale) == (1e-5, False, False) for layer in norms)


def test_the_generator_computes_what_the_released_one_does():
    g = cyclegan.generator((12, 8, 2), source_channels=3, filters=2, blocks=2)
    _randomize(g)
    source = np.random.default_rng(1).normal(size=(2, 12, 8, 3)).astype("float32")

    def conv(x, name, *arguments, **keywords):
        kernel, bias = torch.weights_of(g, name)
        return torch.conv(x, kernel, *arguments, bias=bias, **keywords)

    x = torch.relu(torch.instance_norm(conv(np.float64(source), "stem", 1, 3, mode="reflect")))
    for k in (1, 2):
        x = torch.relu(torch.instance_norm(conv(x, f"down_{k}", 2, 1)))
    for k in (1, 2):
        h = torch.relu(torch.instance_norm(conv(x, f"block_{k}_conv_1", 1, 1, mode="reflect")))
        x = x + torch.instance_norm(conv(h, f"block_{k}_conv_2", 1, 1, mode="reflect"))
    for k in (1, 2):
        kernel, bias = torch.weights_of(g, f"up_{k}")
        x = torch.relu(torch.instance_norm(torch.transposed(x, kernel, 2, 1, 1, bias)))
    x = np.tanh(conv(x, "to_rgb", 1, 3, mode="reflect"))
    images = g(source)
    assert images.dtype == "float32"
    np.testing.assert_allclose(images, x, atol=2e-5)


def test_a_block_whose_second_convolution_is_zero_is_the_identity():
    g = cyclegan.generator((8, 8, 1), source_channels=1, filters=2, blocks=1)
    _randomize(g)
    around = keras.Model(g.input, [g.get_layer("block_1_conv_1_pad").input, g.get_layer("block_1").output])
    source = np.random.default_rng(0).normal(size=(1, 8, 8, 1)).astype("float32")
    before, after = around(source)
    assert np.abs(before - after).max() > 0.1
    for variable in g.get_layer("block_1_conv_2").variables:
        variable.assign(0 * variable.value)
    np.testing.assert_array_equal(*around(source))


def test_initial_weights():
    g, d = cyclegan.generator((32, 32, 3), filters=16, blocks=1), cyclegan.discriminator((32, 32, 3), layers=2, filters=24)
    for network in (g, d):
        for variable in network.trainable_variables:
            if variable.name == "bias":
                assert not variable.numpy().any()
            elif variable.value.shape.num_elements() > 10_000:
                assert variable.numpy().std() == pytest.approx(0.02, rel=0.03)
    gains = [v.numpy() for v in cyclegan.generator((8, 8, 3), filters=64, blocks=0, affine=True).variables if v.name == "gamma"]
    assert np.concatenate(gains).std() == pytest.approx(0.02, rel=0.15)
    assert np.concatenate(gains).mean() == pytest.approx(1, abs=5e-3)


@pytest.mark.slow
def test_saved_and_loaded(tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype("float32")
    for network in (
        cyclegan.generator((32, 32, 3), filters=2, blocks=1),
        cyclegan.discriminator((32, 32, 3), layers=2, filters=2),
    ):
        network.save(tmp_path / "network.keras")
        np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "network.keras")(images), network(images))


def test_errors():
    for shape in ((250, 250, 3), (256, 254, 3)):
        with pytest.raises(ValueError, match=r"multiples of 4.*Received: image_shape"):
            cyclegan.generator(shape)
    with pytest.raises(ValueError, match=r"multiples of 4, from 8 on.*Received: image_shape"):
        cyclegan.generator((4, 4, 3))
    for build in (cyclegan.generator, cyclegan.discriminator):
        with pytest.raises(ValueError, match=r"`image_shape` must be \(height, width, channels\)"):
            build((256, 256))
        with pytest.raises(ValueError, match="`filters`"):
            build(filters=0)
    with pytest.raises(ValueError, match="`blocks` must be an int >= 0"):
        cyclegan.generator(blocks=-1)
    with pytest.raises(ValueError, match="at most 3"):
        cyclegan.discriminator((32, 32, 3), layers=4)


def _randomize(network):
    for variable in network.trainable_variables:  # biases are zero at the start
        variable.assign(np.random.default_rng(variable.shape.num_elements()).normal(0, 0.3, variable.shape))
