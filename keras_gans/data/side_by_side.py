"""What is seen of pictures that are said to have both images of a pair side by side, and have not."""

import collections
import os
import warnings

from keras_gans.data.folder import SPLITS
from keras_gans.data.partners import bare_names
from keras_gans.utils.paths import user_path

# Halves of portraits, 3 to 4, are above it; photographs, 4 to 3, and squares are below.
_LEAST_RATIO = 1.4


def refuse_domains(source):
    """Raises where a folder has two domains in folders of their own: their pictures are not pairs."""
    if isinstance(source, (str, bytes, os.PathLike)):
        folder = user_path(os.fsdecode(source))
        if all(os.path.isdir(os.path.join(folder, name)) for name in ("trainA", "trainB")):
            raise ValueError(
                f"Expected files with both images side by side. Received: {folder!r}, with the domains trainA and trainB in "
                "folders of their own. Pass it to keras_gans.data.unpaired; or both folders, paired(trainA, trainB), if their "
                "files are pairs."
            )


def check_partners(files):
    """Raises where the files of a folder have partners of the same name: in two folders inside it, or of another ending.

    If all of them are wide enough for two images, which they may be, it warns.

    Args:
        files: `ImageFiles`.
    """
    if files.folder is None:
        return
    names = next((names for names in (_of_two_endings(files), _in_two_folders(files)) if names), None)
    if names is None:
        return
    if any(_is_narrow(header.size[::-1]) for header in files.headers):
        raise ValueError(
            "Expected files with both images side by side. Received: sources and targets in files of their own, such as "
            f"{names[0]!r} and {names[1]!r}. {names[2]} If each file does have both, pass the list of files."
        )
    warnings.warn(
        f"Files have partners of the same name, such as {names[0]!r} and {names[1]!r}. They are wide, and each is cut in the "
        f"middle, in two images. If the two are a pair: {names[2]} If each file does have both, pass the list of files.",
        stacklevel=5,
    )


def warn_of_halves(sizes, names=None):
    """Warns if pictures are not much wider than high, as two images side by side are; says how they are cut.

    Args:
        sizes: Pairs (height, width) of ints.
        names: Strings, of files. Default: of arrays, nothing.
    """
    narrow = [number for number, size in enumerate(sizes) if _is_narrow(size)]
    if not narrow:
        return
    height, width = sizes[narrow[0]]
    what = "The images" if names is None else f"{len(narrow)} of {len(sizes)} files, such as {names[narrow[0]]!r},"
    warnings.warn(
        f"{what} are {width} wide and {height} high, and are cut in the middle, in two images {width // 2} wide. If they do not "
        "have two images side by side, pass sources and targets apart, paired(sources, targets), or a function that makes one "
        "of the other.",
        stacklevel=5,
    )


def _is_narrow(size):
    """Whether a picture (height, width) is too narrow for two images side by side."""
    return size[1] < _LEAST_RATIO * size[0]


def said_halves(sizes):
    """What to say of pictures that are cut in the middle."""
    counted = collections.Counter((height, width // 2) for height, width in sizes).most_common()
    return f"; cut into two of {counted[0][0]}{' or other sizes' if len(counted) > 1 else ''}" if counted else ""


def _in_two_folders(files):
    """Two files of one name, and the remedy, where all files lie in two folders with mostly the same names. Else None."""
    top = os.path.commonpath([os.path.dirname(name) for name in files.names])
    inside = collections.defaultdict(list)
    for name in files.names:
        folder, _, rest = os.path.relpath(name, top).partition(os.sep)
        inside[folder if rest else ""].append(name)
    if len(inside) != 2 or "" in inside or all(folder.lower() in SPLITS for folder in inside):
        return None
    one, other = (dict(zip(bare_names(names), names, strict=True)) for names in inside.values())
    common = [name for name in one if name in other]
    if 2 * len(common) <= max(len(one), len(other)):
        return None
    folders = ", ".join(repr(os.path.join(top, folder)) for folder in inside)
    return one[common[0]], other[common[0]], f"Pass both folders: paired({folders})."


def _of_two_endings(files):
    """Two files whose names differ by their endings, and the remedy, where most files have such a twin. Else None."""
    twins = collections.defaultdict(list)
    for key, name in zip(files.keys, files.names, strict=True):
        twins[key].append(name)
    pairs = [names for names in twins.values() if len(names) == 2]
    if 4 * len(pairs) <= len(files.names):
        return None
    patterns = [os.path.join(os.path.dirname(name), "*" + os.path.splitext(name)[1]) for name in pairs[0]]
    lists = ", ".join(f"sorted(glob.glob({pattern!r}))" for pattern in patterns)
    return *pairs[0], f"Pass two lists of files: paired({lists})."
