"""Images, mismatched images, and vectors of captions."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import captions

pytestmark = pytest.mark.slow

COUNT = 24
CLASSES = np.arange(COUNT) % 3
# Images are their numbers; caption k of image i is a bit at 5 i + k.
IMAGES = np.arange(COUNT, dtype="uint8")[:, None, None, None] * np.ones((1, 4, 4, 1), "uint8")
EMBEDDINGS = np.eye(COUNT * 5, dtype="float32").reshape(COUNT, 5, COUNT * 5)


def numbers(images):
    return np.rint((np.asarray(images)[:, 0, 0, 0] + 1) * 127.5).astype(int)


def epoch(dataset):
    """The numbers of images, of mismatched images, and the vectors."""
    rows = [(numbers(batch["image"]), numbers(batch["wrong_image"]), batch["embedding"].numpy()) for batch in dataset]
    return [np.concatenate(part) for part in zip(*rows, strict=True)]


@pytest.fixture
def folder(tmp_path):
    for number, image in enumerate(IMAGES):
        path = tmp_path / "abc"[CLASSES[number]] / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(image[..., 0]).save(path)
    return tmp_path


def test_an_epoch_and_its_vectors():
    dataset = captions(IMAGES, EMBEDDINGS, batch_size=7, seed=0)
    assert int(dataset.cardinality()) == 4
    assert sorted(dataset.element_spec) == ["embedding", "image", "wrong_image"]
    assert dataset.element_spec["embedding"].shape == (None, COUNT * 5)
    images, wrong, vectors = epoch(dataset)
    assert sorted(images) == list(range(COUNT))
    assert (images != wrong).all()
    own = vectors.reshape(COUNT, COUNT, 5)[np.arange(COUNT), images]
    np.testing.assert_allclose(np.sort(own), [[0, 0.25, 0.25, 0.25, 0.25]] * COUNT)
    assert vectors.sum() == pytest.approx(COUNT)


def test_all_captions_are_drawn_and_all_others_are_mismatches():
    dataset = captions(IMAGES[:4], EMBEDDINGS[:4], average=1, shuffle=False, seed=0)
    images, wrong, vectors = epoch(dataset.repeat(60))
    drawn = vectors.sum(axis=0)
    assert (drawn > 0).sum() == 20
    assert drawn.max() < 30
    pairs = set(zip(images.tolist(), wrong.tolist(), strict=True))
    assert pairs == set(itertools.permutations(range(4), 2))


def test_mismatches_are_of_other_classes_evenly():
    labels = np.array([7, 2, 7, 2, 9, 7])
    dataset = captions(IMAGES[:6], EMBEDDINGS[:6], labels, shuffle=False, seed=0)
    wrong = epoch(dataset.repeat(100))[1].reshape(100, 6)
    for number, label in enumerate(labels):
        found, counts = np.unique(wrong[:, number], return_counts=True)
        np.testing.assert_array_equal(found, np.flatnonzero(labels != label))
        assert counts.min() > 0.5 * 100 / len(found)


def test_seeds_fix_everything_and_epochs_differ():
    def epochs(seed=2):
        dataset = captions(IMAGES, EMBEDDINGS, CLASSES, seed=seed, average=2)
        return [epoch(dataset) for _ in range(2)]

    first, second = epochs()
    for got, again in zip([*first, *second], [part for run in epochs() for part in run], strict=True):
        np.testing.assert_array_equal(got, again)
    assert not any(np.array_equal(got, other) for got, other in zip(first, second, strict=True))


def test_ragged_captions():
    ragged = [EMBEDDINGS[number, : 1 + number % 4] for number in range(8)]
    for embeddings in (ragged, tf.ragged.constant([part.tolist() for part in ragged], ragged_rank=1)):
        images, _, vectors = epoch(captions(IMAGES[:8], embeddings, average=1, shuffle=False))
        chosen = np.argmax(vectors, axis=1)
        assert (chosen // 5 == images).all()
        assert (chosen % 5 <= images % 4).all()
    with pytest.raises(ValueError, match=r"Expected 2 captions.*2 of 8 images.*index 0, has 1.*`average`"):
        captions(IMAGES[:8], ragged, average=2)


def test_crops_and_mirrors_are_independent_and_a_test_has_none():
    image = np.random.default_rng(0).integers(0, 256, (1, 12, 12, 3)).astype("uint8").repeat(20, 0)
    batch = next(iter(captions(image, EMBEDDINGS[:20], size=10, load_size=12, seed=0)))
    assert batch["image"].shape == (20, 10, 10, 3)
    assert np.isclose(batch["image"], batch["wrong_image"], atol=1e-5).all(axis=(1, 2, 3)).mean() < 0.4  # 1/18 by chance
    batch = next(iter(captions(image, EMBEDDINGS[:20], size=12, augment=False)))
    np.testing.assert_allclose(batch["image"], image / 127.5 - 1, atol=1e-6)
    assert (np.count_nonzero(batch["embedding"], axis=1) == 1).all()  # one caption


@pytest.mark.parametrize("cache", [True, False])
def test_a_folder(folder, capsys, cache):
    files = sorted((folder.rglob("*.png")), key=lambda path: (path.parent.name, int(path.stem)))
    order = [int(path.stem) for path in files]
    dataset = captions(folder, EMBEDDINGS[order], size=4, augment=False, cache=cache, seed=0, batch_size=5)
    assert capsys.readouterr().out == "24 images, 3 classes: a, b, c\n"
    assert dataset.class_names == ["a", "b", "c"]
    runs = [epoch(dataset) for _ in range(2)]
    for images, wrong, vectors in runs:
        assert sorted(images) == list(range(COUNT))
        np.testing.assert_array_equal(np.argmax(vectors, axis=1) // 5, images)
        assert (CLASSES[images] != CLASSES[wrong]).all()
    assert runs[0][1].tolist() != runs[1][1].tolist()
    assert int(dataset.cardinality()) == 5
    assert captions(folder, EMBEDDINGS, np.arange(COUNT), size=4, cache=cache).class_names is None


@pytest.mark.parametrize("cache", [True, False])
def test_embeddings_follow_what_is_skipped(folder, capsys, cache):
    files = [folder / "abc"[number % 3] / f"{number}.png" for number in range(COUNT)]
    files[3].write_bytes(b"")
    files[10].write_bytes(files[10].read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"1 of 24 files.*3\.png \(it is empty"):
        captions(files, EMBEDDINGS, CLASSES, size=4)
    dataset = captions(files, EMBEDDINGS, CLASSES, size=4, augment=False, cache=cache, on_error="skip")
    images, wrong, vectors = epoch(dataset)
    assert not {3, 10} & {*images, *wrong}
    assert len(images) == COUNT - 2 if cache else len(images) < COUNT - 1
    np.testing.assert_array_equal(np.argmax(vectors, axis=1) // 5, images)
    assert (CLASSES[images] != CLASSES[wrong]).all()
    assert "10.png" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"embeddings": EMBEDDINGS[:5]}, "embeddings of 5 images, and 24 images"),
        ({"embeddings": EMBEDDINGS[:, 0]}, r"\(n, captions, dim\).*\(24, 120\).*embeddings\[:, None\], average=1"),
        ({"embeddings": EMBEDDINGS * np.nan}, "`embeddings` must be finite"),
        ({"embeddings": [np.zeros((2, 3)), np.zeros((2, 4))]}, r"shapes \[\(2, 3\), \(2, 4\)\]"),
        ({"embeddings": [["a"]] * COUNT}, r"list of arrays of the shapes \[\(1,\)\]"),
        ({"average": 6}, "Expected 6 captions.*24 of 24 images"),
        ({"average": 0}, "`average`"),
        ({"labels": np.zeros(COUNT, int)}, "24 images of one class"),
        ({"labels": np.arange(3)}, r"ints of shape \(24,\).*\(3,\)"),
        ({"labels": np.linspace(0, 1, COUNT)}, "ints of shape.*astype"),
        ({"labels": ["finch"] * COUNT}, "ints of shape.*the first is .*finch.*Number the classes: .*return_inverse=True"),
        ({"labels": np.eye(COUNT)}, r"ints of shape.*labels\.argmax\(-1\)"),
        ({"labels": np.arange(COUNT)[:, None]}, r"ints of shape.*labels\[:, 0\]"),
        ({"images": IMAGES[:1], "embeddings": EMBEDDINGS[:1]}, "1 images of one class.*at least two images"),
        ({"images": (IMAGES, CLASSES)}, "`labels` apart"),
        ({"images": tf.data.Dataset.from_tensor_slices(IMAGES)}, "turn a data set into arrays"),
        ({"batch_size": 25, "drop_remainder": True}, "No batch is left"),
        ({"size": 4, "load_size": 3}, "`load_size`"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        captions(**{"images": IMAGES, "embeddings": EMBEDDINGS, **arguments})
