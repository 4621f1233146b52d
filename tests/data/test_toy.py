"""Toy distributions against what is known of them."""

import numpy as np
import pytest

from keras_gans import data


def test_ring():
    x = data.ring(8000, seed=0)
    angles = 2 * np.pi * np.arange(8) / 8
    centers = 2 * np.stack([np.cos(angles), np.sin(angles)], 1)
    distances = np.linalg.norm(x[:, None] - centers, axis=-1)
    assert x.dtype == np.float32
    assert np.bincount(distances.argmin(1)).min() > 900
    # Within 3 sigma with probability 1 - exp(-4.5)
    assert (distances.min(1) < 0.06).mean() == pytest.approx(0.98889, abs=0.005)


def test_grid():
    x = data.grid(25_000, seed=0)
    nearest = np.clip(np.round(x / 2), -2, 2) * 2
    assert len(np.unique(nearest, axis=0)) == 25
    assert (x - nearest).std() == pytest.approx(0.05, rel=0.02)


def test_swiss_roll():
    x = 7.5 * data.swiss_roll(5000, noise=0.0, seed=0)
    radius = np.linalg.norm(x, axis=1)
    assert 1.5 * np.pi <= radius.min() < radius.max() <= 4.5 * np.pi
    np.testing.assert_allclose(x, np.stack([radius * np.cos(radius), radius * np.sin(radius)], 1), atol=1e-3)


def test_mixture():
    x = data.mixture(20_000, means=(-1.0, 3.0), sigmas=(0.1, 0.2), weights=(0.25, 0.75), seed=0)
    assert x.shape == (20_000, 1)
    assert (x < 1).mean() == pytest.approx(0.25, abs=0.01)
    assert x[x > 1].std() == pytest.approx(0.2, rel=0.03)


def test_centers():
    centers = data.ring_centers()
    np.testing.assert_allclose(centers[[0, 1, 2, 4]], [[2, 0], [2**0.5, 2**0.5], [0, 2], [-2, 0]], atol=1e-12)
    assert len(np.unique(centers.round(6), axis=0)) == 8
    np.testing.assert_allclose(np.linalg.norm(data.ring_centers(5, 3.0), axis=1), 3)
    centers = data.grid_centers()
    assert centers.shape == (25, 2)
    assert {tuple(center) for center in centers} == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert data.grid_centers((0, 1)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("source", [data.ring, data.grid, data.swiss_roll, data.mixture])
def test_seeds(source):
    np.testing.assert_array_equal(source(10, seed=1), source(10, seed=1))
    assert not np.array_equal(source(10, seed=1), source(10, seed=2))


@pytest.mark.parametrize("source", [data.ring, data.grid, data.swiss_roll, data.mixture])
@pytest.mark.parametrize("samples", [0, -1, 2.0, True, "3"])
def test_the_number_of_points_is_an_int(source, samples):
    with pytest.raises(ValueError, match="`samples` must be an int >= 1"):
        source(samples)


def test_the_number_of_modes_is_an_int():
    with pytest.raises(ValueError, match="`modes` must be an int >= 1"):
        data.ring_centers(2.0)
