"""Few labels, many images."""

import numpy as np
import pytest

from keras_gans import data

CLASSES = np.arange(60) % 3
# Every image is its number, so that rows can be told apart.
IMAGES = np.broadcast_to(np.arange(60, dtype="uint8")[:, None, None, None], (60, 4, 4, 1))


def numbers(images):
    return np.rint((np.asarray(images)[:, 0, 0, 0] + 1) * 127.5).astype(int)


def epoch(dataset):
    return [(numbers(images), labels.numpy()) for images, labels in dataset]


def test_batches():
    dataset = data.semi_supervised(IMAGES, CLASSES, labelled_per_class=2, batch_size=10, labelled_per_batch=4, seed=0)
    batches = epoch(dataset)
    assert len(batches) == int(dataset.cardinality()) == 9  # 54 unlabelled images, 6 a batch
    for rows, labels in batches:
        assert list(labels >= 0) == [True] * 4 + [False] * 6
        np.testing.assert_array_equal(labels[:4], CLASSES[rows[:4]])
    labelled = np.concatenate([rows[:4] for rows, _ in batches])
    unlabelled = np.concatenate([rows[4:] for rows, _ in batches])
    assert sorted(np.bincount(CLASSES[np.unique(labelled)])) == [2, 2, 2]
    assert np.bincount(labelled)[np.unique(labelled)].min() == 6  # 36 rows of 6 images, each as often as the others
    assert sorted([*np.unique(labelled), *unlabelled]) == list(range(60))  # an epoch is one pass


def test_images_are_scaled_and_fit_in_every_batch_even_if_there_are_few():
    dataset = data.semi_supervised(IMAGES, CLASSES, labelled_per_class=1, batch_size=12, labelled_per_batch=7)
    for images, labels in dataset:
        assert np.sum(labels >= 0) == 7
        assert float(np.min(images)) >= -1
        assert images.dtype == "float32"
        assert labels.dtype == "int64"
    assert len(labels) == 7 + 57 % 5  # the last batch has what is left


@pytest.mark.slow
def test_seeds():
    def labelled(seed):
        dataset = data.semi_supervised(IMAGES, CLASSES, 2, batch_size=10, labelled_per_batch=6, seed=seed)
        return sorted(epoch(dataset)[0][0][:6])

    assert labelled(1) == labelled(1)
    assert labelled(1) != labelled(2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": CLASSES[:5]}, r"shape \(60,\)"),
        ({"labels": CLASSES.astype(float)}, "ints.*astype"),
        ({"labels": CLASSES.astype(str)}, "ints .*negative ones hidden.*Number the classes: .*return_inverse=True"),
        ({"labelled_per_class": 21}, "Class 0 has only 20 images"),
        ({"labelled_per_class": 20}, "left unlabelled"),
        ({"labelled_per_batch": 100}, "labelled and unlabelled rows"),
        ({"labelled_per_batch": 0}, "labelled and unlabelled rows"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        data.semi_supervised(**{"images": IMAGES, "labels": CLASSES, **arguments})
