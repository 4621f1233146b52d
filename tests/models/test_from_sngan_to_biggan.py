"""The systems from SNGAN to BigGAN-deep: the networks, priors and averages that their constructors choose."""

import numpy as np
import pytest

import keras_gans
from keras_gans import networks
from keras_gans.layers import SpectralNormalization
from keras_gans.regularizers import Orthogonal
from tests.networks.counting import layers_of
from tests.networks.counting import normalized_tensors
from tests.networks.counting import without_weights

pytestmark = pytest.mark.slow

SMALL = {"image_shape": (32, 32, 1), "classes": 10, "channels": 4}


def small(module, **arguments):
    shape, classes = (32, 32, 1), {"classes": 10}
    return [build(shape, **classes, channels=8, **arguments) for build in (module.generator, module.discriminator)]


def test_biggan():
    with without_weights():
        gan = keras_gans.BigGAN(**SMALL | {"image_shape": (64, 64, 1)})
        assert (gan.generator.name, gan.discriminator.name) == ("biggan_generator", "biggan_discriminator")
        assert (gan.classes, gan.latents.shape, gan.ema.decay, gan.ema.start) == (10, (125,), 0.9999, 20_000)
        regularized = [v.regularizer for v in gan.generator.trainable_variables if v.regularizer is not None]
        assert len(regularized) == normalized_tensors(gan.generator)  # each kernel, and not the table
        assert {(type(each), each.weight, each.form) for each in regularized} == {(Orthogonal, 1e-4, "off_diagonal")}
        assert not [v for v in gan.discriminator.trainable_variables if v.regularizer is not None]


def test_biggan_for_32_is_that_of_biggan_pytorch():
    gan = keras_gans.BigGAN(**SMALL)
    assert (gan.ema.start, gan.latents.shape, normalized_tensors(gan.generator), normalized_tensors(gan.discriminator)) == (
        *(1_000, (128,)),
        *(11, 12),
    )
    assert not [v for v in gan.generator.trainable_variables if v.regularizer is not None]
    gan.compile()
    assert [float(optimizer.learning_rate) for optimizer in gan.optimizers.values()] == pytest.approx([2e-4, 2e-4])
    assert gan.discriminator_steps == 4
    with without_weights():
        assert keras_gans.BigGAN(**SMALL, ema=None).ema is None


@pytest.mark.parametrize(("size", "latents"), [(32, 128), (64, 125), (128, 120)])
def test_priors_of_biggan(size, latents):
    with without_weights():
        generator = networks.biggan.generator((size, size, 1), classes=3, channels=1, attention=None)
        discriminator = networks.biggan.discriminator((size, size, 1), classes=3, channels=1, attention=None)
        assert keras_gans.BigGAN(generator, discriminator).latents.shape == (latents,)
        assert keras_gans.BigGAN(None, discriminator, channels=4, ema=None).latents.shape == (latents,)


def test_a_network_of_the_users_says_classes_and_latents():
    with without_weights():
        conditional = networks.sngan.generator((32, 32, 1), classes=4, channels=4)
        assert keras_gans.SNGAN(conditional).discriminator.inputs[1].shape == (None, 4)
        assert len(keras_gans.BigGAN(networks.biggan.generator((32, 32, 1), channels=4), channels=4).discriminator.inputs) == 1
        without_table = networks.biggan.generator((32, 32, 1), classes=5, channels=4, latents=16, hierarchical=True)
        assert keras_gans.BigGAN(without_table, channels=4).classes == 5
        assert keras_gans.ACGAN(networks.acgan.generator((32, 32, 1), classes=5)).classes == 5
        gan = keras_gans.ACGAN(discriminator=networks.acgan.discriminator((32, 32, 1), classes=4))
        assert (gan.classes, gan.generator.inputs[1].shape) == (4, (None, 4))
        generator = networks.biggan.generator((32, 32, 1), latents=16, classes=3, channels=4)
        gan = keras_gans.BigGAN(generator, channels=4)
        assert (gan.classes, gan.latents.shape, gan.discriminator.inputs[1].shape) == (3, (16,), (None, 3))
        discriminator = networks.sngan.discriminator((32, 32, 1), classes=4, channels=4)
        gan = keras_gans.ProjectionGAN(discriminator=discriminator)
        assert (gan.classes, gan.generator.inputs[1].shape, gan.generator.output_shape) == (4, (None, 4), (None, 32, 32, 1))


@pytest.mark.parametrize(
    ("cls", "image_shape", "latents", "classes"),
    [
        (keras_gans.SNGAN, (32, 32, 3), 128, None),
        (keras_gans.ProjectionGAN, (32, 32, 3), 128, 10),
        (keras_gans.ACGAN, (32, 32, 3), 100, 10),
    ],
)
def test_papers_of_small_images(cls, image_shape, latents, classes):
    with without_weights():
        gan = cls()
    assert (gan.generator.output_shape[1:], gan.latents.shape, gan.classes) == (image_shape, (latents,), classes)
    assert gan.ema is None


def test_rates_fall_to_zero_after_the_published_number_of_rounds():
    large = [build((128, 128, 1), channels=1) for build in (networks.sngan.generator, networks.sngan.discriminator)]
    for module, start, stop in ((small(networks.sngan), 0, 50_000), (large, 400_000, 450_000)):
        gan = keras_gans.SNGAN(*module)
        gan.compile()
        for player, steps in (("generator", 1), ("discriminator", 5)):
            optimizer, rates = gan.optimizers[player], []
            for rounds in (start, (start + stop) // 2, stop):
                optimizer.iterations.assign(steps * rounds)
                rates.append(float(optimizer.learning_rate))
            assert rates == pytest.approx([2e-4, 1e-4, 0.0])


def test_acgan_minimizes_the_errors_of_its_classifier():
    gan = keras_gans.ACGAN(*small(networks.acgan))
    gan.compile(run_eagerly=True)
    x, y = np.zeros((4, 32, 32, 1), "float32"), np.array([0, 1, 2, 9])
    logs = gan.train_on_batch(x, y, return_dict=True)
    assert logs["g_auxiliary_classifier"] == pytest.approx(np.log(10), abs=0.5)
    assert logs["d_auxiliary_classifier"] == pytest.approx(2 * np.log(10), abs=1.0)


@pytest.mark.parametrize("cls", [keras_gans.SAGAN, keras_gans.BigGAN, keras_gans.ProjectionGAN], ids=lambda cls: cls.__name__)
def test_a_round_moves_every_spectral_norm_once_a_step(cls):
    module = {keras_gans.SAGAN: networks.sagan, keras_gans.BigGAN: networks.biggan}.get(cls, networks.sngan)
    gan = cls(*small(module), ema=None)
    gan.compile(discriminator_steps=1, run_eagerly=True)
    layers = [layer for network in (gan.generator, gan.discriminator) for layer in layers_of(network, SpectralNormalization)]
    before = [layer.u.numpy() for layer in layers]
    gan.generate(2, condition=[0, 1])
    np.testing.assert_array_equal(np.concatenate(before), np.concatenate([layer.u.numpy() for layer in layers]))
    gan.train_on_batch(np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 1)).astype("float32"), np.array([3, 4]))
    for u, layer in zip(before, layers, strict=True):
        kernel = getattr(layer.layer, "kernel", getattr(layer.layer, "embeddings", None)).numpy()
        matrix = kernel.reshape(-1, len(u))
        v = matrix @ u / np.linalg.norm(matrix @ u)
        moved = matrix.T @ v / np.linalg.norm(matrix.T @ v)
        np.testing.assert_allclose(layer.u.numpy(), moved, atol=1e-5)


def test_one_class_a_time_and_a_mixture():
    gan = keras_gans.BigGAN(*small(networks.biggan), ema=None)
    rows = gan.generate(3, condition=[1, 2, 1], latents=np.ones((3, 128), "float32"))
    np.testing.assert_allclose(rows[0], rows[2], atol=1e-6)
    mixture = gan.generate(1, condition=np.full((1, 10), 0.1, "float32"), latents=np.ones((1, 128), "float32"))
    assert mixture.shape == (1, 32, 32, 1)
