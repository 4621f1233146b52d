"""Warnings about uint8 pixels that are silently black in the range 0..255: masks, numbers of classes, fewer bits."""

import warnings

import numpy as np
from PIL import Image

from keras_gans.utils.pillow import pixels

_LOOKED_AT = 4  # files
_DARK = 20  # the greatest number of a class in the usual label maps; that of 12 bits among 16 is 16
_OF_ARRAYS = {
    "mask": "Of masks make floats: 2. * x - 1.",
    "labels": "Of numbers of classes make one-hot floats; or make gray values that use all of 0..255.",
}
_OF_FILES = {
    "mask": "Save masks with 0 and 255.",
    "labels": "Save them as gray values that use all of 0..255.",
    "deep": "Scale them to 0..65535 when they are saved.",
}


def warn_of_mask_arrays(arrays, stacklevel=7):
    """Warns if the pixels of uint8 arrays, of images or of one image each, are those of a mask or of numbers of classes."""
    kind, greatest = _kind(arrays)
    if kind is not None:
        _warn("The images are uint8, and their pixels", kind, greatest, _OF_ARRAYS, stacklevel)


def warn_of_mask_files(names, headers):
    """Warns if the pixels of files, of the few that are looked at, use little of the range; of colored ones, those of 16 bits."""
    whole = [(name, header) for name, header in zip(names, headers, strict=True) if not header.problem]
    found = [(name, header) for name, header in whole if header.deep or not header.colored]
    mostly = 2 * len(found) > len(whole)  # else they may be a few dark photographs among others
    found = found[:: -(-len(found) // _LOOKED_AT)] if found else []
    arrays = [array for array in (_pixels(name, 3 if header.colored else 1) for name, header in found) if array is not None]
    if not arrays:
        return
    if all(header.deep for _, header in found):
        greatest = max(int(array.max()) for array in arrays)
        kind = "deep" if greatest <= _DARK else None
    else:
        kind, greatest = _kind(arrays)
    if kind == "mask" or (kind is not None and mostly):
        _warn(f"Of the files that were looked at, such as {found[0][0]!r}, the pixels", kind, greatest, _OF_FILES, 6)


def _kind(arrays):
    """What arrays of uint8 are, "mask" or "labels", or None; and the greatest of their pixels."""
    greatest = max(int(array.max()) for array in arrays)
    if greatest == 1:
        return "mask", greatest
    # Photographs are never so dark in color, and images of one gray level each are not maps of classes.
    labels = greatest <= _DARK and all(np.all(array == array[..., :1]) for array in arrays)
    sides = (-3, -2, -1)
    return "labels" if labels and any(np.ptp(array, axis=sides).any() for array in arrays) else None, greatest


def _pixels(name, channels):
    try:
        with open(name, "rb") as file, Image.open(file) as image:
            return pixels(image, channels)
    # What cannot be decoded is told, or skipped, when it is needed.
    except Exception:
        return None


def _warn(what, kind, greatest, remedies, stacklevel):
    if kind == "mask":
        lie = "are 0 and 1 alone, of 0..255: all of them will be black"
    elif kind == "deep":
        lie = f"have 16 bits, and are at most {257 * greatest + 128} of 65535: all of them will be black, or nearly so"
    else:
        lie = f"are at most {greatest}, of 0..255, as numbers of classes, or they are very dark: all of them will be nearly black"
    warnings.warn(f"{what} {lie}. {remedies[kind]}", stacklevel=stacklevel)
