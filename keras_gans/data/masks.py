"""Warnings about masks with the values 0 and 1, which are silently black in the range 0..255."""

import warnings

import numpy as np
from PIL import Image

from keras_gans.data.decode import pixels

_LOOKED_AT = 4  # files


def warn_of_mask_array(array):
    """Warns if the pixels of a uint8 array are 0 and 1 alone."""
    if array.max() == 1:
        _warn("The images are uint8, and their pixels", "Turn masks into floats: 2. * x - 1.", 7)


def warn_of_mask_files(names, headers):
    """Warns if the pixels of gray files are 0 and 1 alone, of the few that are looked at."""
    gray = [name for name, header in zip(names, headers, strict=True) if not header.colored and not header.problem]
    names = gray[:: -(-len(gray) // _LOOKED_AT)] if gray else []
    if max((_greatest(name) for name in names), default=0) == 1:
        _warn(f"Of the files that were looked at, such as {names[0]!r}, the pixels", "Save masks with 0 and 255.", 6)


def _greatest(name):
    try:
        with open(name, "rb") as file, Image.open(file) as image:
            return int(np.max(pixels(image, 1)))
    # What cannot be decoded is told, or skipped, when it is needed.
    except Exception:
        return 0


def _warn(what, remedy, stacklevel):
    warnings.warn(f"{what} are 0 and 1 alone, of 0..255: all of them will be black. {remedy}", stacklevel=stacklevel)
