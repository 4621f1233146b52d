"""Image files as tensors, as a person sees them."""

import os

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_gans.data.headers import tail
from keras_gans.utils.pillow import pixels

_CHUNK = 8
# In JPEG: the markers before the pixels and after them.
_PIXELS, _END = b"\xff\xda", b"\xff\xd9"
_ZEROS = 64


def decoded(columns, channels, labels, prepare, on_error, arrange=None):
    """A data set of the pictures in files, one or several an element: uint8 `(height, width, channels)`, prepared.

    TensorFlow decodes usual JPEG and PNG files; Pillow decodes the others, and says the name of one that it cannot decode.

    Args:
        columns: List of `ImageFiles` of one length, one for each picture of an element.
        channels: List of ints, 1 or 3, one for each picture.
        labels: Array or structure of arrays, the last part of the elements, or None.
        prepare: Function of the parts of an element. What it makes has one shape for all elements.
        on_error: "raise" or "skip", an element of which one picture cannot be decoded.
        arrange: Function of the data set of rows. It is applied before anything is decoded; it shuffles, for example. A row is a
            tuple: for each picture a pair of its name and whether TensorFlow decodes it; then the label. Default: none.

    Returns:
        `tf.data.Dataset`.
    """
    dataset = tf.data.Dataset.from_tensor_slices((file_rows(columns), labels) if labels is not None else (file_rows(columns),))
    if arrange is not None:
        dataset = arrange(dataset)
    skipped = _Skipped() if on_error == "skip" else None
    readers = [_reader(column, depth) for column, depth in zip(columns, channels, strict=True)]
    patient = [_pillow_decoder(depth, skipped) for depth in channels]

    def decode(files, *label):
        return _one_or_all(*(read(name, fast) for read, (name, fast) in zip(readers, files, strict=True)), *label)

    def explain(files, *label):
        return _one_or_all(*(read(name) for read, (name, fast) in zip(patient, files, strict=True)), *label)

    def is_whole(*parts):
        return tf.reduce_all([tf.size(picture) > 0 for picture in parts[: len(columns)]])

    def decode_or_explain(*chunk):
        rows = tf.data.Dataset.from_tensor_slices(chunk)
        whole = rows.map(decode).map(prepare).batch(_CHUNK).ignore_errors()
        # After an error a batch holds what follows it: only one of all rows will do.
        whole = whole.filter(lambda *batch: _length(batch) == _length(chunk))
        explained = rows.map(explain)
        if on_error == "skip":
            explained = explained.filter(is_whole)
        return whole.concatenate(explained.map(prepare).batch(_CHUNK)).take(1)

    by_pillow = all(header.kind == "other" for column in columns for header in column.headers)
    if on_error == "raise" and by_pillow:
        return dataset.map(decode, tf.data.AUTOTUNE).map(prepare, tf.data.AUTOTUNE)
    # TensorFlow does not name a damaged file. Pillow tries its chunk again, and does.
    count = dataset.cardinality()
    dataset = dataset.batch(_CHUNK).interleave(
        decode_or_explain, cycle_length=4, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True
    )
    dataset = dataset.unbatch()
    if on_error == "skip":
        return dataset
    return dataset.apply(tf.data.experimental.assert_cardinality(count))


def file_rows(columns):
    """For each of several `ImageFiles` a pair of arrays: the names, and whether TensorFlow decodes the files."""
    return tuple(
        ([os.fsencode(name) for name in column.names], [header.kind != "other" for header in column.headers])
        for column in columns
    )


class _Skipped:
    """Says each file that is skipped once, and counts."""

    def __init__(self):
        self.names = set()

    def __call__(self, name, error):
        if name not in self.names:
            self.names.add(name)
            print(f"Skipped {name}, which cannot be decoded ({_short(error)}). Files skipped so far: {len(self.names)}")


def _one_or_all(*parts):
    return parts if len(parts) > 1 else parts[0]


def _length(structure):
    return tf.shape(tf.nest.flatten(structure)[0])[0]


def _reader(files, channels):
    """A function that decodes a file of several, by its name, and whether TensorFlow decodes it."""
    kinds = {header.kind for header in files.headers}
    pillow = _pillow_decoder(channels)

    def read(name, fast):
        if "other" not in kinds:
            return _decode(name, channels)
        if kinds == {"other"}:
            return pillow(name)
        image = tf.cond(fast, lambda: _decode(name, channels), lambda: pillow(name))
        return tf.ensure_shape(image, (None, None, channels))

    return read


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
            # By name, Pillow maps a file into memory, and garbles gray TIFF that is turned.
            with open(name, "rb") as file, Image.open(file) as image:
                if image.format == "JPEG":
                    _check_end(file)
                return pixels(image, channels)
        except FileNotFoundError:
            raise ValueError(
                f"There is no file {name} any more: it was there when the data set was made. Put it back, or make the data set "
                "anew from what is there."
            ) from None
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


def _check_end(file):
    """Zeros in place of a JPEG's end, as an interrupted download leaves them, are decoded as gray without an error."""
    if tail(file).endswith(bytes(_ZEROS)):
        file.seek(0)
        content = file.read()
        if _END not in content[content.rfind(_PIXELS) :]:
            raise OSError("its end is missing, there are zeros instead")


def _short(error):
    return f"{type(error).__name__}: {error}"
