"""Images that do not belong to a caption."""

import numpy as np
import tensorflow as tf


class Mismatches:
    """Draws the row of an image of another class, uniformly from all such images.

    Args:
        labels: Int array `(n,)`.

    Raises:
        ValueError: if all labels are equal.
    """

    def __init__(self, labels):
        order = np.argsort(labels, kind="stable")
        ordered = labels[order]
        firsts, ends = (np.searchsorted(ordered, labels, side) for side in ("left", "right"))
        if (ends - firsts == len(labels)).any():
            raise ValueError(
                f"Mismatched images come from other classes. Received: {len(labels)} images of one class. Without `labels` or "
                "class folders, any other image is a mismatch; there must be at least two images."
            )
        with tf.device("CPU:0"):
            self._order, self._firsts, self._sizes = (tf.constant(values, tf.int64) for values in (order, firsts, ends - firsts))

    def draw(self, row, seed):
        """The row of a mismatched image.

        Args:
            row: Int64 scalar.
            seed: Int tensor `(2,)`.
        """
        # In the order of the classes, those of one class are neighbors: draw from the others as if they were not there.
        first, size = self._firsts[row], self._sizes[row]
        drawn = tf.random.stateless_uniform((), seed, 0, tf.shape(self._order, tf.int64)[0] - size, tf.int64)
        return self._order[tf.where(drawn < first, drawn, drawn + size)]
