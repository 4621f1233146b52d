"""Writing files: the folder is made, a reader never finds half a file, and the last good one survives a full disk."""

import contextlib
import errno
import glob
import os
import re
import shutil
import tempfile
import time
import warnings
import zlib

import tensorflow as tf

from keras_gans.utils.paths import make_folder
from keras_gans.utils.paths import user_path

_WRITING, _REPLACED = ".writing-", ".replaced"  # how the names of hidden folders begin
_ABANDONED = 24 * 60 * 60  # seconds
_ATTEMPTS = 100


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
        ValueError: if `path` is the process's working directory, or a folder around it.
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
    if _holds_working_directory(path):
        raise ValueError(
            f"{path!r} is the working directory, or has it in it, and would be replaced. Name a file or folder in it: "
            f"{os.path.join(path, 'digits')!r}."
        )
    folder, name = os.path.split(path)
    make_folder(folder, path)
    with folder_beside(path, folder) as beside:
        if size is not None:
            _reserve(os.path.join(beside, "reserved"), size)
        yield os.path.join(beside, name)
        _move(beside, name, path)


def _holds_working_directory(path):
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # it was deleted
        return False
    return os.path.join(here, "").startswith(os.path.join(path, ""))


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
