"""Image files as tensors, as a person sees them."""

import os

import numpy as np
import tensorflow as tf
from PIL import Image
from PIL import ImageCms
from PIL import ImageOps

_WHITE_IS_ZERO = 0
_PHOTOMETRIC = 262
_CHUNK = 8


def decoded(files, headers, labels, channels, resize, on_error, shuffle=None):
    """A data set of the pictures in files: uint8 `(height, width, channels)`, each with its label if there are labels.

    TensorFlow decodes usual JPEG and PNG files; Pillow decodes the others, and says the name of one that it cannot decode.

    Args:
        files: Strings.
        headers: `Header` of each file.
        labels: Int64 array, or None.
        channels: 1 or 3.
        resize: Function of a picture that gives all of them one size.
        on_error: "raise" or "skip".
        shuffle: Function that shuffles a data set. It is applied to the names, before anything is decoded. Default: none.

    Returns:
        `tf.data.Dataset`.
    """
    kinds = {header.kind for header in headers}
    columns = [[os.fsencode(name) for name in files], [header.kind != "other" for header in headers]]
    dataset = tf.data.Dataset.from_tensor_slices((*columns, labels) if labels is not None else tuple(columns))
    if shuffle is not None:
        dataset = shuffle(dataset)
    pillow = _pillow_decoder(channels)
    patient = _pillow_decoder(channels, _Skipped()) if on_error == "skip" else pillow

    def decode(name, fast, *label):
        if "other" not in kinds:
            image = _decode(name, channels)
        elif kinds == {"other"}:
            image = pillow(name)
        else:
            image = tf.cond(fast, lambda: _decode(name, channels), lambda: pillow(name))
        image = tf.ensure_shape(image, (None, None, channels))
        return _with_label(image, label)

    def resized(image, *label):
        return _with_label(resize(image), label)

    def decode_or_explain(*chunk):
        rows = tf.data.Dataset.from_tensor_slices(chunk)
        whole = rows.map(decode).map(resized).batch(_CHUNK).ignore_errors()
        # After an error a batch holds what follows it: only one of all rows will do.
        whole = whole.filter(lambda *batch: tf.shape(batch[0])[0] == tf.shape(chunk[0])[0])
        explained = rows.map(lambda name, fast, *label: _with_label(patient(name), label))
        if on_error == "skip":
            explained = explained.filter(lambda image, *label: tf.size(image) > 0)
        return whole.concatenate(explained.map(resized).batch(_CHUNK)).take(1)

    if on_error == "raise" and "png" not in kinds:
        return dataset.map(decode, tf.data.AUTOTUNE).map(resized, tf.data.AUTOTUNE)
    # TensorFlow does not name a damaged PNG (its JPEG decoder draws what there is). Pillow tries its chunk again, and does.
    dataset = dataset.batch(_CHUNK).interleave(
        decode_or_explain, cycle_length=4, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True
    )
    dataset = dataset.unbatch()
    if on_error == "skip":
        return dataset
    return dataset.apply(tf.data.experimental.assert_cardinality(len(files)))


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


class _Skipped:
    """Says each file that is skipped once, and counts."""

    def __init__(self):
        self.names = set()

    def __call__(self, name, error):
        if name not in self.names:
            self.names.add(name)
            print(f"Skipped {name}, which cannot be decoded ({_short(error)}). Files skipped so far: {len(self.names)}")


def _with_label(image, label):
    return (image, *label) if label else image


def _decode(name, channels):
    image = tf.io.decode_image(tf.io.read_file(name), channels=channels, expand_animations=False)
    return tf.ensure_shape(image, (None, None, channels))


def _pillow_decoder(channels, skipped=None):
    def decode(name):
        name = os.fsdecode(name)
        try:
            with Image.open(name) as image:
                if image.format == "PNG":
                    image.verify()  # the checksums, which decoding passes over
            with Image.open(name) as image:
                return pixels(image, channels)
        # Plugins of Pillow raise errors of all kinds on damaged files.
        except Exception as error:
            if skipped is not None:
                skipped(name, error)
                return np.zeros((0, 0, channels), np.uint8)
            raise ValueError(
                f"{name} cannot be decoded ({_short(error)}). Remove the file, get it again, or skip such files with "
                'on_error="skip".'
            ) from None

    return lambda name: tf.ensure_shape(tf.numpy_function(decode, [name], tf.uint8), (None, None, channels))


def _upright(image):
    try:
        return ImageOps.exif_transpose(image)
    # EXIF that is damaged turns nothing; if the pixels are damaged, the next step says so.
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


def _short(error):
    return f"{type(error).__name__}: {error}"
