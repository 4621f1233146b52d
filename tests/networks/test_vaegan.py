"""Section 10.1 of the facts: counts to the unit, the features, and what the layers of the authors' framework compute."""

import keras
import numpy as np
import pytest

from keras_gans.networks import vaegan
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)


def counts(network):
    return counting.trainable(network), counting.total(network)


def conv(inputs, outputs, bias=False):
    """With the gain and bias of its batch normalization, or with a bias."""
    return 25 * inputs * outputs + (outputs if bias else 2 * outputs)


def test_counts():
    with counting.without_weights():
        e, e_code, g, d = vaegan.encoder(), vaegan.encoder(units=1024), vaegan.generator(), vaegan.discriminator()
    assert counts(e) == (35_112_768, 35_112_768 + 4_992)
    assert counts(e_code) == (18_071_360, 18_071_360 + 2_944)
    assert counts(g) == (4_693_155, 4_693_155 + 33_600)
    assert counts(d) == (10_953_857, 10_953_857 + 2_304)
    assert e.inputs[0].name == d.inputs[0].name == "images"
    assert g.inputs[0].name == "latents"
    assert {name: tuple(output.shape) for name, output in e.output.items()} == {"mean": (None, 128), "log_scale": (None, 128)}
    assert {name: tuple(output.shape) for name, output in d.output.items()} == {
        "scores": (None, 1),
        "features": (None, 8, 8, 256),
    }
    assert 8 * 8 * 256 == 16_384
    assert g.output_shape == (None, 64, 64, 3)


def test_counts_of_the_layers_by_hand():
    with counting.without_weights():
        e, g, d = vaegan.encoder(), vaegan.generator(), vaegan.discriminator()
    assert counting.parts(e, "conv_1", "conv_2", "conv_3") == [conv(3, 64), conv(64, 128), conv(128, 256)]
    assert counting.parts(e, "hidden", "mean", "log_variance") == [16_384 * 2048 + 2 * 2048, 2048 * 128 + 128, 2048 * 128 + 128]
    assert counting.parts(g, "stem", "up_1", "up_2", "up_3", "to_rgb") == [
        *(128 * 16_384 + 2 * 16_384, conv(256, 256), conv(256, 128), conv(128, 32), conv(32, 3, bias=True)),
    ]
    assert counting.parts(d, "conv_0", "conv_1", "conv_2", "conv_3", "hidden", "scores") == [
        *(conv(3, 32, bias=True), conv(32, 128), conv(128, 256), conv(256, 256), 16_384 * 512 + 2 * 512, 513),
    ]
    for network in (e, g, d):
        norms = counting.layers_of(network, keras.layers.BatchNormalization)
        assert {(layer.momentum, layer.epsilon) for layer in norms} == {(0.9, 1e-6), (0.9, 1e-5)}
        assert not counting.layers_of(network, keras.layers.LeakyReLU)


def test_the_networks_of_size_32():
    with counting.without_weights():
        e, g, d = vaegan.encoder((32, 32, 3), units=1024), vaegan.generator((32, 32, 3)), vaegan.discriminator((32, 32, 3))
    stem = 128 * 4096 + 2 * 4096
    assert counting.parts(g, "stem", "up_1", "up_2", "up_3") == [stem, conv(256, 192), conv(192, 128), conv(128, 32)]
    assert counting.parts(d, "conv_1", "conv_2", "conv_3") == [conv(32, 128), conv(128, 192), conv(192, 256)]
    assert d.output["features"].shape == (None, 4, 4, 256)
    assert counting.parts(e, "hidden") == [4096 * 1024 + 2 * 1024]


def prepared(network):
    """With moving statistics and gains of some size, and larger kernels, so that layers are seen."""
    for variable in network.weights:
        values = RANDOM.uniform(0.5, 1.5, variable.shape)
        variable.assign(values if variable.name in ("gamma", "beta", "moving_mean", "moving_variance") else 4 * variable)
    return network


def norm_relu(network, x, name, epsilon=1e-6):
    layer = network.get_layer(f"{name}_norm")
    mean, variance, gain, bias = (
        np.float64(each) for each in (layer.moving_mean, layer.moving_variance, layer.gamma, layer.beta)
    )
    return torch.relu(gain * (x - mean) / np.sqrt(variance + epsilon) + bias)


def kernel(network, name):
    return torch.weights_of(network, name)[0]


SMALL = {"image_shape": (16, 24, 3), "filters": 2}


def test_an_encoder_computes_what_the_released_one_does():
    e = prepared(vaegan.encoder(**SMALL, latents=3))
    images = RANDOM.uniform(-1, 1, (2, 16, 24, 3))
    x = images
    for k in (1, 2, 3):
        x = norm_relu(e, torch.conv(x, kernel(e, f"conv_{k}"), 2, 2), f"conv_{k}")
    x = norm_relu(e, x.reshape(2, -1) @ kernel(e, "hidden"), "hidden", 1e-5)
    (w_mean, b_mean), (w_log, b_log) = (torch.weights_of(e, name) for name in ("mean", "log_variance"))
    code = e(images.astype("float32"))
    np.testing.assert_allclose(code["mean"], x @ w_mean + b_mean, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(code["log_scale"], (x @ w_log + b_log) / 2, rtol=1e-4, atol=1e-4)
    assert np.std(code["mean"]) > 1e-3


def test_a_generator_computes_what_the_released_one_does():
    g = prepared(vaegan.generator(**SMALL, latents=3))
    z = RANDOM.normal(size=(2, 3))
    x = norm_relu(g, z @ kernel(g, "stem"), "stem", 1e-5).reshape(2, 2, 3, 8)
    for k in (1, 2, 3):
        x = norm_relu(g, torch.transposed(x, kernel(g, f"up_{k}"), 2, 2, 1), f"up_{k}")
    weights, bias = torch.weights_of(g, "to_rgb")
    images = g(z.astype("float32"))
    np.testing.assert_allclose(images, np.tanh(torch.conv(x, weights, 1, 2, bias=bias)), atol=1e-4)
    assert np.std(images) > 1e-3


def test_a_discriminator_computes_what_the_released_one_does():
    d = prepared(vaegan.discriminator(**SMALL))
    images = RANDOM.uniform(-1, 1, (2, 16, 24, 3))
    weights, bias = torch.weights_of(d, "conv_0")
    x = torch.relu(torch.conv(images, weights, 1, 2, bias=bias))
    for k in (1, 2, 3):
        raw = torch.conv(x, kernel(d, f"conv_{k}"), 2, 2)
        x = norm_relu(d, raw, f"conv_{k}")
    x = norm_relu(d, x.reshape(2, -1) @ kernel(d, "hidden"), "hidden", 1e-5)
    weights, bias = torch.weights_of(d, "scores")
    output = d(images.astype("float32"))
    np.testing.assert_allclose(output["features"], raw, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(output["scores"], x @ weights + bias, rtol=1e-4, atol=1e-4)


def test_initial_weights():
    g = vaegan.generator((16, 16, 3), latents=48, filters=64)
    stem, up = g.get_layer("stem").kernel.numpy(), g.get_layer("up_1").kernel.numpy()
    assert np.abs(stem).max() == pytest.approx(1 / np.sqrt(3 * 48), rel=1e-2)
    assert np.abs(up).max() == pytest.approx(1 / np.sqrt(3 * 25 * 256), rel=1e-2)
    gains = g.get_layer("stem_norm").gamma.numpy()
    assert (gains.min() >= 0) & (gains.max() <= 1)
    assert gains.mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("build", [vaegan.encoder, vaegan.generator, vaegan.discriminator])
def test_what_is_refused(build):
    for shape in ((28, 28, 1), (64, 60, 3)):
        with pytest.raises(ValueError, match="multiples of 8"):
            build(shape)
    with pytest.raises(ValueError, match="`image_shape`"):
        build((64, 64))
    with pytest.raises(ValueError, match="`filters`"):
        build(filters=0)
    name = "units" if build is vaegan.discriminator else "latents"
    with pytest.raises(ValueError, match=f"`{name}`"):
        build(**{name: 0})


@pytest.mark.slow
def test_saved_and_loaded(tmp_path):
    for network in (vaegan.encoder(**SMALL), vaegan.discriminator(**SMALL)):
        images = RANDOM.uniform(-1, 1, (2, 16, 24, 3)).astype("float32")
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        for name, output in network(images).items():
            np.testing.assert_array_equal(loaded(images)[name], output)
