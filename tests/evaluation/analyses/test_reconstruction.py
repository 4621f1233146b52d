"""Reconstructions: the errors in numbers, and the analysis."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.evaluation import evaluate
from keras_gans.evaluation import reconstruction_errors
from tests import tiny
from tests.conformance import stand_ins
from tests.evaluation.fakes import Mean
from tests.evaluation.pieces import Pieces


def gray(level, shape=(12, 12, 1), count=1):
    return np.full((count, *shape), level / 127.5 - 1, "float32")


def test_constants():
    images = np.concatenate([gray(100), gray(0), gray(50)])
    made = np.concatenate([gray(110), gray(255), gray(50.4)])  # the last is rounded
    found = reconstruction_errors(images, made, Mean())
    np.testing.assert_allclose(found.l1, [10, 255, 0], atol=1e-9)
    np.testing.assert_allclose(found.ssim, [0.995476, 0.00010, 1], atol=1e-6)
    # The feature is twice the mean.
    np.testing.assert_allclose(found.feature_distance, np.array([10, 255, 0.4]) * 2 / 127.5, atol=1e-6)
    assert found.means == pytest.approx({"l1": 265 / 3, "ssim": 1.995576 / 3, "feature_distance": 530.8 / 3 / 127.5}, abs=1e-5)


def test_ssim_is_that_of_tensorflow():
    x, y = tiny.images(3, (16, 16, 3)), tiny.images(3, (16, 16, 3), seed=1)
    pixels = [np.round((side + 1) * 127.5) for side in (x, y)]
    np.testing.assert_allclose(reconstruction_errors(x, y).ssim, tf.image.ssim(*pixels, 255.0), atol=1e-4)
    np.testing.assert_allclose(reconstruction_errors(x, y).l1, np.abs(pixels[0] - pixels[1]).mean(axis=(1, 2, 3)), rtol=1e-6)


def test_small_images_have_no_ssim_and_shapes_must_agree():
    found = reconstruction_errors(tiny.images(2), tiny.images(2))
    assert found.ssim is None and found.means == {"l1": 0.0}
    with pytest.raises(ValueError, match=r"one shape .n, height, width, channels.*\(2, 8, 8, 1\) and \(3, 8, 8, 1\)"):
        reconstruction_errors(tiny.images(2), tiny.images(3))


def exact(cls=keras_gans.BiGAN):
    """A BiGAN of 8x8 images whose generator turns what its encoder does back, as far as six latents hold it."""
    images, z = keras.Input(tiny.SHAPE, name="images"), keras.Input((tiny.LATENTS,), name="latents")
    first = np.eye(64, tiny.LATENTS)
    encoder = keras.Model(images, layers.Dense(tiny.LATENTS, use_bias=False)(layers.Flatten()(images)))
    generator = keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64, use_bias=False)(z)))
    encoder.set_weights([first])
    generator.set_weights([first.T])
    return keras_gans.BiGAN(generator, encoder, stand_ins.judging_pairs_of_codes())


@pytest.mark.slow
def test_the_analysis():
    images = np.zeros((6, *tiny.SHAPE), "float32")
    images[:, 0, 0, 0] = np.linspace(-1, 1, 6)  # which the first latent holds
    images[:, 7, 7, 0] = 102 / 127.5  # which none does: 102 levels above 0, and rounding halves are to even
    found = evaluate(exact(), images, analyses=["reconstruction"], extractor=Pieces(), num_samples=4, progress=False)
    analysis = found.analyses["reconstruction"]
    np.testing.assert_allclose(analysis.value.l1, np.full(6, 102 / 64), atol=0.02)
    np.testing.assert_allclose(analysis.value.feature_distance, np.full(6, 0.8 / 16), atol=2e-3)
    # Each image beside the reconstruction of the one three places on, 3/5 of the range away.
    assert analysis.figures["l1_of_others"] == pytest.approx((102 + 153) / 64, abs=0.03)
    assert found.records[-1]["protocol"]["samples"] == {"real": 6}
    assert "data:image/png" in analysis.blocks[0]


def test_skipped_with_the_reason():
    arguments = {"analyses": ["reconstruction"], "num_samples": 4, "progress": False}
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    assert evaluate(gan, tiny.images(4), **arguments).skipped == {"reconstruction": "The generator has no encoder."}
    assert evaluate(exact(), None, **arguments).skipped == {"reconstruction": "There are no real images."}


@pytest.mark.slow
def test_an_export(tmp_path):
    gan, images = exact(), 0.4 * tiny.images(6)
    arguments = {"analyses": ["reconstruction"], "num_samples": 4, "progress": False}
    both = [evaluate(source, images, **arguments).analyses["reconstruction"] for source in (gan, gan.export(tmp_path / "1"))]
    assert both[0].figures == pytest.approx(both[1].figures, rel=1e-4)
