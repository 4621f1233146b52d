"""Reads the headers of image files."""

import dataclasses
import os

import numpy as np
from PIL import ExifTags
from PIL import Image

# Pillow knows these by name, but cannot decode them without another program, or they are not pictures.
_WITHOUT_DECODER = {"BUFR", "EPS", "GRIB", "HDF5", "IPTC", "MPEG", "WMF"}
# A file without an ending is a picture if it begins as one of these does.
_UNMISTAKABLE = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
_GRAY_MODES = ("1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N")
_TAIL = 4096

NO_FILE = "there is no such file"
TOO_LARGE = "it has more pixels than Pillow opens, twice PIL.Image.MAX_IMAGE_PIXELS"


@dataclasses.dataclass
class Header:
    """The properties of a file that a loader needs.

    Attributes:
        kind: "jpeg" or "png" where `tf.io.decode_image` decodes what a person sees; "other" where Pillow has to.
        colored: Bool, whether the picture may have colors.
        size: Pair of ints, width and height in pixels, as a person sees it: EXIF may say that it was taken on its side.
        frames: Int, how many frames of an animation, or pages, it has, of which the first is the picture.
        deep: Bool, whether it has 16 bits.
        problem: String, why the file is not a picture. None if it is one.
    """

    kind: str = "other"
    colored: bool = False
    size: tuple[int, int] | None = None
    frames: int = 1
    deep: bool = False
    problem: str | None = None


def image_endings():
    """The endings of the formats that Pillow decodes here, lower case, with their dots."""
    known = Image.registered_extensions()
    # Files of cameras with two pictures (MPO) are opened as JPEG.
    formats = {*_formats(), "MPO"}
    return {ending for ending, name in known.items() if name in formats}


def begins_like_an_image(path):
    """Whether a file without an ending has the header of a usual format."""
    try:
        with Image.open(path, formats=_UNMISTAKABLE):
            return True
    except Exception:
        return False


def read_headers(paths):
    """Reads the headers of files, not their pixels, and their last bytes.

    Args:
        paths: Strings.

    Returns:
        List of `Header`.
    """
    formats = _formats()
    return [_read_header(path, formats) for path in paths]


def _read_header(path, formats):
    try:
        with open(path, "rb") as file, Image.open(file, formats=formats) as image:
            if has_unknown_range(image):
                return Header(problem="its 32-bit pixels have no known range; save it with 8 or 16 bits")
            return Header(_kind(image, file), _is_colored(image), _size(image, file), _frames(image), _is_deep(image))
    # Plugins of Pillow raise errors of all kinds on damaged files.
    except Exception as error:
        return Header(problem=_reason(path, error))


def has_unknown_range(image):
    """Whether the pixels of a Pillow image have 32 bits: nobody knows what is white. Those of 16 bits may be opened so."""
    return image.mode == "F" or (image.mode == "I" and image.format not in ("PNG", "PPM"))


def _is_deep(image):
    raw = image.tile[0][3] if image.tile else None
    raw = raw[0] if isinstance(raw, tuple) and raw else raw
    return isinstance(raw, str) and raw.endswith((";16B", ";16L", ";16N"))


def _formats():
    Image.init()
    others = [name for name in Image.OPEN if name not in _WITHOUT_DECODER and name not in _UNMISTAKABLE]
    return [*_UNMISTAKABLE, *others]


def _is_colored(image):
    if image.format == "PNG" and image.mode == "RGBA" and image.tile[0][3].startswith("L"):
        return False  # gray with alpha in 16 bits
    if image.mode not in ("P", "PA") or image.palette is None:
        return image.mode not in _GRAY_MODES
    rows = np.frombuffer(bytes(image.palette.palette), np.uint8)
    width = 4 if image.palette.rawmode in ("BGRX", "RGBX", "RGBA") else 3
    rows = rows[: len(rows) // width * width].reshape(-1, width)
    return bool((rows[:, :3] != rows[:, :1]).any())


def _size(image, file):
    turned = _orientation(image, file) in range(5, 9) and image.format != "TIFF"  # whose size Pillow turns
    return image.size[::-1] if turned else image.size


def _orientation(image, file):
    """How EXIF says that the picture is to be turned or mirrored; 1 is as it is."""
    if image.format == "PNG" and not _may_have_exif(image, file):
        return 1  # `getexif` would decode the pixels, which EXIF may follow
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    # EXIF that is damaged turns nothing.
    except Exception:
        return 1


def _may_have_exif(image, file):
    """Of a PNG file: whether EXIF or XMP is before the pixels or after them."""
    return b"eXIf" in tail(file) or any("exif" in str(key).lower() or "xmp" in str(key).lower() for key in image.info)


def _kind(image, file):
    if image.mode not in ("L", "RGB") or "transparency" in image.info:
        return "other"
    if image.format == "JPEG":
        # Without its end it is truncated: Pillow's error names it.
        return "jpeg" if _orientation(image, file) == 1 and b"\xff\xd9" in tail(file) else "other"
    if image.format == "PNG" and not image.is_animated:
        eight_bits = image.tile[0][3] == image.mode  # the raw mode tells them from others
        return "png" if eight_bits and b"IEND" in tail(file) and not _may_have_exif(image, file) else "other"
    return "other"


def _frames(image):
    # Of other formats, what follows is a picture's layers, or smaller copies.
    if image.format not in ("AVIF", "GIF", "PNG", "TIFF", "WEBP"):
        return 1
    try:
        return getattr(image, "n_frames", 1)
    # What is damaged after the first frame is not needed.
    except Exception:
        return 1


def tail(file):
    """The last bytes of an open file."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    return file.read()


def _reason(path, error):
    if not os.path.exists(path):
        return NO_FILE
    if os.path.isdir(path):
        return "it is a folder"
    if isinstance(error, PermissionError):
        return "it may not be read"
    if isinstance(error, Image.DecompressionBombError):
        return TOO_LARGE
    if not os.path.getsize(path):
        return "it is empty"
    if isinstance(error, Image.UnidentifiedImageError):
        with open(path, "rb") as file:
            return f"it has no header that Pillow can read; it begins with {file.read(16)!r}"
    return f"{type(error).__name__}: {error}"
