"""What the headers of image files say."""

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


@dataclasses.dataclass
class Header:
    """What a loader must know of a file.

    Attributes:
        kind: "jpeg" or "png" where `tf.io.decode_image` decodes what a person sees; "other" where Pillow has to.
        colored: Bool, whether the picture may have colors.
        size: Pair of ints, width and height in pixels. Files of formats other than JPEG and TIFF may be turned afterwards.
        problem: String, why the file is not a picture. None if it is one.
    """

    kind: str = "other"
    colored: bool = False
    size: tuple[int, int] | None = None
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
            if image.mode == "F" or (image.mode == "I" and image.format not in ("PNG", "PPM")):
                return Header(problem="its 32-bit pixels have no known range; save it with 8 or 16 bits")
            return Header(_kind(image, file), _is_colored(image), _size(image))
    # Plugins of Pillow raise errors of all kinds on damaged files.
    except Exception as error:
        return Header(problem=_reason(path, error))


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


def _size(image):
    on_its_side = image.format in ("JPEG", "TIFF") and image.getexif().get(ExifTags.Base.Orientation, 1) in range(5, 9)
    return image.size[::-1] if on_its_side else image.size


def _kind(image, file):
    if image.mode not in ("L", "RGB") or "transparency" in image.info:
        return "other"
    if image.format == "JPEG":
        # Without its end it is truncated: Pillow's error names it.
        upright = image.getexif().get(ExifTags.Base.Orientation, 1) == 1
        return "jpeg" if upright and b"\xff\xd9" in _tail(file) else "other"
    if image.format == "PNG" and not image.is_animated:
        # The raw mode tells 8 bits from others. `getexif` would decode the pixels, which EXIF may follow.
        eight_bits = image.tile[0][3] == image.mode
        tail = _tail(file)
        about_exif = any("exif" in str(key).lower() or "xmp" in str(key).lower() for key in image.info)
        return "png" if eight_bits and not about_exif and b"IEND" in tail and b"eXIf" not in tail else "other"
    return "other"


def _tail(file):
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    return file.read()


def _reason(path, error):
    if not os.path.exists(path):
        return "there is no such file"
    if os.path.isdir(path):
        return "it is a folder"
    if isinstance(error, PermissionError):
        return "it may not be read"
    if not os.path.getsize(path):
        return "it is empty"
    if isinstance(error, Image.UnidentifiedImageError):
        with open(path, "rb") as file:
            return f"it has no header that Pillow can read; it begins with {file.read(16)!r}"
    return f"{type(error).__name__}: {error}"
