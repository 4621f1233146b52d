"""Parameter counts to the unit, and what the papers say of their networks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans import networks
from tests.networks import counting


def trainable(network):
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "arguments", "latents", "generator", "discriminator"),
    [
        (networks.mlp, {}, {}, 2_503_984, 1_231_441),
        (networks.mlp, {"classes": 10}, {}, 2_413_984, 1_224_351),
        (networks.dcgan, {}, {}, 3_576_704, 2_765_568),
        (networks.dcgan, {"image_shape": (64, 64, 1)}, {}, 3_574_656, 2_763_520),
        (networks.dcgan, {"filters": 128}, {}, 12_658_432, 11_036_160),
        (networks.dcgan, {"image_shape": (32, 32, 3)}, {}, 1_068_928, 663_296),
        (networks.dcgan, {"image_shape": (32, 32, 1)}, {}, 1_066_880, 661_248),
        (networks.dcgan, {"image_shape": (28, 28, 1)}, {}, 759_680, 138_624),
        (networks.dcgan, {"image_shape": (128, 128, 3)}, {}, 12_786_560, 11_164_416),
        (networks.wgan_gp, {}, {}, 1_204_483, 1_053_825),
    ],
)
def test_parameter_counts(module, arguments, latents, generator, discriminator):
    g, d = module.generator(**arguments), module.discriminator(**arguments)
    assert (trainable(g), trainable(d)) == (generator, discriminator)
    assert g.output_shape == d.inputs[0].shape
    assert d.output_shape == (None, 1)


def test_mlp():
    g, d = networks.mlp.generator(), networks.mlp.discriminator()
    assert len(g.trainable_variables) == 6
    images = g(np.random.normal(size=(4, 100)).astype("float32"))
    assert images.shape == (4, 28, 28, 1)
    assert np.abs(images).max() < 1
    assert d(images).shape == (4, 1)
    kernels = [v for v in g.trainable_variables if v.name == "kernel"]
    assert all(0.049 < np.abs(kernel.numpy()).max() <= 0.05 for kernel in kernels)


def test_mlp_starts_at_the_mean_image():
    mean = np.random.default_rng(0).uniform(-0.9, 0.9, (28, 28, 1)).astype("float32")
    g = networks.mlp.generator(mean_image=mean)
    kernel = g.trainable_variables[-2]
    kernel.assign(0 * kernel.value)
    np.testing.assert_allclose(g(np.random.normal(size=(3, 100)).astype("float32")), [mean] * 3, atol=1e-5)


def test_conditional_mlp_depends_on_the_label():
    g, d = networks.mlp.generator(classes=10), networks.mlp.discriminator(classes=10)
    z = np.ones((1, 100), "float32")
    one, two = g([z, np.array([1])]), g([z, np.array([2])])
    assert not np.allclose(one, two)
    scores = [float(d([one, tf.constant([label])])[0, 0]) for label in range(10)]
    assert len(set(scores)) == 10


@pytest.mark.slow
@pytest.mark.parametrize("size", [28, 32, 64, 128])
def test_dcgan(size):
    g, d = networks.dcgan.generator((size, size, 3)), networks.dcgan.discriminator((size, size, 3))
    stages = {28: 2, 32: 3, 64: 4, 128: 5}[size]
    assert len(g.trainable_variables) == 3 * stages + 1
    assert len(d.trainable_variables) == (stages + 1) + 2 * (stages - 1)
    assert not [v.path for v in g.trainable_variables + d.trainable_variables if v.name == "bias"]
    for network in (g, d):
        for variable in network.trainable_variables:
            value = variable.numpy()
            if variable.name == "kernel" and value.size > 20_000:
                assert value.std() == pytest.approx(0.02, rel=0.02)
            if variable.name == "gamma" and value.size >= 256:
                assert value.mean() == pytest.approx(1, abs=0.01)
                assert value.std() == pytest.approx(0.02, rel=0.25)
    norms = [layer for layer in g.layers + d.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert all(layer.epsilon == 1e-5 and layer.momentum == 0.9 for layer in norms)
    assert all(layer.negative_slope == 0.2 for layer in d.layers if isinstance(layer, keras.layers.LeakyReLU))
    # None after the generator's last convolution and the discriminator's first
    assert not isinstance(g.layers[-2], keras.layers.BatchNormalization)
    assert not isinstance(d.layers[2], keras.layers.BatchNormalization)


@pytest.mark.slow
def test_wgan_gp():
    g, d = networks.wgan_gp.generator(), networks.wgan_gp.discriminator()
    assert not any(isinstance(layer, keras.layers.BatchNormalization) for layer in d.layers)
    assert g(np.zeros((2, 128), "float32")).shape == (2, 32, 32, 3)
    kernels = [v.numpy() for v in g.trainable_variables if v.shape == (3, 3, 128, 128)]
    bound = (3 * 4 / (2 * 9 * 128)) ** 0.5  # uniform with variance 4 / (fan_in + fan_out)
    assert len(kernels) == 6
    assert all(0.99 * bound < np.abs(kernel).max() <= bound for kernel in kernels)
    # The feature map inside an up block is already large: upsampling comes before its first convolution.
    sizes = [
        layer.output.shape[1] for layer in g.layers if isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (3, 3)
    ]
    assert sizes == [8, 8, 16, 16, 32, 32, 32]


def test_wgan_gp_with_classes():
    with counting.without_weights():
        g, d = networks.wgan_gp.generator(classes=10), networks.wgan_gp.discriminator(classes=10)
    assert (trainable(g), trainable(d)) == (1_218_307, 1_055_115)
    assert counting.conditional_norms(g) == 6
    assert {name: tuple(head.shape) for name, head in d.output.items()} == {"scores": (None, 1), "classes": (None, 10)}


@pytest.mark.parametrize("shape", [(30, 30, 3), (64, 32, 3), (64, 64)])
def test_unsupported_shapes_are_named(shape):
    for build in (networks.dcgan.generator, networks.dcgan.discriminator):
        with pytest.raises(ValueError, match="28, 32, 64, 128"):
            build(shape)
    for build in (networks.wgan_gp.generator, networks.wgan_gp.discriminator):
        with pytest.raises(ValueError, match="32x32"):
            build(shape)
