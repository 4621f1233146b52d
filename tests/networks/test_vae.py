"""Section 10.2 of the facts: counts to the unit, and what the layers compute."""

import numpy as np
import pytest

from keras_gans.networks import vae
from keras_gans.utils.networks import image_range_of
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)


def test_counts():
    for units, expected in ((400, 652_824), (500, 815_824)):
        with counting.without_weights():
            pair = vae.encoder(units=units), vae.generator(units=units)
        assert sum(map(counting.total, pair)) == expected
        assert sum(map(counting.trainable, pair)) == expected


def test_counts_of_the_convolutional_pair():
    """By hand, of the layers of Keras' example."""
    with counting.without_weights():
        e, g = vae.conv_encoder(), vae.conv_generator()
    assert counting.trainable(e) == (9 * 32 + 32) + (9 * 32 * 64 + 64) + (3136 * 16 + 16) + 2 * (16 * 2 + 2) == 69_076
    assert counting.trainable(g) == (2 * 3136 + 3136) + (9 * 64 * 64 + 64) + (9 * 64 * 32 + 32) + (9 * 32 + 1) == 65_089
    assert e.get_layer("conv_2").output.shape[1:] == (7, 7, 64) == g.get_layer("up_1").input.shape[1:]
    assert g.get_layer("up_2").output.shape[1:] == (28, 28, 32)


def test_the_perceptrons_compute_what_the_example_does():
    e, g = vae.encoder((4, 6, 2), latents=3, units=5), vae.generator((4, 6, 2), latents=3, units=5)
    images, z = RANDOM.uniform(size=(2, 4, 6, 2)), RANDOM.normal(size=(2, 3))

    def dense(network, x, name):
        weights, bias = torch.weights_of(network, name)
        return x @ weights + bias

    h = torch.relu(dense(e, images.reshape(2, -1), "hidden"))
    code = e(images.astype("float32"))
    np.testing.assert_allclose(code["mean"], dense(e, h, "mean"), atol=1e-5)
    np.testing.assert_allclose(np.exp(code["log_scale"]), np.exp(0.5 * dense(e, h, "log_variance")), atol=1e-5)
    pixels = dense(g, torch.relu(dense(g, z, "hidden")), "pixels")
    np.testing.assert_allclose(g(z.astype("float32")), (1 / (1 + np.exp(-pixels))).reshape(2, 4, 6, 2), atol=1e-5)
    assert np.abs(e.get_layer("hidden").kernel).max() == pytest.approx(1 / np.sqrt(48), rel=0.05)


@pytest.mark.parametrize("names", [("encoder", "generator"), ("conv_encoder", "conv_generator")])
def test_pairs_fit_and_are_in_zero_to_one(names):
    e, g = (getattr(vae, name)((8, 12, 3), latents=4) for name in names)
    assert (e.inputs[0].name, g.inputs[0].name) == ("images", "latents")
    assert sorted(e.output) == ["log_scale", "mean"]
    code = e(RANDOM.uniform(size=(2, 8, 12, 3)).astype("float32"))
    images = g(code["mean"])
    assert images.shape == (2, 8, 12, 3)
    assert image_range_of(g) == (0.0, 1.0)


def test_what_is_refused():
    for build in (vae.conv_encoder, vae.conv_generator):
        with pytest.raises(ValueError, match="multiples of 4"):
            build((30, 32, 3))
        with pytest.raises(ValueError, match="`filters`"):
            build(filters=0)
    for build in (vae.encoder, vae.generator, vae.conv_encoder, vae.conv_generator):
        with pytest.raises(ValueError, match="`latents`"):
            build(latents=0)
        with pytest.raises(ValueError, match="`image_shape`"):
            build((28, 28))
    for build in (vae.encoder, vae.generator, vae.conv_encoder):
        with pytest.raises(ValueError, match="`units`"):
            build(units=-1)
