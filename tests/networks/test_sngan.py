"""Sections 9.2, 10 and 11 of the facts: counts to the unit, spectral norms, the projection."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import networks
from keras_gans.networks import sngan
from keras_gans.networks.blocks import ends
from keras_gans.networks.blocks.kernels import Kernels
from tests.networks import counting


@pytest.mark.parametrize(
    ("size", "classes", "generator", "discriminator", "tensors", "conditional"),
    [
        (32, None, 4_276_739, 1_053_825, 11, 0),
        (32, 10, 4_304_387, 1_055_105, 12, 6),
        (32, 100, 4_580_867, 1_066_625, 12, 6),
        (48, None, 4_878_083, 10_141_441, 16, 0),
        (64, None, 12_220_675, 10_141_441, 16, 0),
        (128, None, 32_150_787, 29_017_857, 18, 0),
        (128, 1000, 41_996_931, 30_041_857, 19, 10),
    ],
)
def test_counts(size, classes, generator, discriminator, tensors, conditional):
    shape = (size, size, 3)
    with counting.without_weights():
        g, d = sngan.generator(shape, classes=classes), sngan.discriminator(shape, classes=classes)
    assert tuple(map(counting.trainable, (g, d))) == (generator, discriminator)
    assert tuple(map(counting.normalized_tensors, (g, d))) == (0, tensors)
    blocks = {32: 3, 48: 3, 64: 4, 128: 5}[size]
    assert (counting.conditional_norms(g), counting.norms(g)) == (conditional, 1 if classes else 2 * blocks + 1)
    assert counting.norms(d) == 0
    assert (g.output_shape, d.output_shape) == ((None, *shape), (None, 1))


def test_the_layers_at_128():
    with counting.without_weights():
        g, d = sngan.generator((128, 128, 3), classes=1000), sngan.discriminator((128, 128, 3))
    convs, shortcuts, norms = (
        counting.parts(g, *(f"block_{k}_{part}" for k in range(1, 6))) for part in ("conv", "shortcut", "norm")
    )
    totals = [a + b for a, b in zip(convs, shortcuts, strict=True)]
    assert totals == [19_926_016, 7_603_712, 1_901_312, 475_520, 118_976]
    assert norms == [4_096_000, 3_072_000, 1_536_000, 768_000, 384_000]
    assert counting.parts(g, "stem", "norm", "to_rgb") == [2_113_536, 128, 1_731]
    blocks = counting.parts(d, *(f"block_{k}_" for k in range(1, 7)), "scores")
    assert blocks == [38_976, 119_104, 475_776, 1_901_824, 7_604_736, 18_876_416, 1_025]
    assert "block_6_shortcut" not in {layer.name for layer in d.layers}


@pytest.mark.slow
def test_the_discriminator_with_concatenation():
    with counting.without_weights():
        d = sngan.discriminator((128, 128, 3), classes=1000, conditioning="concat")
    assert counting.trainable(d) == 30_538_625
    assert d.get_layer("block_4_conv_1").layer.kernel.shape == (3, 3, 384, 384)
    tiny = sngan.discriminator((32, 32, 3), classes=3, channels=4, conditioning="concat", embedding_dim=2)
    x = np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype("float32")
    scores = [tiny([x, np.eye(3, dtype="float32")[[k, k]]]).numpy() for k in (0, 1)]
    assert scores[0].shape == (2, 1)
    assert not np.array_equal(*scores)


def test_what_is_said_explicitly():
    with counting.without_weights():
        g, d = sngan.generator((32, 32, 3), classes=10), sngan.discriminator((32, 32, 3), classes=10)
    norms = [layer for layer in g.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 7
    assert all((each.epsilon, each.momentum, each.synchronized) == (2e-5, 0.9, False) for each in norms)
    spectral = counting.layers_of(d, keras_gans.layers.SpectralNormalization)
    assert all((each.epsilon, each.update, each.power_iterations) == (1e-12, "step", 1) for each in spectral)
    assert all(layer.interpolation == "nearest" for layer in counting.layers_of(g, keras.layers.UpSampling2D))


@pytest.mark.slow
def test_initializers():
    g = sngan.generator((32, 32, 3), channels=32)
    conv = g.get_layer("block_1_conv_1").kernel.numpy()
    bound = (3 * 4 / (2 * 9 * 32)) ** 0.5  # uniform with variance 4 / (fan_in + fan_out)
    assert 0.99 * bound < np.abs(conv).max() <= bound
    shortcut = g.get_layer("block_1_shortcut").kernel.numpy()
    bound = (6 / 64) ** 0.5
    assert 0.9 * bound < np.abs(shortcut).max() <= bound
    assert not np.array_equal(conv, g.get_layer("block_1_conv_2").kernel)
    tables = [g2 for g2 in sngan.generator((32, 32, 3), classes=3, channels=4).trainable_variables if g2.name == "embeddings"]
    assert [float(table.numpy().mean()) for table in tables] == 6 * [1.0, 0.0]


def discriminator(**arguments):
    return sngan.discriminator((32, 32, 1), **{"channels": 8, "classes": 3, **arguments})


def images(count=2):
    return np.random.default_rng(0).normal(size=(count, 32, 32, 1)).astype("float32")


def one_hot(labels):
    return np.eye(3, dtype="float32")[labels]


def after_steps(network, count=1):
    @tf.function
    def step():
        for layer in counting.layers_of(network, keras_gans.layers.SpectralNormalization):
            layer.after_step()

    for _ in range(count):
        step()
    return network


@pytest.mark.slow
def test_after_enough_iterations_each_kernel_has_norm_one():
    d = after_steps(discriminator(), 100)
    for layer in counting.layers_of(d, keras_gans.layers.SpectralNormalization):
        kernel = getattr(layer.layer, "kernel", getattr(layer.layer, "embeddings", None)).numpy()
        matrix = kernel.reshape(-1, kernel.shape[-1])
        assert np.linalg.norm(matrix, 2) / float(layer.spectral_norm()) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.slow
def test_the_scale_of_a_kernel_does_not_matter():
    d = discriminator()
    before = d([images(), one_hot([0, 1])]).numpy()
    for variable in d.trainable_variables:
        if variable.name in ("kernel", "embeddings"):
            variable.assign(10 * variable.value)
    np.testing.assert_allclose(d([images(), one_hot([0, 1])]), before, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_a_call_moves_nothing_and_a_step_does():
    d = discriminator()
    before = [v.numpy() for v in d.non_trainable_variables]
    d([images(), one_hot([0, 1])], training=True)
    for variable, value in zip(d.non_trainable_variables, before, strict=True):
        np.testing.assert_array_equal(variable, value)
    after_steps(d)
    assert not np.array_equal(d.get_layer("block_1_conv_1").u, before[0])


@pytest.mark.slow
def test_rematerialization_changes_no_gradient():
    def gradients(mode):
        keras.utils.set_random_seed(3)
        with keras.RematScope(mode=mode):
            d = discriminator(channels=2)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(d([tf.constant(images()), tf.constant(one_hot([0, 1]))], training=True) ** 2)
        return tape.gradient(loss, [v.value for v in d.trainable_variables])

    for a, b in zip(gradients(None), gradients("full"), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_the_head_sums():
    d = discriminator(channels=128)
    maps = keras.Input((8, 8, 128))
    assert float(keras.Model(maps, d.get_layer("features")(maps))(np.ones((1, 8, 8, 128)))[0, 0]) == 64.0
    assert d.get_layer("features").input.shape == (None, 8, 8, 128)
    assert tuple(networks.with_features(d).output["features"].shape) == (None, 128)


@pytest.mark.slow
def test_the_projection():
    d = discriminator()
    x, scores = images(3), {}
    for k in range(3):
        scores[k] = d([x, one_hot([k, k, k])]).numpy()[:, 0]
    phi = keras.Model(d.inputs, d.get_layer("features").output)([x, one_hot([0, 0, 0])]).numpy()
    layer = d.get_layer("projection")
    table = layer.layer.embeddings.numpy() / float(layer.spectral_norm())
    np.testing.assert_allclose(scores[0] - scores[1], phi @ (table[0] - table[1]), rtol=1e-3, atol=1e-5)
    swapped = d([x, one_hot([0, 1, 2])]).numpy()[:, 0]
    np.testing.assert_allclose(swapped, [scores[k][k] for k in range(3)], atol=1e-5)
    layer.layer.embeddings.assign(0 * layer.layer.embeddings.value)
    linear = keras.Model(d.inputs, d.get_layer("linear").output)([x, one_hot([0, 1, 2])])
    np.testing.assert_allclose(d([x, one_hot([0, 1, 2])]), linear, atol=1e-6)


def test_the_projection_of_the_seed():
    """phi [[1, 2], [.5, -1]], V [[1, 0], [0, 1], [2, -1]], psi (.5, .25), b .1, classes [2, 1]: [1.1, -.9]."""
    phi, y = keras.Input((2,)), keras.Input((3,))
    model = keras.Model([phi, y], ends.scores_of_features(phi, y, Kernels()))
    model.get_layer("projection").embeddings.assign([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
    model.get_layer("linear").kernel.assign([[0.5], [0.25]])
    model.get_layer("linear").bias.assign([0.1])
    x = np.array([[1.0, 2.0], [0.5, -1.0]], "float32")
    np.testing.assert_allclose(model([x, one_hot([2, 1])]), [[1.1], [-0.9]], atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("size", [32, 48])
def test_a_gan_of_tiny_networks_takes_a_step(size):
    shape = (size, size, 1)
    g, d = sngan.generator(shape, 4, channels=1), sngan.discriminator(shape, channels=1)
    gan = keras_gans.GAN(g, d)
    gan.compile(loss="hinge", run_eagerly=True)
    u = d.get_layer("block_2_conv_1").u.numpy()
    assert np.isfinite(gan.train_on_batch(np.zeros((2, *shape), "float32"))).all()
    assert u.shape == (1,)


@pytest.mark.slow
def test_a_conditional_generator():
    g = sngan.generator((32, 32, 1), 4, classes=3, channels=4)
    z = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    assert g([z, one_hot([0, 1])]).shape == (2, 32, 32, 1)
    table = g.get_layer("block_1_norm_1").gain.embeddings
    table.assign(table.value * np.array([[1.0], [2.0], [3.0]], "float32"))
    assert not np.allclose(g([z, one_hot([0, 0])]), g([z, one_hot([1, 1])]))
    gan = keras_gans.GAN(g, discriminator())
    assert gan.classes == 3


def test_errors():
    for build in (sngan.generator, sngan.discriminator):
        with pytest.raises(ValueError, match="32, 48, 64, 128"):
            build((96, 96, 3))
        with pytest.raises(ValueError, match="`channels` must be an int"):
            build(channels=0)
        with pytest.raises(ValueError, match="`classes` must be an int"):
            build(classes=0)
    with pytest.raises(ValueError, match="`conditioning` must be"):
        sngan.discriminator(conditioning="sum")
