"""Section 3 of the facts of image models: counts to the unit, what the levels take, and what they compute."""

import keras
import numpy as np
import pytest

from keras_gans.networks import lapgan
from tests.networks import counting
from tests.networks import torch_terms as torch

RANDOM = np.random.default_rng(0)


def normal(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def shape(size):
    return (size, size, 3)


def test_counts_of_the_first_level():
    with counting.without_weights():
        networks = [
            *(lapgan.generator(), lapgan.discriminator(), lapgan.generator(classes=10), lapgan.discriminator(classes=10)),
        ]
        large = [lapgan.generator(shape(32), units=8000), lapgan.discriminator(shape(32), units=1600)]
    assert [counting.total(each) for each in networks] == [1_792_992, 477_001, 1_804_992, 483_001]
    # By hand, of the release's GAN of 32x32 without levels.
    assert [counting.total(each) for each in large] == [
        *(100 * 8000 + 8000 + 8000 * 8000 + 8000 + 8000 * 3072 + 3072, 3072 * 1600 + 1600 + 1600 * 1600 + 1600 + 1601),
    ]


def test_counts_of_the_generators_of_levels():
    with counting.without_weights():
        plain = [counting.total(lapgan.level_generator(shape(size))) for size in (14, 28, 32)]
        wide = counting.total(lapgan.level_generator(shape(14), filters=128))
        conditional = [counting.total(lapgan.level_generator(shape(size), classes=10)) for size in (14, 28, 32)]
    assert plain == [218_179] * 3
    assert wide == 837_763
    assert conditional == [223_471, 229_939, 232_579]


def test_counts_of_the_discriminators_of_levels():
    with counting.without_weights():
        plain = [lapgan.level_discriminator(shape(size)) for size in (14, 16, 28, 32)]
        conditional = [lapgan.level_discriminator(shape(size), classes=10) for size in (14, 28, 32)]
    assert [counting.total(each) for each in plain] == [107_905, 108_353, 113_729, 116_545]
    assert [counting.total(each) for each in conditional] == [111_661, 123_953, 129_409]
    assert [each.get_layer("conv_2").output.shape[1:3] for each in plain] == [(3, 3), (4, 4), (10, 10), (12, 12)]


@pytest.mark.slow
def test_inputs_have_names():
    names = {
        lapgan.generator: ["latents"],
        lapgan.discriminator: ["images"],
        lapgan.level_generator: ["latents", "coarse"],
        lapgan.level_discriminator: ["images", "coarse"],
    }
    for build, expected in names.items():
        assert [x.name for x in build((10, 12, 2)).inputs] == expected
        network = build((10, 12, 2), classes=4)
        assert [x.name for x in network.inputs] == [*expected, "condition"]
        assert network.inputs[-1].shape == (None, 4)
        assert network.output.dtype == "float32"
    network = lapgan.level_generator((10, 12, 2))
    assert [x.shape[1:] for x in network.inputs] == [(10, 12, 1), (10, 12, 2)]
    assert network.output_shape == (None, 10, 12, 2)
    assert lapgan.level_discriminator((10, 12, 2)).output_shape == lapgan.discriminator().output_shape == (None, 1)


def test_a_discriminator_judges_the_sum():
    d = lapgan.level_discriminator((10, 10, 2), classes=3, filters=16)
    band, coarse, condition = normal(2, 10, 10, 2), normal(2, 10, 10, 2), normal(2, 3)
    scores = d([band, coarse, condition])
    np.testing.assert_allclose(d([band + coarse, 0 * coarse, condition]), scores, atol=1e-5)
    np.testing.assert_allclose(d([band + 0.5, coarse - 0.5, condition]), scores, atol=1e-5)
    assert np.abs(d([band + 0.5, coarse, condition]) - scores).min() > 1e-4


def plane(network, condition, height, width):
    """The class as a plane."""
    weights, bias = torch.weights_of(network, "class_plane")
    return torch.relu(condition @ weights + bias).reshape(-1, height, width, 1)


@pytest.mark.parametrize("classes", [None, 3])
def test_levels_compute_what_the_release_does(classes):
    options = {"image_shape": (10, 12, 2), "classes": classes, "filters": 3}
    g, d = lapgan.level_generator(**options), lapgan.level_discriminator(**options)
    noise, coarse, band = normal(2, 10, 12, 1), normal(2, 10, 12, 2), normal(2, 10, 12, 2)
    condition = [] if classes is None else [normal(2, 3)]
    x = np.concatenate([noise, *(plane(g, each, 10, 12) for each in condition), coarse], axis=-1)
    for name, padding in (("conv_1", 3), ("conv_2", 3)):
        weights, bias = torch.weights_of(g, name)
        x = torch.relu(torch.conv(x, weights, padding=padding, bias=bias))
    weights, bias = torch.weights_of(g, "to_rgb")
    np.testing.assert_allclose(g([noise, coarse, *condition]), torch.conv(x, weights, padding=2, bias=bias), atol=1e-4)

    x = np.concatenate([band + coarse, *(plane(d, each, 10, 12) for each in condition)], axis=-1)
    for name, stride in (("conv_1", 1), ("conv_2", 2)):
        weights, bias = torch.weights_of(d, name)
        x = torch.relu(torch.conv(x, weights, stride, bias=bias))
    weights, bias = torch.weights_of(d, "scores")
    np.testing.assert_allclose(d([band, coarse, *condition]), x.reshape(2, -1) @ weights + bias, atol=1e-4)
    assert np.abs(g.get_layer("conv_2").kernel).max() == pytest.approx(1 / np.sqrt(49 * 3), rel=0.05)


@pytest.mark.parametrize(("classes", "activation"), [(None, None), (3, None), (None, "relu")])
def test_the_first_level_computes_what_the_release_does(classes, activation):
    g = lapgan.generator((4, 5, 2), latents=6, classes=classes, units=7, activation=activation)
    d = lapgan.discriminator((4, 5, 2), classes=classes, units=7)
    z, images = normal(2, 6), normal(2, 4, 5, 2)
    condition = [] if classes is None else [normal(2, 3)]

    def dense(network, x, name):
        weights, bias = torch.weights_of(network, name)
        return x @ weights + bias

    x = dense(g, torch.relu(dense(g, np.concatenate([z, *condition], 1), "hidden_1")), "hidden_2")
    x = 1 / (1 + np.exp(-x)) if (classes, activation) == (None, None) else torch.relu(x)
    expected = dense(g, x, "pixels").reshape(2, 4, 5, 2)
    np.testing.assert_allclose(g([z, *condition] if condition else z), expected, atol=1e-5)
    x = torch.relu(dense(d, np.concatenate([images.reshape(2, -1), *condition], 1), "hidden_1"))
    expected = dense(d, torch.relu(dense(d, x, "hidden_2")), "scores")
    np.testing.assert_allclose(d([images, *condition] if condition else images), expected, atol=1e-5)


def test_dropout_and_initial_weights():
    g, d = lapgan.generator(), lapgan.discriminator()
    assert [layer.rate for layer in counting.layers_of(d, keras.layers.Dropout)] == [0.5, 0.5]
    assert [layer.rate for layer in counting.layers_of(lapgan.level_discriminator(), keras.layers.Dropout)] == [0.5]
    assert np.std(g.get_layer("hidden_1").kernel) == pytest.approx(0.05, rel=0.02)
    assert np.std(d.get_layer("hidden_1").kernel) == pytest.approx(0.005, rel=0.02)
    g = lapgan.generator(classes=10)
    assert np.abs(g.get_layer("hidden_1").kernel).max() == pytest.approx(1 / np.sqrt(110), rel=1e-3)


def test_saved_and_loaded(tmp_path):
    options = {"image_shape": (10, 10, 3), "classes": 2, "filters": 4}
    for build, channels in ((lapgan.level_generator, 1), (lapgan.level_discriminator, 3)):
        network, inputs = build(**options), [normal(2, 10, 10, channels), normal(2, 10, 10, 3), normal(2, 2)]
        network.save(tmp_path / "network.keras")
        np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "network.keras")(inputs), network(inputs))


def test_what_is_refused():
    for build in (lapgan.generator, lapgan.discriminator, lapgan.level_generator, lapgan.level_discriminator):
        with pytest.raises(ValueError, match="`image_shape`"):
            build((14, 14))
        with pytest.raises(ValueError, match="`classes`"):
            build(classes=0)
    for build in (lapgan.generator, lapgan.discriminator):
        with pytest.raises(ValueError, match="`units`"):
            build(units=0)
    for build in (lapgan.level_generator, lapgan.level_discriminator):
        with pytest.raises(ValueError, match="`filters`"):
            build(filters=0)
    with pytest.raises(ValueError, match="9 pixels"):
        lapgan.level_discriminator((14, 8, 3))
    with pytest.raises(ValueError, match='"sigmoid" or "relu"'):
        lapgan.generator(activation="tanh")
