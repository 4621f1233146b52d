"""Real images, in [-1, 1], in batches."""

import os

import keras
import numpy as np
import tensorflow as tf

from keras_gans.data.arrays import checked_labels
from keras_gans.data.arrays import from_arrays
from keras_gans.data.check_arguments import check_bools
from keras_gans.data.check_arguments import check_channels
from keras_gans.data.check_arguments import check_seed
from keras_gans.data.check_arguments import check_shuffle
from keras_gans.data.check_arguments import check_size
from keras_gans.data.decode import decoded
from keras_gans.data.elements import from_dataset
from keras_gans.data.folder import Folder
from keras_gans.data.headers import read_headers
from keras_gans.utils.integers import check_ints


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
    on_error="raise",
    verbose=True,
):
    """A pipeline of images for `GAN.fit`: decoded, resized, scaled to [-1, 1], cached, shuffled, batched, prefetched.

    Files come out as a person sees them: turned as EXIF says; transparent pixels over white; 16 bits scaled to 8, 65535 to 255;
    the first image of animations and of files with several pages. They may be of any format that Pillow reads (PNG, JPEG, GIF,
    BMP, TIFF, WebP, AVIF and others; HEIC if the package pillow-heif has registered it), whatever their ending says, and gray
    ones may lie among colored ones. Pixels of 32 bits are refused, because their range is not known.

    What lies directly in a folder's subfolders, or deeper, is of their classes, in natural order: "2" comes before "10". Left out
    are files without the ending of an image (files without any ending are looked into), hidden files and folders (`._1.jpg`,
    `.ipynb_checkpoints`), those of systems (`__MACOSX`, `@eaDir`), and folders without images. Links are followed. A line says
    what was found.

    Args:
        source: One of
            - an array `(n, height, width, channels)` or `(n, height, width)`, uint8, or float in [-1, 1] (scale floats of
              [0, 1] with `2 * x - 1`: they pass as they are), or a list of images of one size; or a tuple of it and an array of
              labels, or of other numbers, one row an image;
            - a folder of image files, in subfolders if they have classes;
            - a list of image files (or a column of them), or a tuple of it and labels;
            - an unbatched `tf.data.Dataset` of images, of pairs `(image, label)`, or of dicts with `image` and perhaps
              `label`, as TFDS makes them; other keys are left out.
        size: Int or pair (height, width) to resize to, with antialiasing, after cropping to that aspect ratio. Default: as
            the images are, which must then all have one size; files need it.
        batch_size: Int. Default: 64.
        shuffle: Bool, or an int, the buffer size. True: all images of arrays and files, 10,000 of a data set. Each epoch has
            another order. Without `cache`, the names of files are shuffled, so that no decoded image waits in memory.
        seed: Int: with `keras.utils.set_random_seed`, it makes the order and the flips the same in every run. Default: none.
        flip: Bool, whether to mirror each image left to right with probability 1/2. Default: False.
        channels: 1 or 3: gray images become colored, or colored ones gray. Default: as the images are; for files 3 if any has
            colors, else 1.
        cache: Bool, whether to keep the decoded, resized images in memory as uint8. False for a folder that is larger than
            memory. Default: True.
        drop_remainder: Bool, whether to drop a smaller last batch. Default: False.
        on_error: "raise" or "skip": what to do about broken image files. Headers are read at once, pixels when they are needed.
            What is skipped is said. Default: "raise".
        verbose: Bool, whether to print what a folder or a list of files has, and which keys are left out. Default: True.

    Returns:
        `tf.data.Dataset` of float32 batches `(batch, height, width, channels)` in [-1, 1], or of pairs with the labels. Its
        attribute `class_names` has the names of the classes in the order of the labels, of a folder, or as a data set had them;
        else None.

    Raises:
        ValueError: if the source is none of these, has no images, or another type; if a folder has images beside folders of
            images; if a file is broken; if an array has values that are missing or out of range, or not one label an image.
        tf.errors.InvalidArgumentError: from the iteration, if the pixels of a file cannot be decoded, or floats of a data set are
            missing or out of range.

    Example:

    ```python
    faces = np.random.default_rng(0).integers(0, 256, (20, 16, 16, 3)).astype("uint8")
    dataset = keras_gans.data.images(faces, batch_size=10, flip=True)

    for name in ("cats/1.png", "dogs/1.png"):
        keras_gans.utils.save_images("pets/" + name, faces[:1])
    dataset = keras_gans.data.images("pets/", size=8)
    print(dataset.class_names)  # ["cats", "dogs"]
    ```
    """
    size = check_size(size)
    check_ints(1, batch_size=batch_size)
    check_shuffle(shuffle)
    check_seed(seed)
    check_channels(channels)
    check_bools(flip=flip, cache=cache, drop_remainder=drop_remainder, verbose=bool(verbose) if verbose in (0, 1) else verbose)
    if on_error not in ("raise", "skip"):
        raise ValueError(f'`on_error` must be "raise" or "skip". Received: on_error={on_error!r}')
    source, labels = _split(source)
    class_names, count = None, None

    def shuffled(dataset):
        return dataset.shuffle((count or 10_000) if shuffle is True else int(shuffle), seed=seed) if shuffle else dataset

    early = False
    if isinstance(source, tf.data.Dataset):
        class_names = getattr(source, "class_names", None)
        dataset = from_dataset(source, size, verbose)
    elif isinstance(source, (str, bytes, os.PathLike)) or _are_paths(source):
        files, headers, labels, class_names = _found(source, labels, size, on_error, verbose)
        count = len(files)
        early = not cache
        channels = channels or (3 if any(header.colored for header in headers) else 1)
        dataset = decoded(
            files, headers, labels, channels, lambda image: _resize(image, size), on_error, shuffled if early else None
        )
        size = None
    else:
        dataset, count = from_arrays(source, labels, channels)
    if drop_remainder and count is not None and count < batch_size:
        raise ValueError(f"No batch is left. Received: {count} images, batch_size={batch_size}, drop_remainder=True.")
    dataset = _with_channels(dataset, channels)
    if size is not None:
        dataset = dataset.map(_on_image(lambda image: _resize(image, size)), tf.data.AUTOTUNE)
    if cache:
        dataset = dataset.cache()
    if not early:
        dataset = shuffled(dataset)
    dataset = dataset.map(_on_image(_scale), tf.data.AUTOTUNE)
    if flip:
        dataset = _flipped(dataset, seed)
    dataset = dataset.batch(batch_size, drop_remainder=bool(drop_remainder)).prefetch(tf.data.AUTOTUNE)
    dataset.class_names = class_names
    return dataset


def _split(source):
    """What makes images, and the labels, or None."""
    if not isinstance(source, tuple):
        return _without_pandas(source), None
    if len(source) == 2 and not isinstance(source[0], (str, bytes, os.PathLike, tf.data.Dataset)):
        return _without_pandas(source[0]), source[1]
    raise ValueError(
        "Expected a tuple to have an array or a list of files, and labels. Received: a tuple of "
        f"{', '.join(type(part).__name__ for part in source[:3])}{', ...' if len(source) > 3 else ''}. Pass images without "
        "labels as an array or a list; a folder has the labels of its subfolders; a tf.data.Dataset is zipped with labels."
    )


def _without_pandas(source):
    return source.to_numpy() if hasattr(source, "to_numpy") else source


def _are_paths(source):
    if not isinstance(source, (list, np.ndarray)) or not len(source):
        return False
    return all(isinstance(item, (str, bytes, os.PathLike)) for item in source)


def _found(source, labels, size, on_error, verbose):
    """Files, their headers, their labels or None, and the names of their classes or None; broken ones raise, or are left out."""
    folder = None if isinstance(source, (list, np.ndarray)) else Folder(source)
    if size is None:
        kind = "A list of image files" if folder is None else "A folder of images"
        raise ValueError(f"{kind} needs `size`, an int or (height, width), to resize them to.")
    if folder is not None:
        files, labels = folder.files, folder.labels
    else:
        files = [os.path.expanduser(os.fsdecode(name)) for name in source]
        labels = None if labels is None else checked_labels(labels, len(files))
    headers = read_headers(files)
    broken = [f"{name} ({header.problem})" for name, header in zip(files, headers, strict=True) if header.problem]
    said = "; ".join(broken[:3]) + ("; ..." if len(broken) > 3 else "")
    if broken and (on_error == "raise" or len(broken) == len(files)):
        raise ValueError(
            f"Expected images. Received: {len(broken)} of {len(files)} files that cannot be read: {said}. Remove them, get them "
            'again, or skip such files with on_error="skip".'
        )
    if verbose:
        count = len(files) - len(broken)
        text = folder.described(count) if folder is not None else f"{count} image{'s' if count != 1 else ''}"
        print(text + (f"; {len(broken)} skipped that cannot be read: {said}" if broken else ""))
    good = [index for index, header in enumerate(headers) if not header.problem]
    if labels is not None:
        labels = tf.nest.map_structure(lambda values: values[good], np.asarray(labels, "int64") if folder is not None else labels)
    return [files[index] for index in good], [headers[index] for index in good], labels, folder and folder.class_names


def _on_image(function):
    """A map over elements that changes the image and leaves the label."""
    return lambda image, *label: (function(image), *label) if label else function(image)


def _with_channels(dataset, channels):
    spec = dataset.element_spec[0] if isinstance(dataset.element_spec, tuple) else dataset.element_spec
    given = spec.shape[-1]
    if channels is None or channels == given:
        return dataset
    if (given, channels) == (1, 3):
        return dataset.map(_on_image(tf.image.grayscale_to_rgb), tf.data.AUTOTUNE)
    if (given, channels) == (3, 1):
        return dataset.map(_on_image(tf.image.rgb_to_grayscale), tf.data.AUTOTUNE)
    raise ValueError(
        f"Images of 1 or 3 channels can be made gray or colored. Received: {given} channels, channels={channels}. Select "
        "channels, or blend a transparency into the others, before."
    )


def _resize(image, size):
    """Resized with antialiasing; uint8 stays uint8, rounded."""
    resized = keras.ops.image.resize(
        tf.cast(image, tf.float32)[None],
        size,
        interpolation="bilinear",
        antialias=True,
        crop_to_aspect_ratio=True,
        data_format="channels_last",
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
