"""SavedModels that others published: where they lie, how they are downloaded, and the graph in them that is for inference."""

import contextlib
import glob
import hashlib
import os
import re
import socket
import sys
import tempfile

import tensorflow as tf
from google.protobuf import message as protobuf
from tensorflow.core.protobuf import saved_model_pb2

from keras_gans.utils.optional import require
from keras_gans.utils.paths import user_path

TIMEOUT = 60  # seconds without a byte


def find_saved_model(handle):
    """The folder of a SavedModel, which is downloaded if need be.

    Downloads are the packages': they show their progress on a terminal, unpack nothing outside the folder, and of two processes
    the second waits for the first. A server that sends nothing for a minute is given up.

    Args:
        handle: String: a folder; a URL of TF-Hub or Kaggle, which the package tensorflow-hub downloads, unless its cache has it;
            or Kaggle's "owner/model/framework/variation", with "/version" or without, which the package kagglehub downloads.

    Raises:
        ImportError: if the package for this is missing.
        FileNotFoundError: if the handle is none of these; if it cannot be downloaded, with the command for another machine, and
            the place for what it fetches.
        ValueError: if it is a file.
    """
    handle = os.fspath(handle)
    path = user_path(handle, "handle")
    if os.path.isdir(path):
        return path
    if os.path.isfile(path):
        remedy = f"Pass the folder that it is in, {os.path.dirname(path)!r}." if path.endswith(".pb") else "Unpack an archive."
        raise ValueError(f"Expected the folder of a SavedModel. Received: {path!r}, a file. {remedy}")
    if "://" in handle:
        return _from_tf_hub(handle)
    # (A path with a slip in it, whose first folder exists, is not Kaggle's.)
    if re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*){3,4}", handle) and not os.path.exists(handle.split("/")[0]):
        return _from_kaggle(handle)
    raise FileNotFoundError(
        f"There is no model at {handle!r}. Expected the folder of a SavedModel, a URL, or "
        '"owner/model/framework/variation" of Kaggle.'
    )


def _from_tf_hub(handle):
    cached = os.path.join(hub_cache(), hashlib.sha1(handle.encode()).hexdigest())
    if os.path.isdir(cached):
        return cached
    hub = require("tensorflow_hub", "hub", f"Loading {handle}")
    command = f'mkdir module; curl -L "{handle}?tf-hub-format=compressed" | tar -xz -C module'
    with _reported(handle, command, f"{cached} (TFHUB_CACHE_DIR says where the first folder is)"), _patient():
        return hub.resolve(handle)


def _from_kaggle(handle):
    cache = os.environ.get("KAGGLEHUB_CACHE") or os.path.join(os.path.expanduser("~"), ".cache", "kagglehub")
    cached = os.path.join(cache, "models", handle)
    if os.path.exists(os.path.join(cached, "saved_model.pb")):  # kagglehub itself asks the network whether that is all
        return cached
    kagglehub = require("kagglehub", "hub", f"Loading {handle} from Kaggle")
    command = f"python -c \"import kagglehub; print(kagglehub.model_download('{handle}'))\""
    with _reported(handle, command, cached if handle[-1].isdecimal() else f"{cached}/1, for the handle with /1 at its end"):
        return kagglehub.model_download(handle)


def hub_cache():
    """The folder where the package tensorflow-hub keeps what it has downloaded."""
    return os.environ.get("TFHUB_CACHE_DIR") or os.path.join(tempfile.gettempdir(), "tfhub_modules")


@contextlib.contextmanager
def _reported(handle, command, place):
    """Says what to do where a download fails: whatever went wrong (network, certificate, login, disk), it is the same."""
    try:
        yield
    except Exception as error:
        raise FileNotFoundError(
            f"{handle} cannot be downloaded ({error}). On a machine with a network:\n    {command}\n"
            f"Copy that folder (saved_model.pb, variables/) to this machine and pass its path; or copy it to {place}, where the "
            "handle finds it."
        ) from error


@contextlib.contextmanager
def _patient():
    """Gives up a server that falls silent, and shows the progress of tensorflow-hub on a terminal."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    shown = "TFHUB_DOWNLOAD_PROGRESS" not in os.environ and sys.stdout.isatty()
    if shown:
        os.environ["TFHUB_DOWNLOAD_PROGRESS"] = "1"
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
        if shown:
            del os.environ["TFHUB_DOWNLOAD_PROGRESS"]


def load(path):
    """What `tf.saved_model.load` makes of a folder: of the several graphs of TF-Hub's first format, the one for inference."""
    try:
        several = _is_of_first_format(path) or len(_parsed(path).meta_graphs) > 1
        return tf.saved_model.load(path, tags=[] if several else None)
    except (OSError, tf.errors.OpError, protobuf.DecodeError, IndexError) as error:
        path = os.path.abspath(path)
        if glob.has_magic(path):
            raise ValueError(
                f"TensorFlow takes [, * and ? in a path for patterns, and cannot read {path!r}. Rename the folder."
            ) from error
        raise ValueError(
            f"The SavedModel in {path!r} is incomplete or damaged: it was written, downloaded or copied in part. Copy or "
            "download it again."
        ) from error


def _parsed(path):
    with open(os.path.join(path, "saved_model.pb"), "rb") as file:
        return saved_model_pb2.SavedModel.FromString(file.read())


def _is_of_first_format(path):
    return os.path.exists(os.path.join(path, "tfhub_module.pb"))
