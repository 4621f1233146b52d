"""Pipelines of images in [-1, 1]."""

import os

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import images


def pictures(count=10, size=6, channels=3, seed=0):
    shape = (count, size, size, channels) if channels else (count, size, size)
    return np.random.default_rng(seed).integers(0, 256, shape).astype("uint8")


def collect(dataset):
    return np.concatenate([np.asarray(batch[0] if isinstance(batch, tuple) else batch) for batch in dataset])


def test_uint8_is_scaled():
    x = pictures()
    dataset = images(x, batch_size=4, shuffle=False)
    np.testing.assert_allclose(collect(dataset), x / 127.5 - 1, atol=1e-6)
    assert dataset.element_spec.dtype == tf.float32
    assert [len(batch) for batch in dataset] == [4, 4, 2]
    assert [len(batch) for batch in images(x, batch_size=4, drop_remainder=True)] == [4, 4]
    assert int(dataset.cardinality()) == 3


def test_floats_stay_and_grey_images_get_a_channel():
    x = pictures(channels=0) / 127.5 - 1
    np.testing.assert_allclose(collect(images(x, shuffle=False)), x[..., None], atol=1e-6)


def test_labels_follow_their_images():
    x = np.arange(20, dtype="uint8")[:, None, None, None] * np.ones((1, 4, 4, 1), "uint8")
    for batch, labels in images((x, np.arange(20)), batch_size=7, seed=1, flip=True, size=2):
        np.testing.assert_allclose(batch[:, 0, 0, 0], labels.numpy() / 127.5 - 1, atol=1e-6)


def test_the_seed_fixes_order_and_flips():
    x = pictures(50)
    runs = [[collect(dataset) for _ in range(2)] for dataset in (images(x, seed=3, flip=True), images(x, seed=3, flip=True))]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0][0], runs[0][1])  # another order in the second epoch


@pytest.mark.parametrize("labels", [None, {"kind": np.arange(50), "pose": np.eye(50)}])
@pytest.mark.parametrize("shuffle", [True, 7])
def test_what_is_not_kept_has_the_batches_of_what_is(labels, shuffle):
    x = pictures(50)
    runs = []
    for cache in (True, False):
        source = x if labels is None else (x, labels)
        dataset = images(source, size=5, batch_size=8, seed=3, flip=True, shuffle=shuffle, cache=cache)
        assert int(dataset.cardinality()) == 7
        runs.append([tf.nest.map_structure(np.asarray, list(dataset)) for _ in range(2)])
    tf.nest.map_structure(np.testing.assert_array_equal, *runs)


def test_arrays_that_are_not_kept_are_not_copied(tmp_path):
    np.save(tmp_path / "x.npy", pictures())
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r+")
    datasets = [images(mapped, cache=False, shuffle=False), images(mapped, channels=1, cache=False, shuffle=False)]
    mapped[:] = 255  # shows what is read now
    for dataset, channels in zip(datasets, (3, 1), strict=True):
        np.testing.assert_array_equal(collect(dataset), np.ones((10, 6, 6, channels)))


@pytest.mark.parametrize("shuffle", [True, False])
def test_iterators_over_arrays_that_are_not_kept_are_saved(tmp_path, shuffle):
    iterator = iter(images(pictures(), batch_size=4, cache=False, shuffle=shuffle, seed=0))
    next(iterator)
    saved = tf.train.Checkpoint(iterator=iterator)
    path = saved.save(tmp_path / "at")
    (expected, _), _ = (next(iterator), next(iterator)), saved.restore(path)
    np.testing.assert_array_equal(next(iterator), expected)


def test_flips_are_mirror_images_half_of_the_time():
    x = pictures(400, 4, 1)
    got = collect(images(x, shuffle=False, flip=True, seed=0))
    straight = np.isclose(got, x / 127.5 - 1, atol=1e-6).all(axis=(1, 2, 3))
    mirrored = np.isclose(got, x[:, :, ::-1] / 127.5 - 1, atol=1e-6).all(axis=(1, 2, 3))
    assert (straight | mirrored).all()
    assert 0.4 < mirrored.mean() < 0.6


def test_resizing_is_antialiased_as_pillow_does():
    x = pictures(3, 32)
    got = collect(images(x, size=8, shuffle=False))
    expected = np.stack([np.asarray(Image.fromarray(image).resize((8, 8), Image.BILINEAR)) for image in x])
    np.testing.assert_allclose(got, expected / 127.5 - 1, atol=2.1 / 127.5)
    checkers = np.indices((32, 32)).sum(0)[None, ..., None] % 2 * np.uint8(255)
    assert np.abs(collect(images(checkers.astype("uint8"), size=8))).max() < 0.1  # grey, not stripes


def test_resizing_crops_to_the_aspect_ratio():
    x = np.zeros((1, 8, 16, 1), "uint8")
    x[:, :, 4:12] = 255
    np.testing.assert_allclose(collect(images(x, size=8)), 1.0)
    assert collect(images(x, size=(4, 8))).shape == (1, 4, 8, 1)


@pytest.mark.parametrize("keys", ["x", "pair", "dict", "image"])
def test_data_sets(keys):
    x, y = pictures(), np.arange(10)
    element = {"x": x, "pair": (x, y), "dict": {"image": x, "label": y}, "image": {"image": x}}[keys]
    dataset = images(tf.data.Dataset.from_tensor_slices(element), batch_size=5, shuffle=False, size=3)
    assert isinstance(dataset.element_spec, tuple) == (keys in ("pair", "dict"))
    assert collect(dataset).shape == (10, 3, 3, 3)


@pytest.mark.slow
def test_a_folder(tmp_path):
    x = pictures(6)
    for index, image in enumerate(x):
        folder = tmp_path / ["cats", "dogs"][index % 2]
        folder.mkdir(exist_ok=True)
        Image.fromarray(image).save(folder / f"{index}.png")
    (tmp_path / "cats" / "notes.txt").write_text("not an image")
    dataset = images(tmp_path, size=6, batch_size=6, shuffle=False)
    batch, labels = next(iter(dataset))
    np.testing.assert_array_equal(labels, [0, 0, 0, 1, 1, 1])
    np.testing.assert_allclose(batch, x[[0, 2, 4, 1, 3, 5]] / 127.5 - 1, atol=1e-6)
    flat = images(os.fspath(tmp_path / "dogs"), size=4, channels=1)
    assert collect(flat).shape == (3, 4, 4, 1)


@pytest.mark.slow
def test_tfds(monkeypatch):
    tfds = pytest.importorskip("tensorflow_datasets")
    from keras_gans.data import load

    with tfds.testing.mock_data(num_examples=12):
        batch, labels = next(iter(load("tfds:mnist", size=32, batch_size=5)))
        assert batch.shape == (5, 32, 32, 1)
        assert -1 <= np.min(batch) < np.max(batch) <= 1
        assert labels.shape == (5,)
        assert next(iter(load("tfds:cifar10", batch_size=5, labels=False))).shape == (5, 32, 32, 3)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (np.full((2, 4, 4, 1), 200.0), r"floats in \[-1, 1\].*200"),
        (np.zeros((2, 4, 4, 1), "int64"), "must be uint8"),
        (np.zeros((2, 4)), "Expected an array of images"),
        (np.zeros((0, 4, 4, 1)), "Expected an array of images"),
        (tf.data.Dataset.from_tensor_slices(np.zeros((2, 4, 4, 1))).batch(2), "unbatch"),
        (tf.data.Dataset.from_tensor_slices({"pixels": np.zeros((2, 4, 4, 1))}), '"image".*pixels'),
    ],
)
def test_bad_sources(source, message):
    with pytest.raises(ValueError, match=message):
        images(source)


def test_bad_folders(tmp_path):
    with pytest.raises(ValueError, match="No images"):
        images(tmp_path, size=8)
    Image.fromarray(pictures()[0]).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="needs `size`"):
        images(tmp_path)


def test_a_list_of_images_and_grey_images_with_alpha(tmp_path):
    x = pictures(3)
    np.testing.assert_allclose(collect(images(list(x), shuffle=False)), x / 127.5 - 1, atol=1e-6)
    Image.fromarray(x[0]).convert("LA").save(tmp_path / "a.png")
    assert collect(images(tmp_path, size=6)).shape == (1, 6, 6, 1)


def test_integers_of_a_data_set():
    with pytest.raises(ValueError, match="int32"):
        images(tf.data.Dataset.from_tensor_slices(pictures().astype("int32")))


def test_masked_values_are_refused():
    pixels = np.ma.masked_greater(np.arange(4 * 4 * 4, dtype="uint8").reshape(4, 4, 4, 1), 55)
    with pytest.raises(ValueError, match="The images have masked values, in 1 of 4 examples; the first is example 3. Fill them"):
        images(pixels, batch_size=2)
    with pytest.raises(ValueError, match="The labels have masked values, in 2 of 4 examples; the first is example 0"):
        images((pixels.data, np.ma.masked_less([0, 1, 2, 3], 2)), batch_size=2)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("several", [False, True])
def test_labels_of_a_data_set_that_are_not_finite(dtype, several):
    x, labels = np.zeros((4, 4, 4, 1), dtype), np.float32([0, 1, np.nan, 3])
    labels = {"age": labels, "number": np.arange(4)} if several else labels
    dataset = images(
        tf.data.Dataset.from_tensor_slices({"image": x, "label": labels}), batch_size=1, shuffle=False, verbose=False
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match="Labels of a data set must be finite"):
        list(dataset)
    assert len(list(dataset.take(2))) == 2
