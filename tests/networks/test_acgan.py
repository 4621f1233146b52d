"""Section 5 of the facts: the generator that gets the class, the discriminator that names it."""

import keras
import numpy as np
import pytest

from keras_gans.networks import acgan
from tests.networks import counting


@pytest.mark.parametrize(
    ("size", "generator", "discriminator", "flat"), [(32, 2_994_051, 1_664_875, 8192), (128, 12_737_859, 3_016_555, 131_072)]
)
def test_counts(size, generator, discriminator, flat):
    shape = (size, size, 3)
    with counting.without_weights():
        g, d = acgan.generator(shape), acgan.discriminator(shape)
    assert (counting.trainable(g), counting.trainable(d)) == (generator, discriminator)
    assert g.output_shape == (None, *shape)
    assert {name: tuple(head.shape) for name, head in d.output.items()} == {"scores": (None, 1), "classes": (None, 10)}
    assert [(tensor.name, *tensor.shape[1:]) for tensor in g.inputs] == [("latents", 100), ("condition", 10)]
    assert counting.trainable(g.get_layer("stem")) == 111 * 16 * (384 if size == 32 else 768)
    assert counting.trainable(d.get_layer("scores")) + counting.trainable(d.get_layer("classes")) == 11 * (flat + 1)


def test_the_layers():
    with counting.without_weights():
        g, d = acgan.generator(), acgan.discriminator()
    assert [layer.strides[0] for layer in counting.layers_of(d, keras.layers.Conv2D)] == [2, 1, 2, 1, 2, 1]
    assert [layer.name for layer in counting.layers_of(d, keras.layers.BatchNormalization)] == [f"norm_{k}" for k in range(2, 7)]
    assert [layer.rate for layer in counting.layers_of(d, keras.layers.Dropout)] == 6 * [0.5]
    assert all(layer.negative_slope == 0.2 for layer in counting.layers_of(d, keras.layers.LeakyReLU))
    norms = counting.layers_of(g, keras.layers.BatchNormalization) + counting.layers_of(d, keras.layers.BatchNormalization)
    assert all((each.epsilon, each.momentum) == (1e-5, 0.9) for each in norms)
    assert [each.name for each in norms[:2]] == ["norm_1", "norm_2"]


@pytest.mark.slow
def test_tiny_networks():
    g, d = acgan.generator((32, 32, 1), 4, classes=3, channels=8), acgan.discriminator((32, 32, 1), classes=3, channels=2)
    z, y = np.random.default_rng(0).normal(size=(2, 4)).astype("float32"), np.eye(3, dtype="float32")
    images = g([z, y[[0, 1]]])
    assert images.shape == (2, 32, 32, 1)
    assert np.abs(images).max() < 1
    assert not np.array_equal(images, g([z, y[[2, 2]]]))
    outputs = [d(images, training=True) for _ in range(2)]
    assert not np.array_equal(outputs[0]["scores"], outputs[1]["scores"])  # dropout
    assert (outputs[0]["scores"].shape, outputs[0]["classes"].shape) == ((2, 1), (2, 3))
    assert [kernel.filters for kernel in counting.layers_of(g, keras.layers.Conv2DTranspose)] == [4, 2, 1]


def test_errors():
    for build in (acgan.generator, acgan.discriminator):
        with pytest.raises(ValueError, match="32, 128"):
            build((64, 64, 3))
        with pytest.raises(ValueError, match="`classes` must be an int"):
            build(classes=None)
