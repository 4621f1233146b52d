"""Images in [0, 1], which metrics take for images in [-1, 1]."""

import warnings

import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import evaluation
from keras_gans import metrics
from tests import tiny

IMAGES = tiny.images(8, (16, 16, 3))
UNIT = (IMAGES + 1) / 2


class Means(metrics.features.FeatureExtractor):
    dimensions = 6

    def extract(self, images):
        return {"features": tf.reshape(tf.reduce_mean(images, axis=[1])[:, :2], (-1, 6))}


def warned(*calls):
    """The messages of warnings of calls, one after the other."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for call in calls:
            call()
    return [str(warning.message) for warning in found]


@pytest.mark.parametrize(
    "make",
    [
        metrics.PSNR,
        metrics.SSIM,
        metrics.MSSSIM,
        lambda: metrics.SlicedWasserstein(patches=4, resolution_min=16),
        lambda: metrics.FID(Means()),
        lambda: metrics.PrecisionRecall(Means(), num_samples=8),
    ],
)
def test_a_metric_warns_once_of_each_side(make):
    metric = make()
    (message,) = warned(*2 * [lambda: metric.update_state(UNIT, IMAGES)])
    assert "The real images lie in [0" in message and "2 * x - 1" in message
    other = make()
    (message,) = warned(*2 * [lambda: other.update_state(IMAGES, UNIT)])
    assert "The generated images lie in [0" in message


def test_extractors_and_statistics_and_analyses_warn():
    extractor = Means()
    (message,) = warned(*2 * [lambda: extractor(UNIT)])
    assert "The given images lie in" in message
    for given in (None, Means()):
        (message,) = warned(lambda given=given: evaluation.nearest_neighbors(UNIT, IMAGES, extractor=given))
        assert "`queries` lie in" in message
        (message,) = warned(lambda given=given: evaluation.reconstruction_errors(IMAGES, UNIT, given))
        assert "`reconstructions` lie in" in message
    for given in (Means(), extractor):
        (message,) = warned(lambda given=given: metrics.FID(given, real=UNIT))
        assert "The real images lie in" in message


def test_what_is_not_warned_of():
    early = 0.05 * IMAGES
    metric = metrics.FID(Means())
    assert not warned(
        lambda: metric.update_state(IMAGES, early),
        lambda: metric.update_state(np.abs(IMAGES), np.abs(early)),  # a later batch
        lambda: metrics.PSNR().update_state(IMAGES / 3 - 0.6, early),
        lambda: metrics.PSNR().update_state(np.ones_like(IMAGES), np.zeros_like(IMAGES)),
        lambda: metrics.FID(None).update_state(UNIT.reshape(8, -1), UNIT.reshape(8, -1)),
        lambda: tf.function(Means(), autograph=False)(tf.constant(UNIT)),
    )


@pytest.mark.slow
def test_evaluate_warns_once():
    gan = keras_gans.GAN(tiny.generator(shape=(16, 16, 3)), tiny.discriminator(shape=(16, 16, 3)))
    extractor = Means()
    given = [metrics.FID(extractor), metrics.PrecisionRecall(extractor, num_samples=8)]
    options = {"num_samples": 8, "batch_size": 8, "analyses": ["neighbors"]}
    (message,) = warned(lambda: evaluation.evaluate(gan, UNIT, given, **options))
    assert "The real images lie in" in message


@pytest.mark.parametrize("call", ["translate", "generate", "evaluate"])
def test_sources_are_warned_of_once(call):
    gan, sources = tiny.pix2pix(), (tiny.images(4) + 1) / 2
    gan.compile()
    calls = {
        "translate": lambda: gan.translate(sources),
        "generate": lambda: gan.generate(condition=sources),
        "evaluate": lambda: evaluation.evaluate(gan, (sources, tiny.images(4)), num_samples=4, analyses=()),
    }
    (message,) = warned(*2 * [calls[call]])
    assert "The source images lie in [0" in message and "2 * x - 1" in message
    assert not warned(lambda: tiny.pix2pix().translate(tiny.images(4)))


def test_sources_that_training_warned_of_are_not_told_again():
    gan = tiny.pix2pix()
    gan.compile()
    bright, targets = (tiny.images(1) + 1) / 2, tiny.images(1)
    (message,) = warned(lambda: gan.check_batch((bright, targets)), lambda: gan.generate(condition=bright))
    assert "The sources lie in [0" in message
    gan = tiny.pix2pix()
    gan.compile()
    (message,) = warned(lambda: gan.check_batch((targets, targets)), lambda: gan.translate(bright))
    assert "The source images lie in [0" in message
