"""The label of the nearest neighbor."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from keras_gans.evaluation.analyses.nearest_neighbor_probe import nearest_neighbor_probe


def test_by_hand():
    train, labels = [[0.0, 0.0], [1.0, 0.0], [0.0, 3.0]], [7, 8, 9]
    # Nearest: the first, the second, the third, the second.
    test = [[0.4, 0.0], [0.6, 0.0], [0.0, 2.0], [5.0, 1.0]]
    assert nearest_neighbor_probe(train, labels, test, [7, 8, 9, 8]) == 1.0
    assert nearest_neighbor_probe(train, labels, test, [7, 7, 9, 9]) == 0.5


def test_equals_scikit_learn_and_does_not_standardize():
    rng = np.random.default_rng(0)
    train, test = (rng.normal(size=(n, 3)) * [1.0, 1.0, 50.0] for n in (80, 60))
    labels, test_labels = (x[:, 0] > 0 for x in (train, test))
    expected = KNeighborsClassifier(1).fit(train, labels).score(test, test_labels)
    assert nearest_neighbor_probe(train, labels, test, test_labels) == expected
    assert expected < 0.8  # the third feature, which says nothing, decides
    assert nearest_neighbor_probe(train[:, :2], labels, test[:, :2], test_labels) > 0.9


def test_errors():
    x, y = np.zeros((3, 2)), np.arange(3)
    with pytest.raises(ValueError, match=r"Received for test: \(3, 1\)"):
        nearest_neighbor_probe(x, y, x[:, :1], y)
    with pytest.raises(ValueError, match=r"Received for train: \(3, 2\), \(2,\)"):
        nearest_neighbor_probe(x, y[:2], x, y)
    with pytest.raises(ValueError, match="`features_test` must be finite"):
        nearest_neighbor_probe(x, y, x + np.nan, y)
