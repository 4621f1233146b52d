"""Section 10.1 of the facts: the standard CNN."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.networks import sngan_cnn
from tests.networks import counting


def test_counts():
    with counting.without_weights():
        g, d = sngan_cnn.generator(), sngan_cnn.discriminator()
    assert (counting.trainable(g), counting.trainable(d)) == (3_812_355, 2_935_873)
    assert (counting.normalized_tensors(g), counting.normalized_tensors(d)) == (0, 8)
    assert (counting.norms(g), counting.norms(d)) == (3, 0)
    assert [counting.trainable(layer) for layer in g.layers if layer.weights] == [
        *(1_056_768, 2_097_408, 512, 524_416, 256, 131_136, 128, 1_731)
    ]
    assert [counting.trainable(layer) for layer in d.layers if layer.weights] == [
        *(1_792, 65_600, 73_856, 262_272, 295_168, 1_048_832, 1_180_160, 8_193)
    ]
    assert all(layer.negative_slope == 0.1 for layer in counting.layers_of(d, keras.layers.LeakyReLU))
    assert all((each.epsilon, each.momentum) == (2e-5, 0.9) for each in counting.layers_of(g, keras.layers.BatchNormalization))


def test_48():
    with counting.without_weights():
        g, d = sngan_cnn.generator((48, 48, 3)), sngan_cnn.discriminator((48, 48, 3))
    assert g.get_layer("stem").kernel.shape == (128, 6 * 6 * 512)
    assert d.get_layer("scores").layer.kernel.shape == (6 * 6 * 512, 1)
    assert g.output_shape == (None, 48, 48, 3)


@pytest.mark.slow
def test_tiny_networks_with_and_without_classes():
    z, x = np.random.default_rng(0).normal(size=(2, 4)).astype("float32"), np.zeros((2, 32, 32, 1), "float32")
    y = np.eye(3, dtype="float32")[[0, 1]]
    shape = (32, 32, 1)
    images = sngan_cnn.generator(shape, 4, channels=2)(z)
    assert images.shape == (2, *shape)
    assert sngan_cnn.discriminator(shape, channels=2)(images).shape == (2, 1)
    g, d = sngan_cnn.generator(shape, 4, classes=3, channels=2), sngan_cnn.discriminator(shape, classes=3, channels=2)
    assert g([z, y]).shape == (2, *shape)
    assert d([x, y]).shape == (2, 1)
    assert counting.normalized_tensors(d) == 9
    assert keras_gans.GAN(g, d).classes == 3


def test_errors():
    for build in (sngan_cnn.generator, sngan_cnn.discriminator):
        with pytest.raises(ValueError, match="32, 48"):
            build((64, 64, 3))
