"""Embeddings of several captions an image."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.finite import check_finite

_EXPECTED = "`embeddings` must be an array (n, captions, dim), or a list of n arrays (captions, dim)."


class CaptionVectors:
    """Means of the embeddings of some captions of an image.

    Args:
        embeddings: Array `(n, captions, dim)`, or list, or `tf.RaggedTensor`, of `(captions, dim)`.
        count: Int, n.
        average: Int, how many are drawn for a mean.

    Raises:
        ValueError: if there are not `count` of them, if one has too few captions, or values are NaN or infinite.
    """

    def __init__(self, embeddings, count, average):
        values, numbers = _flat(embeddings)
        if len(numbers) != count:
            raise ValueError(f"{_EXPECTED} Received: embeddings of {len(numbers)} images, and {count} images.")
        few = np.flatnonzero(numbers < average)
        if len(few):
            raise ValueError(
                f"Expected {average} captions or more for each image. Received: {len(few)} of {count} images with fewer; the "
                f"first, at index {few[0]}, has {numbers[few[0]]}. Pass a smaller `average`."
            )
        check_finite(values, "`embeddings`")
        self._average = average
        with tf.device("CPU:0"):
            self._values = tf.constant(values, tf.float32)
            self._firsts = tf.constant(np.cumsum(numbers) - numbers, tf.int64)
            self._numbers = tf.constant(numbers, tf.int64)

    def draw(self, row, seed):
        """The mean `(dim,)` of captions of an image, drawn without replacement.

        Args:
            row: Int64 scalar, of all images.
            seed: Int tensor `(2,)`.
        """
        keys = tf.random.stateless_uniform(self._numbers[row, None], seed)
        chosen = tf.cast(tf.argsort(keys)[: self._average], tf.int64) + self._firsts[row]
        return tf.reduce_mean(tf.gather(self._values, tf.ensure_shape(chosen, (self._average,))), axis=0)


def _flat(embeddings):
    """Rows of all captions, and how many each image has."""
    if isinstance(embeddings, tf.RaggedTensor):
        embeddings = [np.asarray(rows) for rows in embeddings]
    if isinstance(embeddings, (list, tuple)) or getattr(embeddings, "dtype", None) is np.dtype(object):
        parts = [np.asarray(part) for part in embeddings]
        if not parts or {part.shape[1:] for part in parts} != {parts[0].shape[1:]} or parts[0].ndim != 2:
            shapes = sorted({part.shape for part in parts})[:3]
            raise ValueError(f"{_EXPECTED} Received: a list of arrays of the shapes {shapes}.")
        values, numbers = np.concatenate(parts), np.array([len(part) for part in parts])
    else:
        array = np.asarray(embeddings)
        if array.ndim != 3:
            one = " For one caption an image: embeddings[:, None], average=1." if array.ndim == 2 else ""
            raise ValueError(f"{_EXPECTED} Received: shape {array.shape}.{one}")
        values, numbers = array.reshape(-1, array.shape[-1]), np.full(len(array), array.shape[1])
    if values.dtype.kind not in "fiu":
        raise ValueError(f"{_EXPECTED} Received: dtype {values.dtype}.")
    return values, numbers
