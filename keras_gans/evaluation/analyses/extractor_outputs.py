"""Outputs of an extractor for many images."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.finite import check_finite


def outputs(images, extractor, name="features", batch_size=256):
    """The `features` or `logits` of images, computed in batches.

    Args:
        images: Array `(n, height, width, channels)` in [-1, 1], n >= 1.
        extractor: `keras_gans.metrics.features.FeatureExtractor`, or a callable, images to a dict of arrays `(batch, d)`.
        name: String, "features" or "logits".
        batch_size: Int. Default: 256.

    Returns:
        Float32 NumPy array `(n, d)`.

    Raises:
        ValueError: if there are no images, the extractor gives no output of that name, or values are NaN or infinite.
    """
    if not len(images):
        raise ValueError("There are no images. Expected at least one.")
    parts = []
    for start in range(0, len(images), batch_size):
        given = extractor(tf.convert_to_tensor(images[start : start + batch_size]))
        if name not in given:
            raise ValueError(f"The extractor gives no {name!r}. It gives {sorted(given)}. Use one that classifies for `logits`.")
        parts.append(np.asarray(given[name], "float32"))
        check_finite(parts[-1], f"The {name} of images", minus_infinity=name == "logits")
    return np.concatenate(parts)


def computed(name):
    """An extractor for rows that are already outputs: it returns them unchanged, as "features" or "logits"."""
    return lambda rows: {name: rows}
