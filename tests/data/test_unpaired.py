"""Images of two domains, which do not belong together."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import unpaired


def numbered(count, first=0):
    """Images whose gray level is their number."""
    return np.arange(first, first + count, dtype="uint8")[:, None, None, None] * np.ones((1, 4, 4, 1), "uint8")


def levels(dataset):
    """The gray levels of both domains in an epoch."""
    parts = [[np.rint((np.asarray(part)[:, 0, 0, 0] + 1) * 127.5).astype(int) for part in pair] for pair in dataset]
    return [np.concatenate(part).tolist() for part in zip(*parts, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("swapped", [False, True])
def test_an_epoch_is_as_long_as_the_larger_domain_and_the_smaller_one_repeats(swapped):
    sides = (numbered(5), numbered(13, 100))[:: -1 if swapped else 1]
    dataset = unpaired(*sides, batch_size=4, seed=0)
    assert int(dataset.cardinality()) == 4
    small, large = levels(dataset)[:: -1 if swapped else 1]
    assert sorted(large) == list(range(100, 113))
    assert sorted(small[:5]) == sorted(small[5:10]) == list(range(5))
    assert small[:5] != small[5:10]  # shuffled anew
    assert len(set(small[10:])) == 3
    assert levels(dataset)[0] != levels(dataset)[0]


@pytest.mark.slow
def test_shuffles_are_independent_though_there_is_one_seed():
    dataset = unpaired(numbered(50), numbered(50), seed=3, batch_size=10)
    first, second = levels(dataset)
    assert sorted(first) == sorted(second) == list(range(50))
    assert np.mean(np.array(first) == second) < 0.2
    again = unpaired(numbered(50), numbered(50), seed=3, batch_size=10)
    assert levels(again) == [first, second]
    assert levels(again) == levels(dataset)  # of the second epoch


@pytest.mark.slow
def test_crops_and_mirrors_are_independent():
    image = np.random.default_rng(0).integers(0, 256, (1, 12, 12, 3)).astype("uint8").repeat(40, 0)
    a, b = next(iter(unpaired(image, image, size=10, load_size=12, batch_size=40, seed=1)))
    assert a.shape == b.shape == (40, 10, 10, 3)
    equal = np.isclose(a, b, atol=1e-5).all(axis=(1, 2, 3))
    assert equal.mean() < 0.3  # 1/18 of them by chance
    a, b = next(iter(unpaired(image, image, size=10, augment=False, batch_size=40)))
    np.testing.assert_array_equal(a, b)


@pytest.mark.slow
def test_sizes_and_channels_of_the_domains_may_differ():
    a, b = np.zeros((3, 20, 20, 3), "uint8"), np.zeros((3, 8, 10), "uint8")
    shapes = [spec.shape[1:] for spec in unpaired(a, b).element_spec]
    assert shapes == [(20, 20, 3), (8, 10, 1)]
    shapes = [spec.shape[1:] for spec in unpaired(a, b, size=((6, 7), (8, 8)), channels=(1, 3)).element_spec]
    assert shapes == [(6, 7, 1), (8, 8, 3)]
    assert next(iter(unpaired(a, b, size=6, channels=3)))[1].shape == (1, 6, 6, 3)
    with pytest.raises(ValueError, match=r"`size`.*size=0"):
        unpaired(a, b, size=((6, 7), 0))
    with pytest.raises(ValueError, match=r"`load_size` must be at least the size \(8, 8\)"):
        unpaired(a, b, size=((6, 6), (8, 8)), load_size=7)


@pytest.fixture
def folder(tmp_path):
    for name, count in {"trainA": 3, "trainB": 5, "testA": 1, "testB": 2}.items():
        (tmp_path / name).mkdir()
        for number, image in enumerate(numbered(count, 10 * count)):
            Image.fromarray(image[..., 0]).save(tmp_path / name / f"{number}.{'png' if name[-1] == 'A' else 'bmp'}")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("cache", [True, False])
def test_a_folder_of_both_domains(folder, capsys, cache):
    (folder / "trainA" / "notes.txt").write_text("")
    dataset = unpaired(folder, size=4, augment=False, cache=cache)
    assert capsys.readouterr().out == "a: 3 images; 1 file left out: 1 .txt\nb: 5 images\n"
    assert int(dataset.cardinality()) == 5
    a, b = levels(dataset)
    assert sorted(a[:3]) == [30, 31, 32]
    assert sorted(b) == list(range(50, 55))
    assert [sorted(part) for part in levels(unpaired(folder, size=4, split="test", verbose=False))] == [[10, 10], [20, 21]]
    assert [len(part) for part in levels(unpaired(folder / "trainA", str(folder / "testA"), size=4))] == [3, 3]
    with pytest.raises(ValueError, match=r"\['valA', 'valB'\].*\['testA', 'testB', 'trainA', 'trainB'\]"):
        unpaired(folder, size=4, split="val")


@pytest.mark.slow
def test_broken_files_are_named_or_skipped(folder):
    (folder / "trainB" / "9.png").write_bytes(b"<html>")
    with pytest.raises(ValueError, match=r"1 of 6 files.*9\.png"):
        unpaired(folder, size=4)
    path = folder / "trainB" / "1.bmp"
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(ValueError, match=r"9\.png"):
        unpaired(folder, size=4)
    assert sorted(levels(unpaired(folder, size=4, augment=False, on_error="skip"))[1]) == [50, 52, 53, 54]


@pytest.mark.slow
def test_splits_of_tfds(monkeypatch):
    tfds = pytest.importorskip("tensorflow_datasets")
    features = tfds.features.FeaturesDict({"image": tfds.features.Image(), "label": tfds.features.ClassLabel(num_classes=2)})
    sizes = {"trainA": 3, "trainB": 5, "testA": 1, "testB": 2, "train": 4}

    def load(name, split, data_dir, with_info):
        assert name in ("cycle_gan/horse2zebra", "mnist")
        elements = {"image": numbered(sizes[split]), "label": np.zeros(sizes[split], "int64")}
        return tf.data.Dataset.from_tensor_slices(elements), type("Info", (), {"features": features})

    monkeypatch.setattr(tfds, "load", load)
    dataset = unpaired("tfds:cycle_gan/horse2zebra", size=4, augment=False)
    assert int(dataset.cardinality()) == 5
    assert sorted(levels(dataset)[1]) == list(range(5))
    assert sorted(levels(unpaired("tfds:cycle_gan/horse2zebra", split="test"))[1]) == [0, 1]
    assert int(unpaired("tfds:mnist", numbered(9)).cardinality()) == 9


@pytest.mark.slow
def test_a_builder_of_tfds(tmp_path):
    tfds = pytest.importorskip("tensorflow_datasets")
    features = tfds.features.FeaturesDict({"image": tfds.features.Image(shape=(4, 4, 1))})
    examples = [(number, {"image": image}) for number, image in enumerate(numbered(5))]
    splits = {"trainA": examples[:3], "trainB": examples}
    tfds.dataset_builders.store_as_tfds_dataset(
        name="small_cycle", version="1.0.0", features=features, split_datasets=splits, data_dir=str(tmp_path)
    )
    a, b = levels(unpaired("tfds:small_cycle", data_dir=str(tmp_path), batch_size=2))
    assert sorted(a[:3]) == [0, 1, 2]
    assert sorted(b) == list(range(5))


def test_data_sets():
    dataset = tf.data.Dataset.from_tensor_slices((numbered(3), np.arange(3)))
    a, b = levels(unpaired(dataset, numbered(4)))
    assert (sorted(a[:3]), sorted(b)) == ([0, 1, 2], [0, 1, 2, 3])
    endless = tf.data.Dataset.from_generator(lambda: numbered(3), output_signature=tf.TensorSpec((4, 4, 1), "uint8"))
    with pytest.raises(ValueError, match="length.*`b`.*assert_cardinality"):
        unpaired(dataset, endless)


def test_without_shuffle_epochs_are_alike():
    dataset = unpaired(numbered(4), numbered(4, 10), shuffle=False, flip=False)
    for _ in range(2):
        assert levels(dataset) == [[0, 1, 2, 3], [10, 11, 12, 13]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"a": numbered(3)}, "two domains, or a folder of both.*ndarray"),
        ({"a": numbered(3), "b": (numbered(3), np.arange(3))}, "without labels"),
        ({"a": numbered(3), "b": numbered(3), "split": "test"}, "`split` is for folders"),
        ({"a": numbered(3), "b": numbered(3), "flip": 1}, "`flip`"),
        ({"a": numbered(3), "b": numbered(3), "batch_size": 4, "drop_remainder": True}, "No batch is left"),
        ({"a": "nowhere", "size": 4}, "There is no folder '.*nowhere'"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        unpaired(**arguments)
