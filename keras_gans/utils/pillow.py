"""Pillow images as arrays, as a person sees them."""

import numpy as np
from PIL import Image
from PIL import ImageCms
from PIL import ImageOps

_WHITE_IS_ZERO = 0
_PHOTOMETRIC = 262


def pixels(image, channels):
    """The pixels of a Pillow image as a person sees it.

    Turned as EXIF says; transparent pixels over white; 16 bits to 8, 65535 to 255; of several frames or pages the first.

    Args:
        image: `PIL.Image.Image`.
        channels: 1 or 3.

    Returns:
        NumPy uint8 array `(height, width, channels)`.
    """
    inverted = image.mode.startswith("I") and getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    image.load()  # here, and not where it is turned: pixels that are damaged are an error
    image = _upright(image)
    if image.mode.startswith("I"):
        image = _from_16_bits(image, inverted)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if image.mode == "LAB":
        image = ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB")
    if image.mode not in ("1", "L"):
        image = image.convert("RGB")
    array = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    return array[..., None] if channels == 1 else array


def _upright(image):
    try:
        return ImageOps.exif_transpose(image)
    # EXIF that is damaged turns nothing.
    except Exception:
        return image


def _from_16_bits(image, inverted):
    values = np.asarray(image).astype("float64")
    gray = np.rint(values.clip(0, 65535) / 257).astype("uint8")
    if inverted:
        gray = 255 - gray
    if "transparency" in image.info:
        gray[values == image.info["transparency"]] = 255
    return Image.fromarray(gray)
