"""Labels as CAAE's networks take them."""

import numpy as np


def signed_rows(labels, classes, argument):
    """One-hot rows in {-1, 1} of labels, an int or ints of any shape: float32, of one more axis.

    Args:
        labels: Ints in 0..classes - 1.
        classes: Int, the length of a row.
        argument: String, what the user called the labels, for the error.

    Raises:
        ValueError: if they are not such ints.
    """
    given = np.asarray(labels)
    if given.dtype.kind not in "iu" or ((given < 0) | (given >= classes)).any():
        raise ValueError(f"`{argument}` must be ints in 0..{classes - 1}. Received: {argument}={labels!r}")
    return 2 * np.eye(classes, dtype="float32")[given] - 1
