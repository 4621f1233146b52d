"""Paths that users give: read, checked, and their folders made."""

import os


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


def make_folder(folder, path):
    """Makes the folder in which `path` will be written, unless it is there. Raises a NotADirectoryError if there is a file."""
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise NotADirectoryError(
            f"{path!r} could not be written: on the way to it is a file, where a folder is wanted. Choose another path, or move "
            "the file."
        ) from error


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
