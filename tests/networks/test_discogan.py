"""Section 3 of the facts: counts to the unit, ranges, the features that are matched, what the layers compute."""

import keras
import numpy as np
import pytest

from keras_gans.networks import discogan
from tests.networks import counting
from tests.networks import torch_terms as torch


def test_counts():
    with counting.without_weights():
        g, deep, d = discogan.generator(), discogan.generator(bottleneck=100), discogan.discriminator()
    assert [counting.trainable(each) for each in (g, deep, d)] == [5_513_856, 7_153_480, 2_765_568]
    assert [counting.total(each) for each in (g, deep, d)] == [5_516_544, 7_157_392, 2_767_360]
    for network in (g, deep, d):
        assert not [v.path for v in network.variables if v.name == "bias"]
        assert all((n.epsilon, n.momentum) == (1e-5, 0.9) for n in counting.layers_of(network, keras.layers.BatchNormalization))
        assert all(layer.negative_slope == 0.2 for layer in counting.layers_of(network, keras.layers.LeakyReLU))
    assert [(x.name, x.shape[1:]) for x in g.inputs + d.inputs] == [("source", (64, 64, 3)), ("images", (64, 64, 3))]
    assert g.output_shape == deep.output_shape == (None, 64, 64, 3)
    assert {name: tuple(output.shape) for name, output in d.output.items()} == {
        "scores": (None, 1),
        "features_1": (None, 16, 16, 128),
        "features_2": (None, 8, 8, 256),
        "features_3": (None, 4, 4, 512),
    }
    assert deep.get_layer("bottleneck").output.shape[1:] == (1, 1, 100)


def test_closed_forms():
    for n in (2, 5):
        with counting.without_weights():
            g, d = discogan.generator(filters=n), discogan.discriminator(filters=n)
        assert counting.trainable(g) == 1344 * n**2 + 138 * n
        assert counting.trainable(d) == 672 * n**2 + 204 * n


@pytest.mark.parametrize(("size", "levels"), [(16, 2), (32, 3), (128, 5)])
def test_sizes(size, levels):
    with counting.without_weights():
        g = discogan.generator((size, size, 2), source_channels=1, filters=2, bottleneck=3)
        d = discogan.discriminator((size, size, 2), filters=2)
    assert g.input_shape == (None, size, size, 1)
    assert g.output_shape == (None, size, size, 2)
    assert len(counting.layers_of(g, keras.layers.Conv2D)) == levels + 1
    assert set(d.output) == {"scores", *(f"features_{k}" for k in range(1, levels))}
    assert d.output["scores"].shape == (None, 1)


@pytest.mark.parametrize("bottleneck", [None, 3])
def test_the_networks_compute_what_the_released_ones_do(bottleneck):
    """In inference, with moving statistics as they are at the start: the normalization is a gain."""
    g = discogan.generator((16, 16, 3), filters=2, bottleneck=bottleneck)
    d = discogan.discriminator((16, 16, 3), filters=2)
    source = np.random.default_rng(1).uniform(size=(2, 16, 16, 3)).astype("float32")

    def norm(network, x, name):
        return x * np.float64(network.get_layer(f"{name}_norm").gamma) / np.sqrt(1 + 1e-5)

    def encoded(network):
        x = torch.leaky(torch.conv(np.float64(source), torch.weights_of(network, "down_1")[0], 2, 1))
        return torch.leaky(norm(network, torch.conv(x, torch.weights_of(network, "down_2")[0], 2, 1), "down_2"))

    x = encoded(g)
    if bottleneck:
        x = torch.leaky(norm(g, torch.conv(x, torch.weights_of(g, "bottleneck")[0]), "bottleneck"))
        x = torch.relu(norm(g, torch.transposed(x, torch.weights_of(g, "expansion")[0], 1, 0), "expansion"))
    x = torch.relu(norm(g, torch.transposed(x, torch.weights_of(g, "up_1")[0]), "up_1"))
    x = 1 / (1 + np.exp(-torch.transposed(x, torch.weights_of(g, "up_2")[0])))
    images = g(source)
    np.testing.assert_allclose(images, x, atol=1e-5)
    assert images.dtype == "float32"
    assert 0 < images.numpy().min() < images.numpy().max() < 1
    outputs = d(source)
    np.testing.assert_allclose(outputs["features_1"], encoded(d), atol=1e-5)
    scores = torch.conv(encoded(d), torch.weights_of(d, "score_map")[0])
    np.testing.assert_allclose(outputs["scores"], scores[:, 0, 0], atol=1e-5)
    assert outputs["scores"].dtype == "float32"


def test_initial_weights():
    """PyTorch's of 2017: kernels uniform within 1 / sqrt(fan-in), gains uniform in [0, 1]."""
    g, d = discogan.generator((32, 32, 3), filters=8), discogan.discriminator((32, 32, 3), filters=64)
    for layer in (g.get_layer("down_3"), g.get_layer("up_1"), d.get_layer("score_map")):
        kernel, channels = layer.kernel.numpy(), layer.input.shape[-1]
        bound = (16 * channels) ** -0.5
        assert 0.98 * bound < np.abs(kernel).max() <= bound
        assert kernel.std() == pytest.approx(bound / 3**0.5, rel=0.04)
    gains = np.concatenate([v.numpy() for v in d.trainable_variables if v.name == "gamma"])
    assert 0 <= gains.min() < 0.02 < 0.98 < gains.max() <= 1
    assert not any(v.numpy().any() for v in d.trainable_variables if v.name == "beta")


@pytest.mark.slow
def test_saved_and_loaded(tmp_path):
    images = np.random.default_rng(0).uniform(size=(2, 16, 16, 3)).astype("float32")
    g, d = discogan.generator((16, 16, 3), filters=2, bottleneck=2), discogan.discriminator((16, 16, 3), filters=2)
    for network in (g, d):
        network.save(tmp_path / "network.keras")
        outputs, loaded = network(images), keras.saving.load_model(tmp_path / "network.keras")(images)
        for a, b in zip(keras.tree.flatten(loaded), keras.tree.flatten(outputs), strict=True):
            np.testing.assert_array_equal(a, b)


def test_errors():
    for build in (discogan.generator, discogan.discriminator):
        for shape in ((48, 48, 3), (64, 32, 3), (8, 8, 3)):
            with pytest.raises(ValueError, match=r"16, 32, 64, 128.*Received: image_shape"):
                build(shape)
        with pytest.raises(ValueError, match=r"`image_shape` must be \(height, width, channels\)"):
            build((64, 64))
        with pytest.raises(ValueError, match="`filters`"):
            build(filters=0)
    with pytest.raises(ValueError, match="`bottleneck`"):
        discogan.generator(bottleneck=0)
