"""Writing files: the folder is made, a reader never finds half a file, and the last good one survives a full disk."""

import contextlib
import errno
import glob
import json
import os
import re
import shutil
import tempfile
import time
import warnings
import zipfile
import zlib

import keras
import tensorflow as tf

from keras_gans.utils.pickles import refuse_pickle

_WRITING, _REPLACED = ".writing-", ".replaced"  # how the names of hidden folders begin
_ABANDONED = 24 * 60 * 60  # seconds
_ATTEMPTS = 100


def user_path(path, name="path", remedy="Pass a string."):
    """A path that a user gave, as a string: absolute, so that it stays the same if the working directory changes.

    "~" stands for the user's home. A path with "://" is left as it is.

    Args:
        path: String or `os.PathLike`.
        name: String, the argument's name, for the error.
        remedy: String, a sentence that ends the error.

    Raises:
        ValueError: if it is not a path, or empty.
    """
    check_path(path, name, remedy)
    path = os.path.expanduser(os.fsdecode(path))
    return path if "://" in path else os.path.abspath(path)


def check_path(path, name, remedy):
    """Raises a ValueError, which ends with the remedy, if the argument called `name` is not a path, or empty."""
    if not isinstance(path, (str, os.PathLike)):
        raise ValueError(f"`{name}` must be a path, a string. Received: {name} of type {type(path).__name__}. {remedy}")
    if not os.fspath(path):
        raise ValueError(f"`{name}` must be a path. Received: {name}={path!r}. {remedy}")


@contextlib.contextmanager
def written_beside(path, size=None):
    """A path to write a file or folder to, beside `path`. What is written there replaces `path` when the block ends.

    If the block fails, `path` is left as it was, and what was written so far is removed. A symbolic link stays one: the file
    that it leads to is replaced. A path with "://" is handed out as it is: object stores write whole objects.

    Args:
        path: Path of a file or folder, local or not. The folders on the way to it are made. The path that is handed out has the
            same name, so it has the same ending.
        size: Int, about how many bytes will be written, if that is known. Where there is no room for them, that is found out
            before anything is written. (HDF5 crashes the process where it runs out of room in the middle.) Default: not known.

    Raises:
        OSError: if there is no room for `size` bytes; if `path` cannot be written, whatever its writer raised.

    Example:

    ```python
    with keras_gans.utils.files.written_beside("runs/latest.npz") as path:
        np.savez(path, weights=np.zeros(3))
    ```
    """
    path = user_path(path)
    if "://" in path:
        yield path
        return
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    make_folder(folder, path)
    with folder_beside(path, folder) as beside:
        if size is not None:
            _reserve(os.path.join(beside, "reserved"), size)
        yield os.path.join(beside, name)
        _move(beside, name, path)


def make_folder(folder, path):
    """Makes the folder in which `path` will be written, unless it is there. Raises a NotADirectoryError if there is a file."""
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise NotADirectoryError(
            f"{path!r} could not be written: on the way to it is a file, where a folder is wanted. Choose another path, or move "
            "the file."
        ) from error


@contextlib.contextmanager
def folder_beside(path, folder):
    """A new folder inside `folder`, removed in the end, in which what will be at `path` is written, under the same name.

    Errors of what writes there name `path`, and not the new folder, of which the user knows nothing. What writers of the same
    `path` left that were killed more than a day ago is removed.
    """
    prefix = f"{_WRITING}{zlib.crc32(os.fsencode(os.path.basename(path))):08x}-"
    for left in glob.glob(os.path.join(glob.escape(folder), f"{prefix}*")):
        with contextlib.suppress(OSError):
            if time.time() - os.path.getmtime(left) > _ABANDONED and not _last_good(left, path):
                shutil.rmtree(left)
    beside = kept = None
    try:
        beside = tempfile.mkdtemp(dir=folder, prefix=prefix)
        yield beside
    except BaseException as error:
        kept = beside and _last_good(beside, path)
        if not isinstance(error, Exception):
            raise
        named = _naming(path, beside, error)
        before = f"What was there before is {kept!r}." if kept else "If it was there before, it is as it was."
        named.add_note(f"{path!r} could not be written. {before}")
        if named is error:
            raise
        raise named from error
    finally:
        if beside is not None and kept is None:
            shutil.rmtree(beside, ignore_errors=True)


def _last_good(beside, path):
    """The folder that was at `path`, if it was moved away, and nothing is there now; else None."""
    kept = glob.glob(os.path.join(glob.escape(beside), f"{_REPLACED}*"))
    return kept[0] if kept and not os.path.lexists(path) else None


def _naming(path, beside, error):
    """The error, if it names `path` or has to do with something else than files; or else one that does."""
    if isinstance(error, OSError) and error.errno is not None and error.strerror is not None:
        is_beside = error.filename is None or _WRITING in str(error.filename)
        return OSError(error.errno, error.strerror, path) if is_beside else error
    text = str(error)
    full = re.search("No space left on device|Disk quota exceeded|File too large", text)
    if isinstance(error, tf.errors.OpError) and full:  # in a text of TensorFlow's operations and temporary files
        return OSError(f"{path!r} could not be written: {full[0]}. Make room on the disk, or choose another path.")
    if beside is not None and beside in text:
        text = text.replace(os.path.join(beside, os.path.basename(path)), path).replace(beside, os.path.dirname(path))
    elif isinstance(error, OSError) and path not in text:
        text = f"{path!r} could not be written: {text}"
    else:
        return error
    if error.args == (str(error),):
        error.args = (text,)
        return error
    return OSError(text)


def _move(beside, name, path):
    """Moves what was written to its place: files that came along, such as shards of weights, first.

    A folder that is replaced is moved away before, and back where the second move fails. Of writers at the same time the last
    one wins.
    """
    written = os.path.join(beside, name)
    is_folder = os.path.isdir(written)
    if os.path.isdir(path) and not is_folder:
        raise IsADirectoryError(f"{path!r} is a folder, and would be replaced by a file. Choose another path, or remove it.")
    for other in sorted(set(os.listdir(beside)) - {name}):
        os.replace(os.path.join(beside, other), os.path.join(os.path.dirname(path), other))
    for attempt in range(_ATTEMPTS):
        replaced = os.path.join(beside, f"{_REPLACED}{attempt}")
        try:
            if is_folder and os.path.isdir(path):
                os.replace(path, replaced)
            os.replace(written, path)
            return
        except BaseException as error:
            if os.path.exists(replaced) and not os.path.lexists(path):
                with contextlib.suppress(OSError):
                    os.replace(replaced, path)
            # Another writer moved a folder to `path`, or away from it, between the two.
            overtaken = isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY)
            if not overtaken or not os.path.isdir(written) or attempt == _ATTEMPTS - 1:
                raise


def _reserve(path, size):
    """Raises an OSError if there is no room for `size` bytes at `path`: on the disk, or in a quota."""
    if not hasattr(os, "posix_fallocate"):
        if shutil.disk_usage(os.path.dirname(path)).free < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(size, 1))
    os.remove(path)


def make_output_folder(folder, what):
    """Makes a folder for what is about to be computed, or raises before that.

    Args:
        folder: Path. It may be there.
        what: String, what it is, for the error: "`output`".

    Raises:
        ValueError: if there is no folder and none can be made, or nothing can be written in it.
    """
    folder, problem = user_path(folder), None
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        problem = error.strerror or str(error)
    if problem is None and not os.access(folder, os.W_OK):
        problem = "nothing can be written in it"
    if problem is not None:
        raise _no_folder(folder, what, problem)


def check_output_folder(folder, what):
    """Raises as `make_output_folder`, and makes nothing: a ValueError if a file is where the folder would be, or above it."""
    place = folder = user_path(folder)
    if "://" in folder:
        return
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        raise _no_folder(folder, what, f"{'it' if place == folder else repr(place)} is a file")


def _no_folder(folder, what, problem):
    return ValueError(
        f"{what} must be a folder that is there, or can be made. Received: {folder!r}: {problem}. Choose another one."
    )


@contextlib.contextmanager
def warned_of(path, kept):
    """Around the writing of what was computed at some cost: where that fails, warns and goes on, so that it is not lost.

    Args:
        path: Path of the file, for the warning.
        kept: String, a sentence that says where what would be in the file is.
    """
    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "message", None) or error
        warnings.warn(f"{os.fspath(path)!r} could not be written: {reason}. {kept}", RuntimeWarning, stacklevel=4)


def append_line(path, line):
    """Adds a line to a text file, whose folder is made. On a full disk the file keeps its earlier lines and gets no half line.

    Half a line at the end, of a writer that was killed, stays a line of its own.
    """
    path = user_path(path)
    make_folder(os.path.dirname(path), path)
    with open(path, "a+b", buffering=0) as file:  # a buffer would be written again before the file is cut
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
        data = (b"\n" if size and file.read(1) != b"\n" else b"") + f"{line}\n".encode()
        try:
            while data:
                data = data[file.write(data) :]
        except OSError:
            file.truncate(size)
            raise


def check_whole(path):
    """Raises if a file that `save` or `save_weights` wrote is missing, or was written only in part.

    Args:
        path: Path of a `.keras` or `.weights.h5` file. Of others it is only asked whether they are there. Paths with "://" are
            not looked at.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is incomplete, or another archive than Keras writes, or `path` is not a path.
    """
    path = user_path(path, *_SAVED)
    if "://" in path or os.path.isdir(path):
        return
    if not os.path.exists(path):
        raise FileNotFoundError(f"There is no file {path!r}.")
    if path.endswith(".keras"):
        _check_archive(path)
    elif path.endswith(".weights.h5"):
        with open(path, "rb") as file:
            if not _is_whole_hdf5(file, os.path.getsize(path)):
                raise damaged(path)


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
        except (json.JSONDecodeError, UnicodeDecodeError, *_DAMAGE) as error:
            raise damaged(path) from error


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
    except _DAMAGE as error:  # in the middle, where the archive's own sums find it
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


_DAMAGE = (zipfile.BadZipFile, zlib.error)
_SAVED = "filepath", "Pass that of the file which was saved."
_HDF5 = b"\x89HDF\r\n\x1a\n"


def _is_whole_hdf5(file, size):
    """Whether so many bytes can hold what the HDF5 file says of its length: the end-of-file address in its superblock.

    (Of version 0 or 1, or 2 or 3, with 8-byte addresses.)
    """
    block = file.read(64)
    offset = {0: 40, 1: 44, 2: 28, 3: 28}.get(block[8] if len(block) > 8 else None)
    end = 0 if offset is None else int.from_bytes(block[offset : offset + 8], "little")
    return block.startswith(_HDF5) and size >= end
