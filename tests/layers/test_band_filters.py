import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import band_filters
from keras_gans.layers.band_filters import amplify_bands

IMAGES = np.random.default_rng(0).uniform(-1, 1, (2, 48, 64, 3)).astype("float32")


def gains(*values):
    return tf.constant([values] * len(IMAGES))


def test_the_bands_add_up_to_the_image():
    np.testing.assert_allclose(amplify_bands(IMAGES, gains(1.0, 1.0, 1.0, 1.0)), IMAGES, atol=1e-6)
    np.testing.assert_allclose(band_filters.bands_as_matrices(8).sum(0), np.eye(8), atol=1e-6)


@pytest.mark.parametrize(("band", "octave"), [(0, (0, 1 / 8)), (1, (1 / 8, 1 / 4)), (2, (1 / 4, 1 / 2)), (3, (1 / 2, 1))])
def test_each_band_is_an_octave(band, octave):
    taps = band_filters.taps_of_bands()[band]
    frequencies = np.linspace(0, 1, 401)
    reach = len(taps) // 2
    response = np.cos(np.pi * np.outer(frequencies, np.arange(-reach, reach + 1))) @ taps
    np.testing.assert_allclose(taps, taps[::-1], atol=1e-12)
    assert response.min() > -1e-9
    inside = (frequencies > octave[0]) & (frequencies < octave[1])
    assert frequencies[response > 0.5].min() >= octave[0] - 0.01
    assert frequencies[response > 0.5].max() <= octave[1] + 0.01
    assert response[inside].mean() > 0.6
    assert response[~inside].mean() < 0.15


def test_what_is_amplified():
    flat = np.ones_like(IMAGES)
    np.testing.assert_allclose(amplify_bands(flat, gains(3.0, 1.0, 1.0, 5.0)), 9.0 * flat, atol=1e-4)  # in both directions
    stripes = flat * np.float32((-1.0) ** np.arange(64)[:, None])
    np.testing.assert_allclose(amplify_bands(stripes, gains(2.0, 1.0, 1.0, 5.0)), 10.0 * stripes, atol=1e-4)


def test_against_a_convolution():
    values = (0.7, 1.3, 2.0, 0.4)
    taps = np.array(values) @ band_filters.taps_of_bands()
    padded = np.pad(IMAGES[0, :, :, 0].astype("float64"), len(taps) // 2, mode="reflect")
    for axis in (0, 1):
        padded = np.apply_along_axis(lambda row: np.convolve(row, taps, "valid"), axis, padded)
    np.testing.assert_allclose(amplify_bands(IMAGES, gains(*values))[0, :, :, 0], padded, atol=1e-5)
