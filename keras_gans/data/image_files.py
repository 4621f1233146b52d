"""The image files of a folder, or of a list."""

import dataclasses
import os

import numpy as np

from keras_gans.data.folder import Folder
from keras_gans.data.headers import NO_FILE
from keras_gans.data.headers import TOO_LARGE
from keras_gans.data.headers import Header
from keras_gans.data.headers import read_headers
from keras_gans.data.masks import warn_of_mask_files
from keras_gans.utils.paths import user_path


@dataclasses.dataclass
class ImageFiles:
    """Files that have the header of an image.

    Attributes:
        names: Strings.
        headers: `Header` of each.
        rows: Ints, the place of each among all that were found, in natural order, or in the list; broken ones are missing.
        found: Int, how many were found, broken ones with them.
        keys: Identifiers of the files: the path below the folder, without the ending; for a list, the row.
        labels: Int array of the class of each, of class folders. None if there are no classes.
        class_names: Strings, or None.
        folder: `Folder` that they are in; None of a list.
        skipped: String that says which were broken, "" if none.
    """

    names: list[str]
    headers: list[Header]
    rows: list[int]
    found: int
    keys: list
    labels: np.ndarray | None
    class_names: list[str] | None
    folder: Folder | None
    skipped: str

    @property
    def described(self):
        """One line: how many these are, of which classes, and what was left out of the folder."""
        count = len(self.names)
        text = f"{count} {'image' if count == 1 else 'images'}" if self.folder is None else self.folder.described(count)
        further = [header.frames - 1 for header in self.headers if header.frames > 1]
        if further:
            files = f"{len(further)} {'file' if len(further) == 1 else 'files'}"
            text += f"; of {files} the first page or frame, {sum(further)} left out"
        return text + self.skipped

    @property
    def channels(self):
        """3 if any of the files has colors, else 1."""
        return 3 if any(header.colored for header in self.headers) else 1

    def select(self, indices):
        """The files of some indices, in their order."""
        parts = {name: [getattr(self, name)[index] for index in indices] for name in ("names", "headers", "rows", "keys")}
        return dataclasses.replace(self, **parts, labels=None if self.labels is None else self.labels[indices])


def are_files(source):
    """Whether a source is a folder, or a list of files; a string that is not a folder counts as one."""
    if isinstance(source, (str, bytes, os.PathLike)):
        return True
    if not isinstance(source, (list, np.ndarray)) or not len(source):
        return False
    return all(isinstance(item, (str, bytes, os.PathLike)) for item in source)


def find_files(source, size, on_error, classes=True):
    """Looks for image files, and reads their headers.

    Args:
        source: Folder, or list of files.
        size: What they will be resized to, or None.
        on_error: "raise" or "skip": what to do about files whose header is broken.
        classes: Bool, whether subfolders are classes. Default: True.

    Returns:
        `ImageFiles`.

    Raises:
        ValueError: if there are none, or broken ones, which it names, or if `size` is None.
    """
    if size is None:
        kind = "A list of image files" if isinstance(source, (list, np.ndarray)) else "A folder of images"
        raise ValueError(f"{kind} needs `size`, an int or (height, width), to resize them to.")
    folder = None if isinstance(source, (list, np.ndarray)) else Folder(source, classes)
    names = folder.files if folder is not None else [user_path(os.fsdecode(name)) for name in source]
    headers = read_headers(names)
    skipped = refused_or_said(
        [f"{name} ({header.problem})" for name, header in zip(names, headers, strict=True) if header.problem],
        len(names),
        "cannot be read",
        on_error,
        _how_to_mend({header.problem for header in headers}),
    )
    warn_of_mask_files(names, headers)
    good = [index for index, header in enumerate(headers) if not header.problem]
    keys = (
        [os.path.splitext(os.path.relpath(name, folder.path))[0] for name in names] if folder is not None else range(len(names))
    )
    labels = None if folder is None or folder.labels is None else np.asarray(folder.labels, "int64")
    files = ImageFiles(
        names, headers, list(range(len(names))), len(names), keys, labels, folder and folder.class_names, folder, skipped
    )
    return files.select(good)


def _how_to_mend(problems):
    """What to do where no file can be read, of the problems of all."""
    if problems == {NO_FILE}:
        return "Join the names with their folder: [os.path.join(folder, name) for name in names]"
    if problems == {TOO_LARGE}:
        return "If you trust them, set PIL.Image.MAX_IMAGE_PIXELS = None; or make them smaller"
    return "Get them again"


def refused_or_said(bad, count, problem, on_error, remedy):
    """A message about skipped files, "" if there are none.

    Args:
        bad: Strings that name the files.
        count: Int, the number of all files.
        problem: String, a predicate: "cannot be read".
        on_error: "raise" or "skip".
        remedy: String, the remedy if all files are bad; otherwise they may be skipped.

    Raises:
        ValueError: if there are bad ones, and they are not to be skipped, or there are no others.
    """
    if not bad:
        return ""
    said = "; ".join(bad[:3]) + ("; ..." if len(bad) > 3 else "")
    if on_error == "raise" or len(bad) == count:
        remedy = remedy if len(bad) == count else 'Skip such files with on_error="skip"'
        raise ValueError(f"Expected images. Received: {len(bad)} of {count} files that {problem}: {said}. {remedy}.")
    return f"; {len(bad)} skipped that {problem}: {said}"
