"""The images in a folder, and their classes."""

import collections
import os
import re
import warnings

from keras_gans.data.headers import begins_like_an_image
from keras_gans.data.headers import image_endings
from keras_gans.utils.paths import user_path

# What operating systems and storage devices put into folders, thumbnails among it.
_OF_SYSTEMS = {"__macosx", "@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found"}
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
_SHOWN = 10
# Folders of these names have parts of the data, not classes.
SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval"}
_IMAGES = {"image", "images", "img", "imgs", "photo", "photos", "jpegimages"}
_ANNOTATIONS = {"annotation", "annotations", "label", "labels", "mask", "masks", "segmentation", "segmentations", "trimaps"}


class Folder:
    """The images below a folder, in natural order ("2" before "10"), and what is left out.

    The folders directly inside are the classes, with all that is below them. Where there is one folder around all the others, as
    archives have it, the folders directly inside that one are.

    Args:
        path: String or path.
        classes: Bool, whether subfolders are classes. Default: True.

    Attributes:
        path: String.
        files: Strings, by class, then by name.
        class_names: Strings in the order of the labels, or None if the images are not in subfolders.
        labels: Ints, one a file, or None.

    Raises:
        ValueError: if it is not a folder, or has no images, or has images beside folders of images.

    Warns:
        UserWarning: if the subfolders are called as parts of the data are, "train" and "test", or "images" and "masks".
    """

    def __init__(self, path, classes=True):
        self.path = user_path(os.fsdecode(path))
        check_folder(self.path)
        self._endings = image_endings()
        self._left_out = collections.Counter()
        self._folders_left_out = []
        files = self._below(self.path, ())
        if not files:
            raise ValueError(
                f"No images in the folder {self.path!r}{self._said_left_out()}. Expected files of a format that Pillow reads, "
                "such as .png or .jpg; convert others."
            )
        self.files, self.class_names, self.labels = files, None, None
        if classes:
            self._find_classes(files)

    def described(self, count):
        """One line with the number of images, the classes, and what is left out.

        Args:
            count: Int, how many images are not broken.
        """
        classes = ""
        if self.class_names is not None:
            number = len(self.class_names)
            classes = f", {number} {'class' if number == 1 else 'classes'}: {_listed(self.class_names, _SHOWN)}"
        return f"{count} {'image' if count == 1 else 'images'}{classes}{self._said_left_out()}"

    def _find_classes(self, files):
        top, parts = self._top(files)
        beside = [names[0] for names in parts if len(names) == 1]
        if beside and len(beside) < len(parts):
            inside = next(names for names in parts if len(names) > 1)
            raise ValueError(
                f"Expected images in class folders, or in one folder without classes. Received: {len(beside)} in {top!r} itself "
                f"({_listed(beside, 3)}), beside folders of images ({inside[0]!r}). Move them, or pass a list of files."
            )
        if not beside:
            self.class_names = sorted({names[0] for names in parts}, key=_natural)
            numbers = {name: number for number, name in enumerate(self.class_names)}
            self.labels = [numbers[names[0]] for names in parts]
            self._name_empty_folders(top)
            self._warn_of_other_folders(top)

    def _warn_of_other_folders(self, top):
        """Warns if what is taken for classes are parts of the data, or images and what was drawn on them."""
        names = {name.lower() for name in self.class_names}
        listed = _listed(self.class_names, _SHOWN)
        if len(names) > 1 and names <= SPLITS:
            warnings.warn(
                f"The classes of {top!r} are its subfolders: {listed}. If these are parts of the data, pass one of them: "
                f"{os.path.join(top, self.class_names[-1])!r}.",
                stacklevel=7,
            )
        elif names & _IMAGES and names & _ANNOTATIONS and names <= _IMAGES | _ANNOTATIONS:
            warnings.warn(
                f"The classes of {top!r} are its subfolders: {listed}. If one of them has masks, not photographs, pass the other "
                "one; or both to keras_gans.data.paired.",
                stacklevel=7,
            )

    def _below(self, path, parents):
        here = os.path.realpath(path)
        if here in parents:  # a link that leads back
            return []
        with os.scandir(path) as found:
            entries = sorted(found, key=lambda entry: _natural(entry.name))
        files = []
        for entry in entries:
            hidden = entry.name.startswith(".") or entry.name.lower() in _OF_SYSTEMS
            if entry.is_dir():
                if hidden:
                    self._folders_left_out.append(entry.name)
                else:
                    files += self._below(entry.path, (*parents, here))
            elif hidden:
                self._left_out["hidden"] += 1
            elif self._is_image(entry):
                files.append(entry.path)
        return files

    def _is_image(self, entry):
        ending = os.path.splitext(entry.name)[1].lower()
        if not entry.is_file() and not entry.is_symlink():
            self._left_out["no regular files"] += 1
            return False
        if ending in self._endings or (ending in ("", ".") and begins_like_an_image(entry.path)):
            return True
        self._left_out[ending if ending not in ("", ".") else "without ending"] += 1
        return False

    def _top(self, files):
        """The folder that has the class folders, and the path of each file from there, as lists of names."""
        top = self.path
        while True:
            parts = [os.path.relpath(name, top).split(os.sep) for name in files]
            if min(map(len, parts)) < 3 or len({names[0] for names in parts}) > 1:
                return top, parts
            top = os.path.join(top, parts[0][0])

    def _name_empty_folders(self, top):
        with os.scandir(top) as found:
            names = {entry.name for entry in found if entry.is_dir()}
        empty = names - set(self.class_names) - set(self._folders_left_out)
        self._folders_left_out += [f"{name} (no images)" for name in sorted(empty, key=_natural)]

    def _said_left_out(self):
        text = ""
        if self._left_out:
            count = sum(self._left_out.values())
            kinds = [f"{number} {kind}" for kind, number in self._left_out.most_common()]
            text += f"; {count} {'file' if count == 1 else 'files'} left out: {_listed(kinds, _SHOWN)}"
        if self._folders_left_out:
            text += f"; folders left out: {_listed(sorted(set(self._folders_left_out), key=_natural), _SHOWN)}"
        return text


def _natural(name):
    """A key of the order in which "2" comes before "10"."""
    parts = re.split("([0-9]+)", name)
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], name


def _listed(names, most):
    return ", ".join(names[:most]) + (f", ... ({len(names)} in all)" if len(names) > most else "")


def check_folder(path):
    """Raises a ValueError that says what `path` is, unless it is a folder."""
    if os.path.isdir(path):
        return
    if any(sign in path for sign in "*?[") and not os.path.exists(path):
        raise ValueError(f"Expected a folder. Received: the pattern {path!r}. Pass the list of files, sorted(glob.glob(...)).")
    if not os.path.exists(path):
        raise ValueError(f"There is no folder {path!r}. Check the path.")
    if path.lower().endswith(_ARCHIVES):
        raise ValueError(f"Expected a folder. Received: {path!r}, an archive. Unpack it, and pass the folder.")
    raise ValueError(f"Expected a folder. Received: {path!r}, a file. Pass the folder that it is in, or a list of files.")
