"""Refuses NaN and infinite values: a comparison such as `x > 1` lets NaN pass silently."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.assured import assured


def check_finite(values, what, minus_infinity=False):
    """Raises a ValueError that says how many values of an array are NaN or infinite.

    Args:
        values: Array of numbers.
        what: String, the name of the values in the error, such as "`real`" or "The logits of images".
        minus_infinity: Bool, whether minus infinity is allowed, as the logit of probability 0. Default: False.
    """
    values = np.asarray(values)
    bad = ~np.isfinite(values)
    if minus_infinity:
        bad &= values != -np.inf
    if bad.any():
        raise ValueError(
            f"{what} must be finite. Received: {np.count_nonzero(bad)} of {values.size} values are NaN or infinite. Find out "
            "where they come from: a network that has diverged, for example."
        )


def finite_floats(values, name):
    """An argument as a float32 array.

    Raises:
        ValueError: if it is not an array of numbers, or some are NaN or infinite.
    """
    try:
        array = np.asarray(values, "float32")
    except (TypeError, ValueError) as error:
        raise ValueError(f"`{name}` must be an array of numbers. Received: {name}={values!r}") from error
    check_finite(array, f"`{name}`")
    return array


def check_examples(values, what, remedy="Drop or fill these examples: a single one turns all weights into NaN."):
    """Raises a ValueError if examples hold NaN or infinite values; it says how many examples, and which is the first.

    Args:
        values: Array or tensor `(n, ...)`. Whole numbers are finite.
        what: String, the name of the values and a verb: "`x` has".
        remedy: String, the end of the error. Default: a remedy for training examples.
    """
    values = np.asarray(values)
    if values.dtype.kind == "V":  # bfloat16, which NumPy does not know
        values = values.astype("float32")
    if not np.issubdtype(values.dtype, np.floating):
        return
    rows = broken_examples(values)
    if len(rows):
        raise ValueError(
            f"{what} values that are NaN or infinite, in {len(rows)} of {len(values)} examples; the first is example {rows[0]}. "
            f"{remedy}"
        )


def check_not_masked(values, what):
    """Raises a ValueError if values of a NumPy array `(n, ...)` are masked; `what` as in `check_examples`.

    NumPy's functions and TensorFlow read masked values as if there were no mask.
    """
    if isinstance(values, np.ma.MaskedArray) and np.ma.getmaskarray(values).any():
        masked = np.ma.getmaskarray(values).reshape(len(values) if values.ndim else 1, -1).any(axis=1)
        raise ValueError(
            f"{what} masked values, in {np.count_nonzero(masked)} of {len(masked)} examples; the first is example "
            f"{np.flatnonzero(masked)[0]}. Fill them, `values.filled(0.0)` for example, or drop these examples."
        )


def broken_examples(values):
    """The numbers of the examples of an array `(n, ...)` that hold NaN or infinite values."""
    return np.flatnonzero(~np.isfinite(values).all(axis=tuple(range(1, values.ndim))))


def finite(values, what, minus_infinity=False):
    """The values of a tensor, if they are finite. Works in a graph.

    Args:
        values: Tensor, or an array, which becomes one.
        what, minus_infinity: As in `check_finite`.

    Raises:
        tf.errors.InvalidArgumentError: if values are NaN or infinite; it says how many, and of how many. Not where XLA compiles,
            which leaves out such checks.
    """
    values = tf.convert_to_tensor(values)
    if not values.dtype.is_floating:
        return values
    fine = tf.math.is_finite(values)
    if minus_infinity:
        fine |= tf.equal(values, tf.constant(-np.inf, values.dtype))
    bad = tf.reduce_sum(tf.cast(~fine, tf.int32))
    message = f"{what} must be finite. Received: values that are NaN or infinite, this many, and of how many:"
    return assured(values, tf.equal(bad, 0), message, bad, tf.size(values))
