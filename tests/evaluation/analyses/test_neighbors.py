"""Nearest neighbors against values by hand and scikit-learn."""

import numpy as np
import pytest
import tensorflow as tf
from sklearn.neighbors import NearestNeighbors

from keras_gans.evaluation.analyses.neighbors import nearest_neighbors
from tests import tiny
from tests.evaluation.fakes import Mean

REAL = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [5, 5]], float)
FAKE = np.array([[0.5, 0.4], [0.2, 0.1], [3, 1.2], [12, 12]])


def test_values():
    found = nearest_neighbors(FAKE, REAL, k=1)
    assert found.indices[:, 0].tolist() == [0, 0, 3, 4]
    np.testing.assert_allclose(found.distances[:, 0], [0.640312424, 0.223606798, 2.009975124, 9.899494937], atol=1e-9)
    assert found.near_duplicates == 0.0
    assert (found.held_out, found.held_out_near_duplicates, found.rank) == (None, None, None)


@pytest.mark.parametrize(("count", "others"), [(20, 50), (1030, 1007)], ids=["one block", "two blocks of each"])
def test_blocks_agree_with_scikit_learn(count, others):
    queries, references = tiny.images(count, seed=1), tiny.images(others, seed=2)
    found = nearest_neighbors(queries, references, k=9)
    search = NearestNeighbors(n_neighbors=9, algorithm="brute").fit(references.reshape(others, -1))
    distances, indices = search.kneighbors(queries.reshape(count, -1))
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-5)


def test_of_equals_the_first():
    found = nearest_neighbors([[0.0]], [[1.0], [-1.0], [1.0], [2.0]], k=3)
    assert found.indices.tolist() == [[0, 1, 2]]


def test_duplicates_are_exact_however_large_the_values():
    rows = 1e4 + np.random.default_rng(0).normal(size=(30, 6))
    found = nearest_neighbors(rows, rows, k=2)
    assert found.indices[:, 0].tolist() == list(range(30))
    assert (found.distances[:, 0] == 0).all()
    assert (found.distances[:, 1] > 0).all()
    assert found.near_duplicates == 1.0


def test_half_a_grey_level_is_a_duplicate():
    references = np.round(tiny.images(30) * 127) / 127.5
    off = np.concatenate([references[:10] + 0.9 / 255, references[10:20] + 1.1 / 255, tiny.images(10, seed=5)])
    assert nearest_neighbors(off, references).near_duplicates == pytest.approx(10 / 30)


def test_a_generator_that_memorizes_is_told_from_one_that_does_not():
    train, held_out = tiny.images(200, seed=1), tiny.images(100, seed=2)
    memorized = nearest_neighbors(train[:50] + 1e-3, train, held_out=held_out)
    honest = nearest_neighbors(tiny.images(100, seed=3), train, held_out=held_out)
    assert (memorized.near_duplicates, memorized.held_out_near_duplicates, memorized.rank) == (1.0, 0.0, 1.0)
    assert honest.near_duplicates == 0.0
    assert honest.rank == pytest.approx(0.5, abs=0.1)


def test_rank_counts_ties_half():
    found = nearest_neighbors([[1.0], [2.0]], [[0.0]], k=1, held_out=[[2.0], [3.0]])
    assert found.rank == (1 + 1 + 0.5 + 1) / 4


def test_in_feature_space():
    images = np.stack([np.full((4, 4, 1), value, "float32") for value in (0.1, 0.5, -0.9)])
    images[1, 0, 0] += 0.8  # of another kind, but with the mean 0.55
    found = nearest_neighbors(np.full((1, 4, 4, 1), 0.54, "float32"), images, k=3, extractor=Mean())
    assert found.indices.tolist() == [[1, 0, 2]]
    np.testing.assert_allclose(found.distances, [[0.02, 0.88, 2.88]], atol=1e-6)
    assert found.tolerance == pytest.approx(2e-3 * np.sqrt((0.1**2 + 0.55**2 + 0.9**2) / 3), rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"queries": np.zeros((2, 3))}, "`queries` must be"),
        ({"queries": np.zeros((0, 2))}, "`queries` must be"),
        ({"held_out": np.zeros((2, 3))}, "`held_out` must be"),
        ({"k": 6}, "`k` must be between 1 and the number of references, 5"),
        ({"k": 0}, "`k` must be"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        nearest_neighbors(**{"queries": FAKE, "references": REAL, **arguments})


def test_images_of_files_are_refused():
    images = tiny.images(4)
    with pytest.raises(tf.errors.InvalidArgumentError, match="x / 127.5 - 1"):
        nearest_neighbors(images, 127.5 * (images + 1), k=1)
    with pytest.raises(ValueError, match="uint8"):
        nearest_neighbors(images, np.zeros((4, 8, 8, 1), "uint8"), k=1)


def test_features_that_are_not_finite():
    fine, broken = np.zeros((3, 2), "float32"), np.float32([[0, 0], [np.nan, 0], [0, 1]])
    for queries, references in ((fine, broken), (broken, fine)):
        with pytest.raises(ValueError, match="The features of nearest_neighbors must be finite. Received: 1 of 6"):
            nearest_neighbors(queries, references, k=1)
