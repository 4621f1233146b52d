"""Files that Keras saved: whether they are whole, and what they are, before they are loaded."""

import json
import os
import re
import zipfile
import zlib

import h5py
import keras

from keras_gans.utils.paths import user_path
from keras_gans.utils.pickles import refuse_pickle

DAMAGE = zipfile.BadZipFile, zlib.error  # what archives raise of bytes that are not those that were written
_SAVED = "filepath", "Pass that of the file which was saved."
_HDF5 = b"\x89HDF\r\n\x1a\n"


def check_whole(path):
    """Raises if a file that `save` or `save_weights` wrote is missing, or was written only in part.

    Args:
        path: Path of a `.keras` or `.weights.h5` file. Of others it is only asked whether they are there. Paths with "://" are
            not looked at.

    Returns:
        The path, absolute: see `user_path`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is incomplete, or another archive than Keras writes, or `path` is not a path.
    """
    path = user_path(path, *_SAVED)
    if "://" in path or os.path.isdir(path):
        return path
    if not os.path.exists(path):
        raise FileNotFoundError(f"There is no file {path!r}.")
    if path.endswith(".keras"):
        _check_archive(path)
    elif path.endswith(".weights.h5"):
        with open(path, "rb") as file:
            if not _is_whole_hdf5(file, os.path.getsize(path)):
                raise damaged(path)
    return path


def _check_archive(path):
    if not zipfile.is_zipfile(path):
        raise damaged(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "config.json" not in names:
            raise ValueError(
                f"The file {path!r} is an archive that Keras did not write. Expected: one with config.json in it, and not in a "
                f"folder. Received: {', '.join(names[:5]) or 'an empty one'}{', ...' if len(names) > 5 else ''}. Pass the file "
                "that `save` wrote; one that was unpacked is packed again with config.json at the top."
            )
        try:
            json.loads(archive.read("config.json"))
            for name in {"model.weights.h5"}.intersection(names):
                with archive.open(name) as file:
                    if not _is_whole_hdf5(file, archive.getinfo(name).file_size):
                        raise damaged(path)
        except (json.JSONDecodeError, UnicodeDecodeError, *DAMAGE) as error:
            raise damaged(path) from error


def holds_optimizers(path):
    """Whether a file of `save_weights` has the state of optimizers. Of others than HDF5, and files in several parts: False."""
    if not path.endswith(".weights.h5"):
        return False
    with h5py.File(path) as file:
        return any(name.endswith("optimizer") for name in file)


def load_checked(path, **arguments):
    """`keras.saving.load_model` of a file that is whole.

    Raises:
        FileNotFoundError, ValueError: as `check_whole`; where the bytes are not those that were written; for a pickle, and what
            else Keras did not save; if a class or function is not known here.
    """
    path = user_path(path, *_SAVED)
    refuse_pickle(path)
    if path.endswith(".weights.h5"):
        raise ValueError(
            f"{path!r} has weights alone, and no model. Build the model as it was, and read them with model.load_weights(path)."
        )
    if os.path.basename(path) == "saved_model.pb" or os.path.exists(os.path.join(path, "saved_model.pb")):
        raise ValueError(f"{path!r} is an export, a SavedModel. Load its folder with keras_gans.hub.load.")
    check_whole(path)
    try:
        return keras.saving.load_model(path, **arguments)
    except DAMAGE as error:  # in the middle, where the archive's own sums find it
        raise damaged(path) from error
    except ValueError as error:
        if "File format not supported" not in str(error):
            raise
        raise ValueError(f"{path!r} is not a model that Keras saved. Expected: a `.keras` file, as `gan.save` writes.") from error
    except TypeError as error:
        unknown = re.search(r"Could not locate (\w+) '([^']*)'", str(error))
        if not unknown:
            raise
        raise ValueError(
            f"The file {path!r} holds the {unknown[1]} {unknown[2]!r}, which is not known here. Import the module that defines "
            f"it, or pass custom_objects={{{unknown[2]!r}: ...}}."
        ) from error


def damaged(path):
    """The ValueError of a file that was written or copied in part."""
    folder, name = os.path.split(path)
    remedy = "Go back to another checkpoint, or copy it again."
    if name == "latest.weights.h5" and os.path.exists(os.path.join(folder, "training_metadata.json")):
        remedy = (
            f"It is a backup of BackupAndRestore: delete the folder {folder!r} to begin anew, or from another checkpoint, which "
            f"`load_weights` reads.{earlier_backup(folder)}"
        )
    return ValueError(
        f"The file {path!r} is incomplete or damaged: it was written or copied in part, {os.path.getsize(path):,} bytes. {remedy}"
    )


def earlier_backup(folder):
    """A sentence, after a space, that says how to go back to the backup that `double_checkpoint=True` kept; "" without."""
    names = [f"{name}.bkp" for name in ("latest.weights.h5", "training_metadata.json")]
    if not all(os.path.exists(os.path.join(folder, name)) for name in names):
        return ""
    return f" Or go back to the one before: rename {' and '.join(names)}, without .bkp."


def _is_whole_hdf5(file, size):
    """Whether so many bytes can hold what the HDF5 file says of its length: the end-of-file address in its superblock.

    (Of version 0 or 1, or 2 or 3, with 8-byte addresses.)
    """
    block = file.read(64)
    offset = {0: 40, 1: 44, 2: 28, 3: 28}.get(block[8] if len(block) > 8 else None)
    end = 0 if offset is None else int.from_bytes(block[offset : offset + 8], "little")
    return block.startswith(_HDF5) and size >= end
