"""Parzen-window log-likelihoods against values by hand, and by the true density."""

import numpy as np
import pytest

from keras_gans.evaluation.analyses.parzen import parzen_log_likelihood


def density(x, samples, sigma):
    """The sum itself, for a few points."""
    dimensions = samples.shape[1]
    squares = np.sum((x[:, None] - samples[None]) ** 2, axis=-1)
    return np.log(np.mean(np.exp(-squares / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi)) ** dimensions, axis=1))


def test_values():
    samples, test = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [0.5, 1.0], [2.0, 2.0]])
    expected = density(test, samples, 0.7)
    found = parzen_log_likelihood(samples, test, sigma=0.7, image_range=None)
    assert found.mean == pytest.approx(expected.mean(), rel=1e-12)
    assert found.standard_error == pytest.approx(expected.std() / np.sqrt(3), rel=1e-12)
    assert found.sigma == 0.7
    # One sample, one point, one dimension: log N(1; 0, 1).
    assert parzen_log_likelihood([[0.0]], [[1.0]], sigma=1.0, image_range=None).mean == pytest.approx(
        -0.5 - np.log(2 * np.pi) / 2
    )


def test_blocks():
    samples, test = np.random.default_rng(0).normal(size=(2, 2400, 1))  # 5.8 million distances, in two blocks
    expected = density(test, samples, 0.9)
    found = parzen_log_likelihood(samples, test, sigma=0.9, image_range=None)
    assert found.mean == pytest.approx(expected.mean(), rel=1e-12)


def test_far_points_do_not_underflow():
    found = parzen_log_likelihood(np.zeros((5, 784)), np.ones((3, 784)), sigma=0.1, image_range=None)
    assert found.mean == pytest.approx(-784 / 0.02 - 784 * np.log(0.1 * np.sqrt(2 * np.pi)), rel=1e-12)
    assert found.standard_error == pytest.approx(0.0, abs=1e-9)


def test_images_are_scaled_to_the_unit_interval():
    samples, test = np.random.default_rng(0).uniform(-1, 1, (2, 20, 2, 2, 1))
    scaled = parzen_log_likelihood(samples, test, sigma=0.2)
    same = parzen_log_likelihood((samples + 1) / 2, (test + 1) / 2, sigma=0.2, image_range=None)
    raw = parzen_log_likelihood(samples, test, sigma=0.4, image_range=None)
    assert scaled.mean == pytest.approx(same.mean, rel=1e-12)
    assert scaled.mean == pytest.approx(raw.mean + 4 * np.log(2), rel=1e-12)


def test_sigma_is_chosen_on_the_validation_set():
    samples, test, validation = np.random.default_rng(0).normal(size=(3, 500, 2), scale=0.5)
    grid = np.logspace(-1, 0, 10)
    values = [density(validation, samples, sigma).mean() for sigma in grid]
    found = parzen_log_likelihood(samples, test, validation=validation, image_range=None)
    assert found.sigma == grid[np.argmax(values)]
    assert 0.1 < found.sigma < 1
    # The negative entropy of the data, which no density exceeds on average, is -log(2 pi e 0.25).
    assert found.mean == pytest.approx(-np.log(2 * np.pi * np.e * 0.25), abs=0.15)


def test_a_grid_that_is_too_narrow():
    points = np.random.default_rng(0).normal(size=(50, 2))
    with pytest.warns(UserWarning, match="The best sigma, 0.01, is the first or last"):
        parzen_log_likelihood(points, points, validation=points, sigmas=[0.01, 1.0], image_range=None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "either `sigma`, or `validation`"),
        ({"sigma": 1.0, "validation": np.zeros((2, 3))}, "either `sigma`, or `validation`"),
        ({"sigma": 0.0}, "must be positive"),
        ({"validation": np.zeros((2, 4))}, "`validation` must be like `samples`"),
        ({"sigma": 1.0, "test": np.zeros((2, 4))}, "`test` must be like `samples`"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        parzen_log_likelihood(**{"samples": np.zeros((2, 3)), "test": np.zeros((2, 3)), **arguments})


def test_images_that_are_not_finite():
    fine, broken = np.zeros((3, 2)), np.array([[0, np.nan], [0, 0], [0, 0]])
    for samples, test, name in ((broken, fine, "samples"), (fine, broken, "test")):
        with pytest.raises(ValueError, match=f"`{name}` must be finite. Received: 1 of 6 values"):
            parzen_log_likelihood(samples, test, sigma=1.0)
