"""SavedModels that networks are published as: where they lie, and how they are called."""

import hashlib
import os
import re
import tempfile

import numpy as np
import tensorflow as tf

from keras_gans.metrics.features.extractor import fingerprint
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


def load_saved_model(path):
    """A function of one batch of images, whatever form the SavedModel has: callable, TF-Hub's first one, or Keras' export."""
    # TF-Hub's first format has several graphs; the one without tags is for inference.
    first_format = os.path.exists(os.path.join(path, "tfhub_module.pb"))
    loaded = tf.saved_model.load(path, tags=[] if first_format else None)
    if callable(loaded):
        return loaded
    names = [name for name in ("default", "serving_default") if name in loaded.signatures]
    if not names:
        raise ValueError(f"The SavedModel in {path} is not callable, and has no default signature.")
    signature = loaded.signatures[names[0]]
    (name,) = signature.structured_input_signature[1]

    def call(images):
        return signature(**{name: images})

    call.loaded = loaded  # owns the variables
    return call


def saved_model_fingerprint(path):
    """Twelve digits of the files that hold a SavedModel's graph and weights."""
    files = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
    wanted = [name for name in files if os.path.basename(name).startswith(("saved_model.pb", "variables."))]
    return fingerprint(np.fromfile(name, np.uint8) for name in sorted(wanted))


def arrays_of(function):
    """All weights of a `tf.ConcreteFunction`, as NumPy arrays: variables, captured constants, and constants of a frozen graph."""
    found = [variable.numpy() for variable in function.graph.variables]
    found += [tensor.numpy() for tensor in function.captured_inputs if tensor.dtype.is_floating]
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(node for inner in graph.library.function for node in inner.node_def)]
    tensors = (node.attr["value"].tensor for node in nodes if node.op == "Const")
    return found + [tf.make_ndarray(tensor) for tensor in tensors if tf.as_dtype(tensor.dtype).is_floating]
