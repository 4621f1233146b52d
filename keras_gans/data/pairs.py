"""Finds pairs of images: side by side, in two folders, in two arrays, or in a data set."""

import os

import tensorflow as tf

from keras_gans.data.arrays import image_array
from keras_gans.data.elements import from_pairs
from keras_gans.data.image_files import are_files
from keras_gans.data.image_files import find_files
from keras_gans.data.image_files import refused_or_said
from keras_gans.data.partners import find_partners
from keras_gans.data.pictures import ArrayPictures
from keras_gans.data.pictures import FilePictures
from keras_gans.data.pictures import TensorPictures
from keras_gans.data.pictures import find_pictures
from keras_gans.data.pictures import without_pandas
from keras_gans.data.side_by_side import check_partners
from keras_gans.data.side_by_side import refuse_domains
from keras_gans.data.side_by_side import said_halves
from keras_gans.data.side_by_side import warn_of_halves
from keras_gans.utils.assured import assured

_ONE_RATIO = "Both pictures of a pair must have the same aspect ratio (height, width), so that their pixels correspond."
_CROP = "Crop both pictures of a pair in the same way"


def find_pairs(source, target, size, channels, direction, keys, on_error, verbose):
    """Pictures, and a function that gives source and target, from what an element of them has.

    Args:
        source, target: As in `keras_gans.data.paired`, without functions.
        size: Pair of ints, or None.
        channels: Pair of 1, 3 or None.
        direction, keys, on_error, verbose: As in `keras_gans.data.paired`.

    Raises:
        ValueError: if there are no pairs.
    """
    source, target = without_pandas(source), without_pandas(target)
    is_dataset = isinstance(source, tf.data.Dataset)
    if target is None and not (is_dataset and isinstance(source.element_spec, (tuple, dict))):
        halves = _halves(direction)
        if are_files(source):
            return _files_side_by_side(source, size, channels, on_error, verbose), halves
        return _images_side_by_side(source, size, halves, verbose), _as_they_are
    if direction != "AtoB":
        raise ValueError(
            '`direction` is for images side by side. Received: direction="BtoA", and sources and targets apart. Exchange '
            "`source` and `target`, or the `keys`."
        )
    if target is None:
        pictures = _checked(TensorPictures(from_pairs(source, keys, size)))
    elif is_dataset or isinstance(target, tf.data.Dataset):
        raise ValueError("Expected one data set of pairs. Received: a data set, and a target. Pass tf.data.Dataset.zip(a, b).")
    elif _kind(source) != _kind(target):
        raise ValueError(
            "Expected two folders, two lists of files, or two arrays. Received: "
            f"{_kind(source)} and {_kind(target)}. Make arrays of both, or lists of files of both."
        )
    elif are_files(source):
        pictures = _two_of_files(source, target, size, channels, on_error, verbose)
    else:
        pictures = _checked(_two_of_arrays(source, target))
    return pictures, _as_they_are


def _kind(source):
    if isinstance(source, (str, bytes, os.PathLike)):
        return "a folder"
    return "a list of files" if are_files(source) else "images"


def _as_they_are(*pair):
    return pair


def _halves(direction):
    """A function that gives source and target of a picture that has both side by side."""

    def sides(picture):
        half = (picture.shape[1] or tf.shape(picture)[1]) // 2
        left, right = picture[:, :half], picture[:, half : 2 * half]
        return (left, right) if direction == "AtoB" else (right, left)

    return sides


def _files_side_by_side(source, size, channels, on_error, verbose):
    refuse_domains(source)
    files = find_files(source, size, on_error, classes=False)
    check_partners(files)
    widths = [header.size[0] for header in files.headers]
    odd = [f"{name} (width {width})" for name, width in zip(files.names, widths, strict=True) if width % 2]
    problem = "have an odd width, not two images side by side"
    remedy = "Pass the sources and the targets apart: paired(sources, targets)"
    said = refused_or_said(odd, len(files.names), problem, on_error, remedy)
    files = files.select([index for index, width in enumerate(widths) if width % 2 == 0])
    sizes = [header.size[::-1] for header in files.headers]
    warn_of_halves(sizes, files.names)
    if verbose:
        print(f"side by side: {files.described}{said}{said_halves(sizes)}")
    depth = 3 if 3 in channels else 1 if channels == (1, 1) else files.channels
    return FilePictures([files], [depth], on_error=on_error)


def _images_side_by_side(source, size, halves, verbose):
    pictures = find_pictures(source, size, None, "raise", verbose, classes=False)
    ((height, width),) = pictures.sizes
    if width is not None and width % 2:
        raise ValueError(
            f"Expected a target, or two images side by side in each. Received: images of the odd width {width}. "
            "Pass both: paired(sources, targets)."
        )
    if None not in (height, width):
        warn_of_halves([(height, width)])
    return pictures.mapped(halves)


def _two_of_files(source, target, size, channels, on_error, verbose):
    files = [find_files(part, size, on_error, classes=False) for part in (source, target)]
    *pair, said = find_partners(*files, on_error)
    *pair, unlike = _of_one_shape(*pair, on_error)
    said += unlike
    if verbose:
        count = len(pair[0].names)
        described = f"source: {files[0].described}; target: {files[1].described}"
        print(f"{count} {'pair' if count == 1 else 'pairs'}; {described}{said}")
    return FilePictures(pair, [depth or part.channels for depth, part in zip(channels, pair, strict=True)], on_error=on_error)


def _of_one_shape(source, target, on_error):
    """The files of pairs with equal aspect ratios, and a message about the others, whose pixels do not correspond."""
    sizes = list(zip(*([header.size[::-1] for header in files.headers] for files in (source, target)), strict=True))
    alike = [have_one_shape(*pair) for pair in sizes]
    names = zip(source.names, target.names, sizes, alike, strict=True)
    unlike = [f"{one} {shape[0]} with {other} {shape[1]}" for one, other, shape, fits in names if not fits]
    problem = "have a partner of another aspect ratio (height, width)"
    said = refused_or_said(unlike, len(alike), problem, on_error, _CROP)
    rows = [row for row, fits in enumerate(alike) if fits]
    return source.select(rows), target.select(rows), said


def have_one_shape(one, other):
    """Whether sizes (height, width), of ints or of scalar tensors, have one aspect ratio, but for rounding to whole pixels."""
    difference = abs(one[0] * other[1] - one[1] * other[0])
    return (difference <= one[0] + one[1]) | (difference <= other[0] + other[1])


def _two_of_arrays(source, target):
    arrays = image_array(source), image_array(target)
    if len(arrays[0]) != len(arrays[1]):
        raise ValueError(
            f"Expected as many sources as targets. Received: {len(arrays[0])} sources, {len(arrays[1])} targets. Leave out "
            "images without a partner; for images without pairs, use keras_gans.data.unpaired."
        )
    return ArrayPictures(arrays)


def _checked(pictures):
    """Pairs of tensors whose aspect ratios are checked: now, or, where sizes vary, as they come."""
    source, target = pictures.sizes
    if None in (*source, *target):
        return TensorPictures(pictures.dataset.enumerate().map(_checked_pair, tf.data.AUTOTUNE), pictures.count)
    if not have_one_shape(source, target):
        raise ValueError(f"{_ONE_RATIO} Received: sources {source}, targets {target}. {_CROP}.")
    return pictures


def _checked_pair(index, pair):
    sizes = [tf.unstack(tf.shape(image)[:2]) for image in pair]
    return assured(pair[0], have_one_shape(*sizes), f"{_ONE_RATIO} {_CROP}. Received others at index", index), pair[1]
