"""What all extractors have in common."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.features import FeatureExtractor
from keras_gans.features.feature_extractor import fingerprint
from keras_gans.features.feature_extractor import to_rgb


class Mean(FeatureExtractor):
    def extract(self, images):
        return {"features": tf.reduce_mean(images, axis=(1, 2))}


def test_quantized():
    images = np.full((1, 2, 2, 1), 0.1234)
    assert float(Mean()(images)["features"][0, 0]) == pytest.approx(np.rint(1.1234 * 127.5) / 127.5 - 1, abs=1e-6)
    assert float(Mean()(images * 12)["features"][0, 0]) == 1
    assert float(Mean(quantize=False)(images)["features"][0, 0]) == pytest.approx(0.1234)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 8), "float32"), "takes images"),
        (np.zeros((2, 8, 8, 3), "uint8"), r"float images in \[-1, 1\]"),
    ],
)
def test_no_images(images, message):
    with pytest.raises(ValueError, match=message):
        Mean()(images)


def test_not_finite():
    with pytest.raises(tf.errors.InvalidArgumentError, match="NaN"):
        Mean()(np.full((1, 2, 2, 1), np.nan))


@pytest.mark.slow
def test_images_of_files_are_refused_and_what_overshoots_is_not():
    pixels = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 1)).astype("float32")
    for call in (Mean(), tf.function(Mean())):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"images in \[-1, 1\].*x / 127.5 - 1"):
            call(tf.constant(pixels))
        assert call(tf.constant(pixels / 127.5))["features"].shape == (2, 1)
        assert call(tf.constant(pixels[:0]))["features"].shape == (0, 1)


def test_without_extract():
    with pytest.raises(NotImplementedError, match="must implement"):
        FeatureExtractor()(np.zeros((1, 2, 2, 1), "float32"))


def test_to_rgb():
    assert to_rgb(tf.ones((2, 4, 4, 1))).shape == (2, 4, 4, 3)
    assert to_rgb(tf.ones((2, 4, 4, 3))).shape == (2, 4, 4, 3)
    with pytest.raises(ValueError, match="1 or 3 channels"):
        to_rgb(tf.ones((2, 4, 4, 2)))


def test_fingerprint():
    array = np.arange(6.0)
    assert fingerprint([array]) == fingerprint([tf.constant(array)])
    assert len({fingerprint([array]), fingerprint([array.reshape(2, 3)]), fingerprint([array + 1])}) == 3
