"""Real images, in [-1, 1], in batches."""

import os

import keras
import numpy as np
import tensorflow as tf

_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif")


def images(
    source,
    size=None,
    batch_size=64,
    shuffle=True,
    seed=None,
    flip=False,
    channels=None,
    cache=True,
    drop_remainder=False,
):
    """A pipeline of images for `GAN.fit`: decoded, resized, scaled to [-1, 1], cached, shuffled, batched, prefetched.

    Args:
        source: One of
            - an array `(n, height, width, channels)` or `(n, height, width)`, uint8, or float in [-1, 1], or a list of images of
              one size; or a tuple of it and an array of labels;
            - a folder of png, jpg, bmp or gif files; if they lie in subfolders, these are the labels, in alphabetical order;
            - an unbatched `tf.data.Dataset` of images, of pairs `(image, label)`, or of dicts with `image` and perhaps
              `label`, as TFDS makes them.
        size: Int or pair (height, width) to resize to, with antialiasing, after cropping to that aspect ratio. Default: as
            the images are, which must then all have one size; a folder needs it.
        batch_size: Int. Default: 64.
        shuffle: Bool, or an int, the buffer size. True: all images of arrays and folders, 10,000 of a data set.
        seed: Int: with `keras.utils.set_random_seed`, it makes the order and the flips the same in every run. Default: none.
        flip: Bool, whether to mirror each image left to right with probability 1/2. Default: False.
        channels: 1 or 3 for a folder. Default: as the first file has.
        cache: Bool, whether to keep the decoded, resized images in memory as uint8. Default: True.
        drop_remainder: Bool, whether to drop a smaller last batch. Default: False.

    Returns:
        `tf.data.Dataset` of float32 batches `(batch, height, width, channels)` in [-1, 1], or of pairs with the labels.

    Raises:
        ValueError: if the source is none of these, has no images, or another type; if an array has values out of range (those of
            a data set are checked by `GAN.fit`).

    Example:

    ```python
    faces = keras_gans.data.images("faces/", size=64, batch_size=128, flip=True)
    cifar = keras_gans.data.images(tfds.load("cifar10", split="train", as_supervised=True))
    ```
    """
    if isinstance(source, tf.data.Dataset):
        dataset, buffer = source.map(_image_and_label, tf.data.AUTOTUNE), 10_000
    elif isinstance(source, (str, os.PathLike)):
        dataset, buffer = _from_folder(source, size, channels)
    else:
        dataset, buffer = _from_arrays(source)
    if size is not None:
        size = (size, size) if isinstance(size, int) else tuple(size)
        dataset = dataset.map(_on_image(lambda image: _resize(image, size)), tf.data.AUTOTUNE)
    if cache:
        dataset = dataset.cache()
    if shuffle:
        dataset = dataset.shuffle(buffer if shuffle is True else shuffle, seed=seed)
    dataset = dataset.map(_on_image(_scale), tf.data.AUTOTUNE)
    if flip:
        dataset = _flipped(dataset, seed)
    return dataset.batch(batch_size, drop_remainder=drop_remainder).prefetch(tf.data.AUTOTUNE)


def _on_image(function):
    """A map over elements that changes the image and leaves the label."""
    return lambda image, *label: (function(image), *label) if label else function(image)


def _image_and_label(element, *label):
    if isinstance(element, dict):
        if "image" not in element:
            raise ValueError(f'Expected dicts with "image" and perhaps "label". Received keys: {sorted(element)}')
        element, label = element["image"], [element["label"]] if "label" in element else []
    if element.shape.rank != 3:
        raise ValueError(
            f"Expected a data set of single images (height, width, channels). Received: shape {element.shape}. "
            "If it is batched, use `dataset.unbatch()`."
        )
    if element.dtype != tf.uint8 and not element.dtype.is_floating:
        raise ValueError(f"Images of a data set must be uint8, or floats in [-1, 1]. Received: dtype {element.dtype.name}.")
    return (element, *label) if label else element


def _from_arrays(source):
    array, *labels = source if isinstance(source, tuple) else (source,)
    array = np.asarray(array)
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim != 4 or not len(array):
        raise ValueError(
            "Expected an array of images (n, height, width, channels) or (n, height, width), a folder, or a tf.data.Dataset. "
            f"Received: shape {array.shape}."
        )
    if array.dtype != np.uint8:
        _check_floats(array)
    return tf.data.Dataset.from_tensor_slices((array, *labels) if labels else array), len(array)


def _check_floats(array):
    if not np.issubdtype(array.dtype, np.floating) or np.abs(array).max() > 1:
        raise ValueError(
            f"Images must be uint8, or floats in [-1, 1]. Received: dtype {array.dtype}, values from {array.min():g} to "
            f"{array.max():g}. Convert them with `.astype('uint8')` if they are in 0..255."
        )


def _from_folder(folder, size, channels):
    files = sorted(
        os.path.join(path, name) for path, _, names in os.walk(folder) for name in names if name.lower().endswith(_ENDINGS)
    )
    if not files:
        raise ValueError(f"No images ({', '.join(_ENDINGS)}) in {os.fspath(folder)!r}.")
    if size is None:
        raise ValueError("A folder of images needs `size`, an int or (height, width), to resize them to.")
    channels = channels or (1 if tf.io.decode_image(tf.io.read_file(files[0]), expand_animations=False).shape[-1] < 3 else 3)
    dataset = tf.data.Dataset.from_tensor_slices(files).map(_decoder(channels), tf.data.AUTOTUNE)
    labels = [os.path.relpath(os.path.dirname(name), folder) for name in files]
    if set(labels) != {"."}:
        numbers = np.unique(labels, return_inverse=True)[1].astype("int64")
        dataset = tf.data.Dataset.zip(dataset, tf.data.Dataset.from_tensor_slices(numbers))
    return dataset, len(files)


def _decoder(channels):
    def decode(name):
        image = tf.io.decode_image(tf.io.read_file(name), channels=channels, expand_animations=False)
        return tf.ensure_shape(image, (None, None, channels))

    return decode


def _resize(image, size):
    """Resized with antialiasing; uint8 stays uint8, rounded."""
    resized = keras.ops.image.resize(
        tf.cast(image, tf.float32)[None], size, interpolation="bilinear", antialias=True, crop_to_aspect_ratio=True
    )[0]
    resized = tf.ensure_shape(resized, (*size, image.shape[-1]))
    return tf.cast(tf.clip_by_value(tf.round(resized), 0, 255), tf.uint8) if image.dtype == tf.uint8 else resized


def _scale(image):
    return tf.cast(image, tf.float32) / 127.5 - 1.0 if image.dtype == tf.uint8 else tf.cast(image, tf.float32)


def _flipped(dataset, seed):
    seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True).batch(2)
    zipped = tf.data.Dataset.zip(dataset, seeds)

    def flip(element, seed):
        mirrored = _on_image(lambda image: tf.image.stateless_random_flip_left_right(image, seed))
        return mirrored(*element) if isinstance(element, tuple) else mirrored(element)

    return zipped.map(flip, tf.data.AUTOTUNE)
