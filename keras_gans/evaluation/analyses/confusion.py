"""Counts of pairs of classes."""

import numpy as np


def confusion_matrix(rows, columns, height, width):
    """Counts of pairs of classes, int `(height, width)`.

    Args:
        rows, columns: Int arrays `(n,)`, from 0 to `height` - 1 and to `width` - 1.
        height, width: Ints.
    """
    return np.bincount(rows * width + columns, minlength=height * width).reshape(height, width)
