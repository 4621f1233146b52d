"""Labels in the form of CAAE's networks."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.assured import assured


def signed_rows(labels, classes, argument):
    """One-hot rows in {-1, 1} of labels, an int or ints of any shape: float32, of one more axis.

    Args:
        labels: Ints in 0..classes - 1.
        classes: Int, the length of a row.
        argument: String, the name of the user's argument in the error.

    Raises:
        ValueError: if they are not such ints.
    """
    given = np.asarray(labels)
    if given.dtype.kind not in "iu" or ((given < 0) | (given >= classes)).any():
        raise ValueError(f"`{argument}` must be ints in 0..{classes - 1}. Received: {argument}={labels!r}")
    return 2 * np.eye(classes, dtype="float32")[given] - 1


def check_signed(rows, classes, name):
    """Raises a ValueError unless labels are one-hot rows in {-1, 1}, or one such row.

    Args:
        rows: Array or tensor `(batch, classes)` or `(classes,)`.
        classes: Int, the length of a row.
        name: String, the label's name in the error.
    """
    rows = np.asarray(rows)
    shaped = rows.ndim in (1, 2) and rows.shape[-1] == classes
    if not shaped or not np.isin(rows, (-1, 1)).all() or not (rows.sum(axis=-1) == 2 - classes).all():
        raise ValueError(f"{_expected(name, classes)} Received: shape {rows.shape}, {rows.ravel()[:3].tolist()}...")


def assured_signed(rows, classes, name):
    """A tensor of labels that a graph uses only if they are one-hot rows in {-1, 1}; see `assured`."""
    ones, others = (tf.cast(tf.equal(rows, tf.cast(value, rows.dtype)), tf.int32) for value in (1, -1))
    fine = tf.reduce_all(ones + others == 1) & tf.reduce_all(tf.reduce_sum(ones, axis=-1) == 1)
    return assured(rows, fine, f"{_expected(name, classes)} Received:", rows)


def _expected(name, classes):
    return (
        f'The label "{name}" must be one-hot rows (batch, {classes}) in {{-1, 1}}. Make them by '
        f"keras_gans.data.signed_one_hot(labels, {classes})."
    )
