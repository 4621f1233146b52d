"""Clusters of points whose groups are known."""

import numpy as np
import pytest

from keras_gans.evaluation.analyses.clusters import clusters

CENTERS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
LABELS = np.repeat([0, 1, 2], [20, 50, 30])


def points():
    return CENTERS[LABELS] + np.random.default_rng(0).normal(size=(100, 2), scale=0.3)


def test_groups_are_found_the_largest_first():
    found = clusters(points(), k=3, labels=LABELS)
    assert found.sizes.tolist() == [50, 30, 20]
    np.testing.assert_allclose(found.centers, CENTERS[[1, 2, 0]], atol=0.3)
    assert found.assignments.tolist() == np.array([2, 0, 1])[LABELS].tolist()
    assert found.purity == 1.0


def test_the_nearest_samples_of_each_center():
    x = points()
    found = clusters(x, k=3, nearest=4)
    for index, members in enumerate(found.nearest):
        distances = np.linalg.norm(x - found.centers[index], axis=1)
        assert members.tolist() == np.argsort(distances)[:4].tolist()
    assert len(clusters(x, k=3, nearest=40).nearest[2]) == 20


def test_purity():
    labels = LABELS.copy()
    labels[:5] = 2  # 15 of 20
    labels[20:30] = 0  # 40 of 50
    assert clusters(points(), k=3, labels=labels).purity == pytest.approx((15 + 40 + 30) / 100)
    assert clusters(points(), k=1, labels=labels).purity == pytest.approx(40 / 100)
    assert clusters(points(), k=3).purity is None


def test_the_same_seed_gives_the_same_clusters():
    noise = np.random.default_rng(1).normal(size=(200, 5))
    np.testing.assert_array_equal(clusters(noise, 7, seed=3).assignments, clusters(noise, 7, seed=3).assignments)


def test_errors():
    with pytest.raises(ValueError, match="k from 1 to n"):
        clusters(points(), k=101)
    with pytest.raises(ValueError, match=r"Received: shape \(2, 2, 2\)"):
        clusters(np.zeros((2, 2, 2)), k=1)
    with pytest.raises(ValueError, match="`labels` must have shape"):
        clusters(points(), k=3, labels=LABELS[:5])


def test_features_that_are_not_finite():
    with pytest.raises(ValueError, match="`features` must be finite. Received: 1 of 8 values"):
        clusters(np.float32([[0, 0], [np.nan, 0], [1, 1], [1, 0]]), k=2)
