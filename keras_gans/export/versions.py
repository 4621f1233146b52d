"""Folders of versions, `<name>/1`, `<name>/2`, ..., as servers watch them."""

import errno
import os

from keras_gans.utils.files import folder_beside
from keras_gans.utils.paths import make_folder
from keras_gans.utils.paths import user_path


def write_next_version(folder, write):
    """Writes a folder as the next version: the greatest that is there, plus 1.

    It is written beside, and moved when complete. Concurrent writers get different versions: a folder is only moved to a place
    where there is none.

    Args:
        folder: That of the versions; it is made.
        write: Callable: a path, to which it writes a folder.

    Returns:
        Path of the version.

    Raises:
        ValueError: if `folder` is a SavedModel, and so a version itself; or a file.
        OSError: if the version cannot be written.

    Example:

    ```python
    path = keras_gans.export.versions.write_next_version("serving/digits", gan.export)
    print(path)  # .../serving/digits/1
    ```
    """
    folder = os.path.realpath(user_path(folder, "folder"))
    if os.path.exists(os.path.join(folder, "saved_model.pb")):
        raise ValueError(
            f'{folder!r} is a SavedModel, and version="auto" writes into a folder of versions. Choose another folder, or leave '
            "`version` out to replace it."
        )
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise ValueError(f'{folder!r} is a file, and version="auto" writes into a folder of versions. Choose another path.')
    make_folder(folder, folder)
    with folder_beside(folder, folder) as beside:
        written = os.path.join(beside, os.path.basename(folder))
        write(written)
        while True:
            path = os.path.join(folder, str(latest_version(folder) + 1))
            try:
                os.rename(written, path)
            except OSError as error:
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                    raise
                continue  # another writer was faster
            return path


def latest_version(folder):
    """The greatest version in a folder; 0 without any."""
    return max(map(int, version_names(folder)), default=0)


def version_names(folder):
    """The names of the versions in a folder, in no order."""
    return [name for name in os.listdir(folder) if name.isdecimal()]
