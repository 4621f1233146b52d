"""Standing statistics of networks that have a row of them for each truncation."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.evaluation import load_generator
from keras_gans.evaluation import truncation_curve
from tests import tiny
from tests.evaluation.pieces import Pieces

pytestmark = pytest.mark.slow

ROWS = 5  # 0, 0.25, 0.5, 0.75, 1


def a_gan(interpolation="linear"):
    z, t = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((1,), name="truncation")
    x = keras_gans.layers.TruncationBatchNormalization(ROWS, interpolation)([layers.Dense(8, name="dense")(z), t])
    generator = keras.Model([z, t], layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh", name="last")(x)))
    return keras_gans.GAN(generator, tiny.discriminator(), ema=0.5)


def standing(gan, truncation, seed=0):
    """The mean over 100 batches of the means and variances that the normalization meets."""
    dense = gan.sampler.get_layer("dense")
    seen = [np.asarray(dense(gan.latents.sample(64, (seed, -1 - number), truncation))) for number in range(100)]
    return np.mean([x.mean(axis=0) for x in seen], axis=0), np.mean([x.var(axis=0) for x in seen], axis=0)


def by_hand(gan, truncation):
    """Three images of the seed 4, normalized by standing statistics."""
    mean, variance = standing(gan, truncation)
    x = np.asarray(gan.sampler.get_layer("dense")(gan.latents.sample(3, (0, 4), truncation)))
    x = (x - mean) / np.sqrt(variance + 1e-4)
    return np.asarray(gan.sampler.get_layer("last")(x)).reshape(3, *tiny.SHAPE)


@pytest.mark.parametrize(("truncation", "rows"), [(None, [4]), (1.0, [4]), (0.5, [2]), (0.6, [2, 3]), (0.0, [0]), (0.1, [0, 1])])
def test_the_rows_about_a_truncation(truncation, rows):
    gan = a_gan()
    sampler = gan.as_sampler().with_batch_norm_statistics("standing", truncation)
    assert (sampler.statistics, sampler.statistics_truncation) == ("standing", truncation)
    table = sampler.network.layers[-3]
    mean, variance = standing(gan, truncation)
    expected_mean, expected_variance = np.zeros((ROWS, 8)), np.ones((ROWS, 8))
    expected_mean[rows], expected_variance[rows] = mean, variance
    np.testing.assert_allclose(table.moving_mean, expected_mean, atol=1e-5)
    np.testing.assert_allclose(table.moving_variance, expected_variance, atol=1e-5)
    np.testing.assert_allclose(sampler.generate(3, truncation=truncation, seed=4), by_hand(gan, truncation), atol=1e-4)
    np.testing.assert_array_equal(gan.sampler.layers[-3].moving_mean, np.zeros((ROWS, 8)))  # the original stays


def test_where_they_are_asked(tmp_path):
    gan = a_gan("package")
    gan.export(tmp_path / "1", statistics="standing", truncation=0.6)
    reader, expected = load_generator(tmp_path / "1"), by_hand(gan, 0.6)
    assert reader.protocol == {"statistics": "standing", "statistics_truncation": 0.6}
    np.testing.assert_allclose(reader.generate(3, truncation=0.6, seed=4), expected, atol=1e-4)
    z = reader.draw_latents(3, 4, 0.6)
    np.testing.assert_allclose(reader.generate(3, latents=z, truncation=0.6), expected, atol=1e-4)
    with pytest.warns(UserWarning, match="made for truncation=0.6. Received: truncation=None"):
        reader.generate(3, latents=z)
    fid = keras_gans.metrics.FID(Pieces())
    real, images = tiny.images(8), gan.as_sampler().with_batch_norm_statistics("standing", 0.6)
    fid.update_state(real, images.generate(8, truncation=0.6, seed=(0, 0)))
    options = {"num_samples": 8, "batch_size": 8, "statistics": "standing"}
    curve = truncation_curve(gan, Pieces(), real, values=(0.6,), **options)
    assert curve[0]["fid"] == pytest.approx(float(fid.result()), rel=1e-4)
    options |= {"analyses": [], "progress": False, "truncation": 0.6}
    found = keras_gans.evaluation.evaluate(gan, real, [keras_gans.metrics.FID(Pieces())], **options)
    assert found.figures["fid"] == pytest.approx(float(fid.result()), rel=1e-4)


def test_statistics_of_the_batch():
    gan = a_gan()
    sampler = gan.as_sampler().with_batch_norm_statistics("batch")
    z = gan.latents.sample(3, (0, 4), 0.6)
    expected = gan.generator([np.asarray(z), np.full((3, 1), 0.6)], training=True)
    np.testing.assert_allclose(sampler.generate(3, truncation=0.6, seed=4), expected, atol=1e-5)


def test_a_prior_with_another_truncation():
    gan, resampling = a_gan(), keras_gans.latents.Normal(tiny.LATENTS, truncate_by="resampling")
    message = r'takes the t of latents t \* TN\(-2, 2\). Received: latents with truncate_by="resampling".*"scaling"'
    for call in (
        lambda: keras_gans.GAN(gan.generator, gan.discriminator, resampling),
        lambda: keras_gans.export.Sampler(gan.generator, resampling),
        lambda: gan.as_sampler(resampling),
        lambda: load_generator(gan, latents=resampling),
    ):
        with pytest.raises(ValueError, match=message):
            call()
