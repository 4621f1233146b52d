"""Existing splits of data: "train" and "test" of TFDS, or subfolders with these names."""

import os

from keras_gans.data.check_arguments import check_data_dir
from keras_gans.utils.optional import require
from keras_gans.utils.paths import user_path


def is_tfds(source):
    """Whether a source is "tfds:NAME"."""
    return isinstance(source, str) and source.startswith("tfds:")


def tfds_split(source, split, data_dir):
    """A split of a data set of TFDS, and its features.

    Args:
        source: "tfds:NAME".
        split: String.
        data_dir: Folder, or None.

    Returns:
        `tf.data.Dataset`, and a mapping of the keys of its elements to features.

    Raises:
        ValueError: if `source` names no data set, `split` is not one split, or `data_dir` not a path.
        ImportError: if tensorflow_datasets is missing.
    """
    if source == "tfds:":
        raise ValueError('Expected the name of a data set of TFDS, such as "tfds:mnist". Received: "tfds:"')
    check_data_dir(data_dir)
    tfds = require("tensorflow_datasets", "datasets", f"Loading {source!r}")
    if not isinstance(split, str) or not split:
        raise ValueError(f'`split` must be one split, such as "train" or "train[:10%]". Received: split={split!r}')
    dataset, info = tfds.load(source.removeprefix("tfds:"), split=split, data_dir=data_dir, with_info=True)
    return dataset, info.features if isinstance(dataset.element_spec, dict) else {}


def image_keys(features):
    """The keys of features of TFDS that are images."""
    tfds = require("tensorflow_datasets", "datasets", "Loading from TFDS")
    return [key for key in features if isinstance(features[key], tfds.features.Image)]


def split_of(source, split, data_dir):
    """The data set of a split of "tfds:NAME", the folder of a split of a folder; anything else as it is."""
    if is_tfds(source):
        return tfds_split(source, split or "train", data_dir)[0]
    return split_folder(source, split) if isinstance(source, (str, bytes, os.PathLike)) else source


def split_folder(path, split):
    """The subfolder of a split: of "train" by default, if there is one; else the folder itself.

    Raises:
        ValueError: if there is no subfolder of a split that was asked for.
    """
    path = user_path(os.fsdecode(path))
    inside = os.path.join(path, split or "train")
    if os.path.isdir(inside):
        return inside
    if split is not None:
        raise ValueError(f"{path!r} has no folder {split!r}. {folders_inside(path)} Pass one of them as `split`, or none.")
    return path


def folders_inside(path):
    """A sentence that says which folders are inside a folder."""
    names = sorted(entry.name for entry in os.scandir(path) if entry.is_dir()) if os.path.isdir(path) else []
    return f"Received a folder with the folders {names}." if names else "Received a folder without folders in it."


def check_split(split, *sources):
    """Raises a ValueError if `split` is neither None nor a string, or if none of the sources has splits."""
    if split is None:
        return
    if not isinstance(split, str) or not split:
        raise ValueError(f'`split` must be a string, such as "train" or "test". Received: split={split!r}')
    if not any(isinstance(source, (str, bytes, os.PathLike)) for source in sources):
        raise ValueError(f'`split` is for folders and "tfds:NAME". Received: split={split!r}. Split other data yourself.')
