"""Adversarial autoencoders: counts by hand, and what the layers compute."""

import numpy as np
import pytest

from keras_gans.networks import aae
from keras_gans.utils.networks import image_range_of
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)


def dense(*widths):
    return sum((inputs + 1) * outputs for inputs, outputs in zip(widths, widths[1:], strict=False))


def test_counts():
    with counting.without_weights():
        networks = [aae.encoder(), aae.encoder(posterior="gaussian"), aae.generator(), aae.code_discriminator()]
    expected = [
        *(dense(784, 1000, 1000, 8), dense(784, 1000, 1000, 16), dense(8, 1000, 1000, 784), dense(8, 1000, 1000, 1)),
    ]
    assert [counting.trainable(each) for each in networks] == expected == [1_794_008, 1_802_016, 1_794_784, 1_011_001]
    assert [each.inputs[0].name for each in networks] == ["images", "images", "latents", "latents"]


def test_labels():
    with counting.without_weights():
        networks = [aae.generator(classes=10), aae.code_discriminator(classes=10)]
    expected = [dense(18, 1000, 1000, 784), dense(18, 1000, 1000, 1)]
    assert [counting.trainable(each) for each in networks] == expected == [1_804_784, 1_021_001]
    z, labels = RANDOM.normal(size=(3, 2)).astype("float32"), np.array([2, 0, 1])
    for build in (aae.generator, aae.code_discriminator):
        told = build(latents=2, units=(4,), classes=3)
        plain = build(latents=5, units=(4,))
        plain.set_weights(told.get_weights())
        np.testing.assert_allclose(told([z, labels]), plain(np.concatenate([z, np.eye(3)[labels]], axis=1)), atol=1e-6)
        for classes in (0, 1, 2.5):
            with pytest.raises(ValueError, match="`classes`"):
                build(classes=classes)


def test_what_the_networks_compute():
    small = {"latents": 3, "units": (5, 4)}
    images, z = RANDOM.uniform(size=(2, 4, 6, 1)), RANDOM.normal(size=(2, 3))

    def prepared(network):
        for variable in network.trainable_variables:
            variable.assign(RANDOM.normal(size=variable.shape))
        return network

    def layer(network, x, name):
        weights, bias = torch.weights_of(network, name)
        return x @ weights + bias

    def hidden(network, x):
        return torch.relu(layer(network, torch.relu(layer(network, x, "hidden_1")), "hidden_2"))

    e = prepared(aae.encoder((4, 6, 1), **small))
    expected = layer(e, hidden(e, images.reshape(2, -1)), "latents")
    np.testing.assert_allclose(e(images.astype("float32"))["latents"], expected, rtol=1e-4, atol=1e-4)
    e = prepared(aae.encoder((4, 6, 1), **small, posterior="gaussian"))
    code = e(images.astype("float32"))
    h = hidden(e, images.reshape(2, -1))
    np.testing.assert_allclose(code["mean"], layer(e, h, "mean"), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(code["log_scale"], layer(e, h, "log_variance") / 2, rtol=1e-4, atol=1e-4)
    g = prepared(aae.generator((4, 6, 1), **small))
    pixels = layer(g, hidden(g, z), "pixels").reshape(2, 4, 6, 1)
    np.testing.assert_allclose(g(z.astype("float32")), 1 / (1 + np.exp(-pixels)), atol=1e-4)
    assert image_range_of(g) == (0.0, 1.0)
    d = prepared(aae.code_discriminator(**small))
    np.testing.assert_allclose(d(z.astype("float32")), layer(d, hidden(d, z), "scores"), rtol=1e-4, atol=1e-4)


def test_what_is_refused():
    for build in (aae.encoder, aae.generator, aae.code_discriminator):
        with pytest.raises(ValueError, match="`latents`"):
            build(latents=0)
        for units in ((), 1000, (1000, 0), (10.0,)):
            with pytest.raises(ValueError, match="`units` must be a list or tuple of ints >= 1"):
                build(units=units)
    for build in (aae.encoder, aae.generator):
        with pytest.raises(ValueError, match="`image_shape`"):
            build((28, 28))
    with pytest.raises(ValueError, match='"deterministic" or "gaussian"'):
        aae.encoder(posterior="normal")
