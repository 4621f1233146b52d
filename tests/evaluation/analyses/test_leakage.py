"""Class leakage against counts by hand."""

import numpy as np
import pytest

from keras_gans.evaluation.analyses.leakage import class_leakage
from tests.evaluation.fakes import Mean

LABELS = np.array([0, 0, 0, 0, 1, 1, 2])
SEEN = np.array([0, 1, 1, 2, 1, 0, 2])


def images(seen):
    """Images whose channel `seen` is the brightest."""
    return np.broadcast_to(np.eye(3, dtype="float32")[seen][:, None, None], (len(seen), 2, 2, 3))


def test_counts():
    leakage = class_leakage(images(SEEN), LABELS, Mean())
    assert leakage.confusion.tolist() == [[1, 2, 1], [1, 1, 0], [0, 0, 1]]
    assert leakage.share == pytest.approx(4 / 7)
    assert leakage.pairs() == [(0, 1, 0.5), (1, 0, 0.5), (0, 2, 0.25)]
    assert leakage.pairs(1) == [(0, 1, 0.5)]
    assert leakage.examples(0, 1).tolist() == [1, 2]
    assert leakage.predicted.tolist() == SEEN.tolist()


def test_no_leakage():
    leakage = class_leakage(images(np.array([1, 1])), np.array([1, 1]), Mean())
    assert leakage.share == 0.0
    assert leakage.pairs() == []
    assert leakage.confusion.tolist() == [[0, 0, 0], [0, 2, 0], [0, 0, 0]]


def test_many_images_in_batches():
    seen = np.arange(600) % 3
    assert class_leakage(images(seen), seen, Mean()).confusion.tolist() == (200 * np.eye(3, dtype=int)).tolist()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (LABELS[:3], r"`labels` must be ints of shape \(7,\)"),
        (LABELS.astype(float), "`labels` must be ints"),
        (LABELS + 1, "classes 0 to 2. Received labels 1 to 3"),
        (LABELS - 1, "classes 0 to 2. Received labels -1 to 1"),
    ],
)
def test_errors(labels, message):
    with pytest.raises(ValueError, match=message):
        class_leakage(images(SEEN), labels, Mean())


def test_extractors_without_logits():
    with pytest.raises(ValueError, match="gives no 'logits'. It gives .'features'."):
        class_leakage(images(SEEN), LABELS, lambda x: {"features": x[:, 0, 0]})


def test_logits_that_are_not_numbers():
    images = np.zeros((2, 4, 4, 3), "float32")
    with pytest.raises(ValueError, match="The logits of images must be finite. Received: 3 of 6 values"):
        class_leakage(images, np.array([0, 1]), lambda x: {"logits": np.float32([[0, 1, -np.inf], 3 * [np.nan]])})
