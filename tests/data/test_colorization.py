"""Lightness and colors."""

import numpy as np
import pytest

from keras_gans import data


def lab(rgb):
    """CIE L*a*b* of sRGB in [0, 1], by definition: from the chromaticities of its primaries and white."""
    xy = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06], [0.3127, 0.3290]])
    xyz = np.column_stack([xy, 1 - xy.sum(axis=1)]) / xy[:, 1:]
    primaries, white = xyz[:3].T, xyz[3]
    matrix = primaries * np.linalg.solve(primaries, white)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = linear @ matrix.T / white
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def test_lab_of_colors_and_back():
    corners = np.stack(np.meshgrid(*[[0, 0.02, 0.5, 1]] * 3), axis=-1).reshape(1, 8, 8, 3)
    lightness, colors = data.rgb_to_lab(2 * corners - 1)
    expected = lab(corners)
    np.testing.assert_allclose((np.asarray(lightness) + 1) * 50, expected[..., :1], atol=0.02)
    np.testing.assert_allclose(np.asarray(colors) * 110, expected[..., 1:], atol=0.05)
    assert np.abs(colors).max() < 1
    np.testing.assert_allclose(data.lab_to_rgb(lightness, colors), 2 * corners - 1, atol=1e-4)
    gray = np.full((4, 4, 3), 0.3)
    np.testing.assert_allclose(data.rgb_to_lab(gray)[1], 0, atol=1e-5)


@pytest.mark.slow
def test_a_pipeline():
    photos = np.random.default_rng(0).integers(0, 256, (5, 12, 12, 3)).astype("uint8")
    dataset = data.colorization(photos, size=12, batch_size=5, augment=False, shuffle=False)
    lightness, colors = next(iter(dataset))
    assert (lightness.shape, colors.shape) == ((5, 12, 12, 1), (5, 12, 12, 2))
    np.testing.assert_allclose(data.lab_to_rgb(lightness, colors), photos / 127.5 - 1, atol=1e-3)
    lightness, colors = next(iter(data.colorization(photos[..., :1], size=8)))
    np.testing.assert_allclose(colors, 0, atol=1e-5)
    with pytest.raises(ValueError, match="three channels"):
        data.rgb_to_lab(np.zeros((4, 4, 1)))
