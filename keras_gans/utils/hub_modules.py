"""SavedModels that others published: where they lie, and the graph in them that is for inference."""

import hashlib
import os
import re
import tempfile

import tensorflow as tf

from keras_gans.utils.optional import require


def find_saved_model(handle):
    """The folder of a SavedModel, which is downloaded if need be.

    Args:
        handle: String: a folder; a URL of TF-Hub or Kaggle, which the package tensorflow-hub downloads, unless its cache has it;
            or Kaggle's "owner/model/framework/variation", with "/version" or without, which the package kagglehub downloads.

    Raises:
        ImportError: if the package for this is missing.
        FileNotFoundError: if it cannot be downloaded, with the place for a copy that comes another way.
        ValueError: if the handle is none of these.
    """
    handle = os.fspath(handle)
    if os.path.isdir(handle):
        return handle
    if "://" in handle:
        cached = os.path.join(hub_cache(), hashlib.sha1(handle.encode()).hexdigest())
        if os.path.isdir(cached):
            return cached
        hub = require("tensorflow_hub", "hub", f"Loading {handle}")
        return _downloaded(hub.resolve, handle, f"the folder {cached} (or under TFHUB_CACHE_DIR, same name), or in any")
    if re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*){3,4}", handle):
        kagglehub = require("kagglehub", "hub", f"Loading {handle} from Kaggle")
        return _downloaded(kagglehub.model_download, handle, "any")
    raise ValueError(f'Expected a folder, a URL, or Kaggle\'s "owner/model/framework/variation". Received: {handle!r}')


def hub_cache():
    """The folder where the package tensorflow-hub keeps what it has downloaded."""
    return os.environ.get("TFHUB_CACHE_DIR") or os.path.join(tempfile.gettempdir(), "tfhub_modules")


def _downloaded(download, handle, place):
    # Whatever went wrong (network, certificate, login, disk), the remedy is the same.
    try:
        return download(handle)
    except Exception as error:
        raise FileNotFoundError(
            f"{handle} cannot be downloaded ({error}). Download it on another machine, unpack it (saved_model.pb, variables/) in "
            f"{place} folder, whose path you then pass instead."
        ) from error


def load(path):
    """What `tf.saved_model.load` makes of a folder: of the several graphs of TF-Hub's first format, the one for inference."""
    first_format = os.path.exists(os.path.join(path, "tfhub_module.pb"))
    return tf.saved_model.load(path, tags=[] if first_format else None)
