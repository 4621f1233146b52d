"""Writing files: the folder is made, a reader never finds half a file, and the last good one survives a full disk."""

import contextlib
import os
import tempfile


@contextlib.contextmanager
def written_beside(path):
    """A path to write a file or folder to, beside `path`. What is written there replaces `path` when the block ends.

    If the block fails, `path` is left as it was, and what was written so far is removed. A symbolic link stays one: the file
    that it leads to is replaced. A path with "://" is handed out as it is: object stores write whole objects.

    Args:
        path: Path of a file or folder, local or not. The folders on the way to it are made. The path that is handed out has the
            same name, so it has the same ending.

    Example:

    ```python
    with keras_gans.utils.files.written_beside("runs/latest.npz") as path:
        np.savez(path, weights=np.zeros(3))
    ```
    """
    path = os.fspath(path)
    if "://" in path:
        yield path
        return
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as beside:
        yield os.path.join(beside, name)
        if os.path.isdir(path):
            os.replace(path, os.path.join(beside, f"{name}-replaced"))
        os.replace(os.path.join(beside, name), path)


def append_line(path, line):
    """Adds a line to a text file, whose folder is made. On a full disk the file keeps its earlier lines and gets no half line."""
    path = os.path.abspath(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "ab") as file:
        size = file.tell()
        try:
            file.write(f"{line}\n".encode())
            file.flush()
        except OSError:
            file.truncate(size)
            raise
