"""Writing files: the folder is made, a reader never finds half a file, and the last good one survives a full disk."""

import contextlib
import errno
import os
import shutil
import tempfile
import warnings
import zipfile
import zlib

import keras

from keras_gans.utils.pickles import refuse_pickle


def in_home(path):
    """A path as a string, whose "~" stands for the user's home, wherever files are read and written."""
    return os.path.expanduser(os.fspath(path))


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
    path = in_home(path)
    if "://" in path:
        yield path
        return
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise NotADirectoryError(
            f"{path!r} could not be written: on the way to it is a file, where a folder is wanted. Choose another path, or move "
            "the file."
        ) from error
    with folder_beside(path, folder) as beside:
        if size is not None:
            _reserve(os.path.join(beside, "reserved"), size)
        yield os.path.join(beside, name)
        _move(beside, name, path)


@contextlib.contextmanager
def folder_beside(path, folder):
    """A new folder inside `folder`, removed in the end, in which what will be at `path` is written, under the same name.

    Errors of what writes there name `path`, and not the new folder, of which the user knows nothing.
    """
    beside = None
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as beside:
            yield beside
    except Exception as error:
        named = _naming(path, beside, error)
        named.add_note(f"{path!r} could not be written. If it was there before, it is as it was.")
        if named is error:
            raise
        raise named from error


def _naming(path, beside, error):
    """The error, if it names `path` or has to do with something else than files; or else one that does."""
    if isinstance(error, OSError) and error.errno is not None and error.strerror is not None:
        is_beside = error.filename is None or ".writing-" in str(error.filename)
        return OSError(error.errno, error.strerror, path) if is_beside else error
    text = str(error)
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
    """Moves what was written to its place: files that came along, such as shards of weights, first."""
    written = os.path.join(beside, name)
    if os.path.isdir(path):
        if not os.path.isdir(written):
            raise IsADirectoryError(f"{path!r} is a folder, and would be replaced by a file. Choose another path, or remove it.")
        os.replace(path, os.path.join(beside, ".replaced"))
    for other in sorted(set(os.listdir(beside)) - {name, ".replaced"}):
        os.replace(os.path.join(beside, other), os.path.join(os.path.dirname(path), other))
    os.replace(written, path)


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
    folder, problem = in_home(folder), None
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        problem = error.strerror or str(error)
    if problem is None and not os.access(folder, os.W_OK):
        problem = "nothing can be written in it"
    if problem is not None:
        raise ValueError(
            f"{what} must be a folder that is there, or can be made. Received: {os.fspath(folder)!r}: {problem}. Choose "
            "another one."
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
    except OSError as error:
        reason = error.strerror or error
        warnings.warn(f"{os.fspath(path)!r} could not be written: {reason}. {kept}", RuntimeWarning, stacklevel=4)


def append_line(path, line):
    """Adds a line to a text file, whose folder is made. On a full disk the file keeps its earlier lines and gets no half line."""
    path = os.path.abspath(in_home(path))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = f"{line}\n".encode()
    with open(path, "ab", buffering=0) as file:  # a buffer would be written again before the file is cut
        size = file.tell()
        try:
            while data:
                data = data[file.write(data) :]
        except OSError:
            file.truncate(size)
            raise


def check_path(filepath, remedy):
    """Raises a ValueError, which ends with the remedy, if `filepath` is not a path."""
    if not isinstance(filepath, (str, os.PathLike)):
        raise ValueError(f"`filepath` must be a path, a string. Received: filepath of type {type(filepath).__name__}. {remedy}")


def check_whole(path):
    """Raises if a file that `save` or `save_weights` wrote is missing, or was written only in part.

    Args:
        path: Path of a `.keras` or `.weights.h5` file. Others, and paths with "://", are not looked at.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is incomplete, or `path` is not a path.
    """
    check_path(path, "Pass that of the file which was saved.")
    path = in_home(path)
    if "://" in path or not path.endswith((".keras", ".weights.h5")) or os.path.isdir(path):
        return
    if not os.path.exists(path):
        raise FileNotFoundError(f"There is no file {path!r}.")
    with open(path, "rb") as file:
        start = file.read(8)
    # HDF5's superblock says how long the file must be.
    whole = zipfile.is_zipfile(path) if path.endswith(".keras") else start == _HDF5 and os.path.getsize(path) >= _hdf5_end(path)
    if not whole:
        raise _damaged(path)


def load_checked(path, **arguments):
    """`keras.saving.load_model` of a file that is whole.

    Raises:
        FileNotFoundError, ValueError: as `check_whole`, where the bytes are not those that were written, and for a pickle.
    """
    check_path(path, "Pass that of the file which was saved.")
    refuse_pickle(path)
    path = in_home(path)
    if path.endswith(".weights.h5"):
        raise ValueError(
            f"{path!r} has weights alone, and no model. Build the model as it was, and read them with model.load_weights(path)."
        )
    if os.path.exists(os.path.join(path, "saved_model.pb")):
        raise ValueError(f"{os.fspath(path)!r} is an export, a SavedModel. Load it with keras_gans.hub.load.")
    check_whole(path)
    try:
        return keras.saving.load_model(path, **arguments)
    except (zipfile.BadZipFile, zlib.error) as error:  # in the middle, where the archive's own sums find it
        raise _damaged(path) from error


def _damaged(path):
    folder, name = os.path.split(os.fspath(path))
    remedy = "Go back to another checkpoint, or copy it again."
    if name == "latest.weights.h5" and os.path.exists(os.path.join(folder, "training_metadata.json")):
        remedy = (
            f"It is a backup of BackupAndRestore: delete the folder {folder!r} to begin anew, or from another checkpoint, which "
            "`load_weights` reads."
        )
    return ValueError(
        f"The file {os.fspath(path)!r} is incomplete or damaged: it was written or copied in part, "
        f"{os.path.getsize(path):,} bytes. {remedy}"
    )


_HDF5 = b"\x89HDF\r\n\x1a\n"


def _hdf5_end(path):
    """The end-of-file address in an HDF5 superblock, of version 0 or 1, or of version 2 or 3, with 8-byte addresses."""
    with open(path, "rb") as file:
        block = file.read(64)
    offset = {0: 40, 1: 44, 2: 28, 3: 28}.get(block[8] if len(block) > 8 else None)
    return 0 if offset is None else int.from_bytes(block[offset : offset + 8], "little")
