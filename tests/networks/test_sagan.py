"""Section 12 of the facts: counts to the unit, and where self-attention stands."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.networks import sagan
from tests.networks import counting


@pytest.mark.parametrize(
    ("attention", "generator", "discriminator", "channels"),
    [
        (None, 41_996_931, 39_443_137, None),
        (32, 42_078_852, 39_463_618, (256, 128)),
        (64, 42_017_412, 39_448_258, (128, 64)),
    ],
)
def test_counts(attention, generator, discriminator, channels):
    with counting.without_weights():
        g, d = (build(classes=1000, attention=attention) for build in (sagan.generator, sagan.discriminator))
    assert tuple(map(counting.trainable, (g, d))) == (generator, discriminator)
    assert tuple(map(counting.normalized_tensors, (g, d))) == ((21, 23) if attention else (17, 19))
    assert (counting.conditional_norms(g), counting.norms(g), counting.norms(d)) == (10, 1, 0)
    if attention:
        for network, width in zip((g, d), channels, strict=True):
            assert tuple(network.get_layer("attention").output.shape) == (None, attention, attention, width)
            assert counting.trainable(network.get_layer("attention")) == 5 * width**2 // 4 + 1


def test_the_default_is_the_released_code():
    with counting.without_weights():
        g, d = sagan.generator(classes=1000), sagan.discriminator(classes=1000)
    assert (counting.trainable(g), counting.trainable(d)) == (42_078_852, 39_463_618)
    names = [layer.name for layer in g.layers]
    assert names.index("block_3_conv_2") < names.index("attention") < names.index("block_4_norm_1")
    assert [d.get_layer(f"block_{k}_conv_1").layer.filters // 64 for k in range(1, 7)] == [1, 2, 4, 8, 16, 16]  # wide
    blocks = counting.parts(d, *(f"block_{k}_" for k in range(1, 7)), "scores", "linear", "projection")
    assert blocks == [38_976, 229_760, 918_272, 3_671_552, 14_683_136, 18_876_416, 0, 1_025, 1_024_000]
    norms = [layer for layer in g.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert all(each.epsilon == 1e-5 for each in norms)
    assert [each.momentum for each in norms] == 10 * [0.999] + [0.9999]
    spectral = counting.layers_of(d, keras_gans.layers.SpectralNormalization)
    assert all((each.epsilon, each.update) == (1e-12, "step") for each in spectral)


@pytest.mark.parametrize(("size", "attention"), [(32, "auto"), (32, 16), (48, "auto"), (64, "auto")])
def test_smaller_images(size, attention):
    shape = (size, size, 1)
    arguments = {"classes": 3, "channels": 8, "attention": attention}
    with counting.without_weights():
        g, d = sagan.generator(shape, 4, **arguments), sagan.discriminator(shape, **arguments)
    expected = size // 4 if attention == "auto" else attention
    for network in (g, d):
        assert network.get_layer("attention").output.shape[1] == expected
    assert (g.output_shape, d.output_shape) == ((None, *shape), (None, 1))


@pytest.mark.slow
def test_tiny_networks():
    shape, y = (32, 32, 1), np.eye(3, dtype="float32")[[0, 1]]
    g, d = sagan.generator(shape, 4, classes=3, channels=8), sagan.discriminator(shape, classes=3, channels=8)
    images = g([np.random.default_rng(0).normal(size=(2, 4)).astype("float32"), y]).numpy()
    assert images.shape == (2, *shape)
    assert d([images, y]).shape == (2, 1)
    u = g.get_layer("block_1_conv_1").u.numpy()
    for layer in counting.layers_of(g, keras_gans.layers.SpectralNormalization):
        layer.after_step()
    assert not np.array_equal(g.get_layer("block_1_conv_1").u, u)
    assert keras_gans.GAN(g, d).classes == 3


@pytest.mark.parametrize("channels", [1, 4])
def test_any_number_of_channels(channels):
    with counting.without_weights():
        networks = [build((32, 32, 1), channels=channels) for build in (sagan.generator, sagan.discriminator)]
    for network in networks:
        assert network.get_layer("attention").output.shape[1:] == (8, 8, channels)
        assert network.get_layer("attention").theta.layer.filters == 1


def test_errors():
    for build in (sagan.generator, sagan.discriminator):
        with pytest.raises(ValueError, match="32, 48, 64, 128"):
            build((256, 256, 3))
        with pytest.raises(ValueError, match="`attention` must be the size"):
            build(attention=33)
