"""Elements of a user's data set: images, pairs, or dicts."""

import tensorflow as tf

from keras_gans.data.transforms import ROUNDING
from keras_gans.utils.assured import assured
from keras_gans.utils.shapes import looks_channels_first

_EXPECTED = 'Expected a data set of single images (height, width, channels), of pairs (image, label), or of dicts with "image"'


def from_dataset(dataset, size, verbose):
    """A data set of images, or of pairs with their labels, whose floats, also those of labels, are checked as they come.

    Args:
        dataset: Unbatched `tf.data.Dataset` of images, pairs or dicts.
        size: Pair of ints, or None.
        verbose: Bool, whether to print which keys of dicts are left out.

    Raises:
        ValueError: if its elements are something else, or if their size is not known and `size` is None.
    """
    spec = dataset.element_spec
    if isinstance(spec, dict):
        if "image" not in spec:
            raise ValueError(f'{_EXPECTED} and perhaps "label". Received keys: {sorted(spec)}. Rename them with `dataset.map`.')
        others = sorted(set(spec) - {"image", "label"})
        if verbose and others:
            print(f'Of each element, "image"{" and " + repr("label") if "label" in spec else ""}; left out: {", ".join(others)}')
        keys = ["image", "label"] if "label" in spec else ["image"]
        dataset = dataset.map(lambda element: tuple(element[key] for key in keys))
        spec = tuple(spec[key] for key in keys)
    elif isinstance(spec, tuple):
        if len(spec) != 2:
            raise ValueError(f"{_EXPECTED}. Received: elements of {len(spec)} parts. Drop the others with `dataset.map`.")
    else:
        dataset = dataset.map(lambda image: (image,))
        spec = (spec,)
    _check_spec(spec[0], size)
    if any(_is_floating(part) for part in tf.nest.flatten(spec)):
        dataset = dataset.enumerate().map(_checked, tf.data.AUTOTUNE)
    return dataset if len(spec) == 2 else dataset.map(lambda image: image)


def from_pairs(dataset, keys, size):
    """A data set of pairs of images, whose floats are checked as they come.

    Args:
        dataset: Unbatched `tf.data.Dataset` of pairs, or of dicts.
        keys: Pair of strings, the keys of dicts.
        size: Pair of ints, or None.

    Raises:
        ValueError: if its elements are something else, or if their size is not known and `size` is None.
    """
    spec = dataset.element_spec
    if isinstance(spec, dict):
        if not set(keys) <= set(spec):
            raise ValueError(f"Expected dicts with the keys {list(keys)}. Received keys: {sorted(spec)}. Say which with `keys`.")
        dataset = dataset.map(lambda element: tuple(element[key] for key in keys))
    elif not isinstance(spec, tuple) or len(spec) != 2:
        raise ValueError(f"Expected a data set of pairs of images (source, target), or of dicts. Received: {spec}.")
    specs = dataset.element_spec
    for part in specs:
        _check_spec(part, size)
    if any(part.dtype.is_floating for part in specs):
        dataset = dataset.enumerate().map(_checked_pair, tf.data.AUTOTUNE)
    return dataset


def _check_spec(spec, size):
    if not isinstance(spec, tf.TensorSpec):
        raise ValueError(f"{_EXPECTED}. Received: {spec}.")
    if spec.dtype == tf.string:
        raise ValueError(f"{_EXPECTED}. Received: strings. Pass file names as a list; decode other strings with `dataset.map`.")
    if spec.shape.rank is None:
        raise ValueError(f"{_EXPECTED}. Received: an unknown shape. State it with `dataset.map` and tf.ensure_shape.")
    if spec.shape.rank != 3:
        raise ValueError(f"{_EXPECTED}. Received: shape {spec.shape}. If it is batched, use `dataset.unbatch()`.")
    if looks_channels_first(spec.shape):
        raise ValueError(
            f"{_EXPECTED}. Received: shape {spec.shape}. The channels come first, as in PyTorch. Move them with `dataset.map`: "
            "tf.transpose(image, (1, 2, 0))."
        )
    if spec.dtype != tf.uint8 and not spec.dtype.is_floating:
        conversion = {
            tf.uint16: "tf.cast(image // 257, tf.uint8)",
            tf.bool: "2. * tf.cast(image, tf.float32) - 1.",
        }.get(spec.dtype, "tf.cast(image, tf.uint8) if they are in 0..255")
        raise ValueError(
            f"Images of a data set must be uint8, or floats in [-1, 1]. Received: dtype {spec.dtype.name}."
            f" Convert them with `dataset.map`: {conversion.rstrip('.')}."
        )
    if size is None and None in spec.shape[:2]:
        raise ValueError(
            f"Images of several sizes need `size`, an int or (height, width), to resize them to. Received: shape {spec.shape}. "
            "If all have one size, state it with `dataset.map` and tf.ensure_shape."
        )


def _checked(index, element):
    image, *label = element
    label = tf.nest.map_structure(lambda part: _finite_label(index, part) if _is_floating(part) else part, label)
    return (_in_range(index, image) if image.dtype.is_floating else image, *label)


def _checked_pair(index, element):
    return tuple(_in_range(index, image) if image.dtype.is_floating else image for image in element)


def _is_floating(part):
    return getattr(part, "dtype", tf.string).is_floating


def _finite_label(index, label):
    fine = tf.reduce_all(tf.math.is_finite(label))
    return assured(label, fine, "Labels of a data set must be finite. Received NaN or infinite values at index", index)


def _in_range(index, image):
    # NaN is not <= 1.
    return assured(
        image,
        tf.reduce_all(tf.abs(image) <= 1 + ROUNDING),
        "Images of a data set must be uint8, or floats in [-1, 1] without NaN: scale images of 0..255 with x / 127.5 - 1. "
        "Received another value at index",
        index,
    )
