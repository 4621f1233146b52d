"""All interpretation of labels and conditions: columns, one for all, classes, weights over classes, the form a network takes.

A network whose one condition is a vector of floats, one for each of the `classes` that are known, takes weights over classes:
one-hot rows, or mixtures. The shape of the user's condition decides:

() or (batch,) or (batch, 1)    labels, whole numbers, which become one-hot rows; floats, too, if they are whole
(batch, classes)                weights; they must be finite, but may be negative, and need not sum to 1

One mixture for all is (1, classes): a vector is never one. With one class, floats (batch, 1) are weights, and integers labels.
"""

import numpy as np
import tensorflow as tf

from keras_gans.utils.assured import assured
from keras_gans.utils.network_inputs import is_named

_ANY_CONDITION = ("condition", "label", "labels", "y")


def to_labels(condition, metric):
    """The condition as int32 labels `(batch,)`.

    Args:
        condition: Array or tensor of numbers, `(batch,)` or `(batch, 1)`; or one-hot rows `(batch, classes)`.
        metric: String, the caller's name in errors.

    Raises:
        ValueError: if there is none, it has another shape, or it holds anything but whole numbers or one-hot rows.
        tf.errors.InvalidArgumentError: in a graph, if it holds anything else.
    """
    if condition is None:
        raise ValueError(
            f"{metric} needs the labels of the images as `condition`. Use it with a conditional GAN, and data with labels."
        )
    if len(np.shape(condition) if not tf.is_tensor(condition) else condition.shape) > 2:
        raise ValueError(
            f"{metric} needs labels, and gets images as `condition`: {tuple(condition.shape)}. Use it with a conditional GAN of "
            "classes, not with one that translates images. Leave it out."
        )
    in_graph = tf.is_tensor(condition) and not hasattr(condition, "numpy")
    labels = tf.convert_to_tensor(condition) if in_graph else np.asarray(condition)
    if len(labels.shape) == 2 and labels.shape[1] not in (None, 1):
        return _labels_of_rows(labels, metric)
    if not in_graph:
        _check_whole_numbers(labels, f"{metric}: labels")
    labels = tf.convert_to_tensor(labels)
    if labels.shape.rank not in (1, 2) or labels.shape[1:].as_list() not in ([], [1]):
        raise ValueError(
            f"{metric} takes a label for each image, (batch,) or (batch, 1), or one-hot rows. Received: shape "
            f"{tuple(labels.shape)}."
        )
    if in_graph and labels.dtype.is_floating:
        whole = tf.reduce_all(tf.equal(labels, tf.floor(labels)) & tf.math.is_finite(labels))
        labels = assured(labels, whole, f"{metric}: labels must be whole numbers. Received:", labels)
    return tf.reshape(tf.cast(labels, tf.int32), (-1,))


def _labels_of_rows(rows, metric):
    """The labels of one-hot rows `(batch, classes)`, an array or a tensor in a graph."""
    message = f"{metric} takes a label for each image (or one-hot rows), and a mixture of classes is not a label. Received:"
    if not tf.is_tensor(rows):
        _check_numbers(rows, f"{metric}: labels must be numbers")
        if not _is_one_hot(rows):
            raise ValueError(f"{message} {rows[:2].tolist()}... Take the argmax, if that class is meant.")
    else:
        ones = tf.reduce_sum(tf.cast(tf.equal(rows, tf.cast(1, rows.dtype)), tf.int32), axis=1)
        zeros = tf.reduce_sum(tf.cast(tf.equal(rows, tf.cast(0, rows.dtype)), tf.int32), axis=1)
        rows = assured(rows, tf.reduce_all((ones == 1) & (zeros == rows.shape[1] - 1)), message, rows)
    return tf.argmax(tf.cast(rows, tf.float32), axis=1, output_type=tf.int32)


def _is_one_hot(rows, absent=0):
    return bool(np.isin(rows, (absent, 1)).all() and (np.sum(rows == 1, axis=1) == 1).all())


def labels_of(condition, classes, signed=False):
    """The labels `(n,)` in conditions: a column becomes a vector, one-hot rows become labels, anything else stays.

    Args:
        condition: Array, or None, which stays None.
        classes: Int, the width of one-hot rows; None: there are none.
        signed: Bool, whether one-hot rows in {-1, 1}, such as CAAE's labels, are labels too. Default: False: as weights over
            classes, they are mixtures.
    """
    if condition is None:
        return None
    condition = np.asarray(condition)
    are_rows = classes and classes > 1 and condition.shape[1:] == (classes,)
    if are_rows and (_is_one_hot(condition) or (signed and _is_one_hot(condition, absent=-1))):
        return condition.argmax(axis=1)
    return flat(condition)


def for_each(condition, batch_size, rank=0):
    """The condition of each of `batch_size` images, one of `rank` axes; None if there is none."""
    if condition is None:
        return None
    condition = np.asarray(condition)
    condition = condition[None] if condition.ndim == rank else condition
    condition = flat(condition) if rank == 0 else condition
    if condition.ndim != rank + 1 or len(condition) not in (1, batch_size):
        raise ValueError(
            f"`condition` must have length 1 or {batch_size}, the batch size, and {rank + 1} axes. "
            f"Received: shape {condition.shape}."
        )
    return np.broadcast_to(condition, (batch_size, *condition.shape[1:]))


def flat(labels):
    """Labels in a column, `(n, 1)`, as `(n,)`; anything else as it is."""
    return labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels


def names_of(wanted):
    """The names that users gave to the conditions, a tuple: empty for a condition without a name, or without conditions.

    Args:
        wanted: The Keras input that takes the condition, a dict of several, or None.
    """
    if wanted is None or isinstance(wanted, dict):
        return tuple(wanted or ())
    return (wanted.name,) if is_named(wanted.name) else ()


def by_name(condition, wanted):
    """The condition by the networks' names: a dict if `wanted` is one, else one value.

    Args:
        condition: Array or tensor; for several conditions a dict of them by name, or a tuple in the order of `wanted`.
        wanted: The Keras input that takes the condition, or a dict of several.

    Raises:
        ValueError: if a condition is missing, or no network takes it. (A single condition may always be called "condition",
            "label", "labels" or "y"; and anything, if the input has no name, or one of these.)
    """
    if not isinstance(wanted, dict):
        if not isinstance(condition, dict):
            return condition
        if len(condition) != 1:
            raise ValueError(
                f"The networks take one condition. Received: several, {list(condition)}. Leave the others out, or give the "
                "networks' inputs their names."
            )
        (name, value), own = next(iter(condition.items())), names_of(wanted)
        if own and name not in (*own, *_ANY_CONDITION) and own[0] not in _ANY_CONDITION:
            raise ValueError(
                f"The networks take the condition {own[0]!r}. Received: a dict of {name!r}. Pass that condition, or call it "
                f"{own[0]!r} if it is the same."
            )
        return value
    if isinstance(condition, (tuple, list)) and len(condition) == len(wanted):
        return dict(zip(wanted, condition, strict=True))
    if not isinstance(condition, dict) or set(condition) != set(wanted):
        received = f"a dict of {list(condition)}" if isinstance(condition, dict) else f"{type(condition).__name__}"
        raise ValueError(
            f"The networks take several conditions, as a dict of {list(wanted)}, or a tuple in this order. Received: {received}."
        )
    return {name: condition[name] for name in wanted}


def takes_class_weights(wanted, classes):
    """Whether the Keras input `wanted` takes weights over `classes`: a vector of floats, one for each class."""
    if wanted is None or isinstance(wanted, dict) or not classes:
        return False
    return tf.as_dtype(wanted.dtype).is_floating and tuple(wanted.shape[1:]) == (classes,)


def class_weights(condition, classes):
    """Weights over classes, float32 rows `(n, classes)`, from labels or from weights.

    Args:
        condition: Array. Whole numbers `()`, `(n,)` or `(n, 1)` are labels, which become one-hot rows. Numbers `(n, classes)` are
            weights: a mixture for all is `(1, classes)`.
        classes: Int.

    Raises:
        ValueError: if it is of another shape, a label is not a whole number or out of range, or a weight is not finite.
    """
    condition = np.asarray(condition)
    _check_class_weights(condition, classes)
    if not _are_labels(condition, classes):
        return condition.astype("float32")
    rows = np.zeros((condition.size, classes), "float32")
    rows[np.arange(condition.size), condition.ravel().astype("int64")] = 1.0
    return rows


def prepare_condition(condition, wanted, classes=None):
    """The condition as the networks take it: in the dtype of their input, with (batch, 1) and (batch,) converted.

    Labels become one-hot rows where the networks take weights over classes.

    Args:
        condition: As for `by_name`.
        wanted: The Keras input that takes it, or a dict of several.
        classes: Int, or a dict of ints by name; None: not known.

    Raises:
        ValueError: if the shapes differ otherwise, or names are missing.
        tf.errors.InvalidArgumentError: if floats for an input of whole numbers are not whole, or a label is not one of the
            classes. XLA leaves out such checks: with `jit_compile=True` a row of weights is NaN.
    """
    condition = by_name(condition, wanted)
    if isinstance(wanted, dict):
        classes = classes or {}
        return {name: prepare_condition(condition[name], tensor, classes.get(name)) for name, tensor in wanted.items()}
    if takes_class_weights(wanted, classes):
        condition = _with_one_hot_rows(tf.convert_to_tensor(condition), classes)
    condition = tf.cast(_known(tf.convert_to_tensor(condition), wanted, classes), wanted.dtype)
    if condition.shape.rank is None:  # a function that was traced for (batch,) and for (batch, 1)
        if None in wanted.shape[1:]:
            return tf.ensure_shape(condition, wanted.shape)
        return tf.reshape(condition, (tf.shape(condition)[0], *wanted.shape[1:]))
    if len(condition.shape) == len(wanted.shape) + 1 and condition.shape[-1] == 1:
        condition = tf.squeeze(condition, -1)
    elif len(condition.shape) == 1 and tuple(wanted.shape[1:]) == (1,):
        condition = condition[:, None]
    if condition.shape.rank == 0 or not condition.shape[1:].is_compatible_with(wanted.shape[1:]):
        raise ValueError(
            "The condition does not have the shape that the networks take. "
            f"Expected: {('batch', *wanted.shape[1:])}, {wanted.dtype}. Received: {tuple(condition.shape)}. "
            "(Classes are integers, not one-hot vectors, unless the networks take those.)"
        )
    return condition


def _known(condition, wanted, classes):
    """The condition, asserted to be whole and one of the classes, if these are known, where its input takes whole numbers."""
    if "int" not in wanted.dtype:
        return condition
    if condition.dtype.is_floating:
        whole = tf.reduce_all(tf.equal(condition, tf.floor(condition)))
        condition = assured(condition, whole, f"{_called(wanted)} must be whole numbers. Received:", condition)
    if classes is not None and condition.dtype != tf.bool:
        labels = tf.cast(condition, tf.int64)
        known = tf.reduce_all((labels >= 0) & (labels < classes))
        condition = assured(condition, known, f"{_called(wanted)} must be classes 0 to {classes - 1}. Received:", condition)
    return condition


def _with_one_hot_rows(condition, classes):
    """Float32 rows of weights, one-hot ones for labels; a tensor of any other shape as it is."""

    def rows_of_labels():
        labels = tf.reshape(tf.cast(condition, tf.float64 if condition.dtype.is_floating else tf.int64), (-1,))
        whole = tf.cast(labels, tf.int64)
        known = (whole >= 0) & (whole < classes) & (tf.cast(whole, labels.dtype) == labels)
        message = f"Conditions must be classes 0 to {classes - 1}. A mixture for all is (1, {classes}). Received:"
        known = assured(known, tf.reduce_all(known), message, labels)
        return tf.where(known[:, None], tf.one_hot(whole, classes), np.nan)  # under XLA, NaN instead of the error

    def weights():
        return tf.reshape(tf.cast(condition, tf.float32), (-1, classes))

    if condition.shape.rank is not None and None not in condition.shape[1:].as_list():
        if not _are_labels(condition, classes):
            return condition
        if condition.dtype == tf.bool:
            _refuse_no_labels(condition, classes)
        return rows_of_labels()
    # A function that was traced for (batch,), (batch, 1) and (batch, classes).
    if condition.dtype == tf.bool:
        return weights()
    wide = classes > 1 or condition.dtype.is_floating
    are_weights = tf.logical_and(tf.rank(condition) == 2, tf.shape(condition)[-1] == classes if wide else False)
    return tf.cond(are_weights, weights, rows_of_labels)


def condition_rows(condition, wanted, batch_size, classes=None):
    """The condition of each of `batch_size` examples, checked, as the networks take it.

    Args:
        condition: As for `by_name`: each value of length `batch_size`, or one for all, with or without the batch axis; weights
            over classes with it.
        wanted: The Keras input that takes it, or a dict of several.
        batch_size: Int.
        classes: Int, or a dict of ints by name; None: not checked.

    Raises:
        ValueError: if a length, a shape or a class does not fit.
    """
    condition = by_name(condition, wanted)
    if isinstance(wanted, dict):
        classes = classes or {}
        return {name: condition_rows(condition[name], wanted[name], batch_size, classes.get(name)) for name in wanted}
    condition = as_rows(condition, wanted, classes, batch_size)
    if len(condition) not in (1, batch_size):
        wanted = "be one, for all" if batch_size == 1 else f"have length 1 or {batch_size}, the batch size"
        raise ValueError(f"`condition` must {wanted}. Received: {len(condition)}.")
    check_classes(condition, wanted, classes)
    return repeated(prepare_condition(condition, wanted, classes), batch_size)


def as_rows(condition, wanted, classes=None, batch_size=None):
    """A condition, one for all or one for each example, as an array with the batch axis; labels as rows where weights are taken.

    Args:
        condition: Array.
        wanted: The Keras input that takes it.
        classes: Int; None: not known.
        batch_size: Int; None: not known.

    Raises:
        ValueError: if it is a number, or labels, and the networks take vectors of floats.
    """
    condition = np.asarray(condition)
    if takes_class_weights(wanted, classes):
        condition = class_weights(condition, classes)
    if tuple(wanted.shape[1:]) == (1,) and condition.ndim < 2:
        condition = condition.reshape(-1, 1)
    # Integers are one vector for all only if they cannot be one label for each.
    may_be_labels = condition.size != wanted.shape[-1] or condition.size == batch_size
    if condition.ndim == 1 and (may_be_labels or not np.isin(condition, (0, 1)).all()):
        _refuse_labels(condition, wanted)
    if condition.ndim == len(wanted.shape) - 1:
        condition = condition[None]
    if condition.ndim == 0:
        raise ValueError(f"`condition` must have {len(wanted.shape) - 1} axes for one image. Received: the number {condition}.")
    return condition


def repeated(condition, batch_size):
    """A condition of length 1, or a dict of such, repeated for each of `batch_size` examples; None stays None."""

    def each(value):
        return None if value is None else tf.broadcast_to(value, tf.concat([[batch_size], tf.shape(value)[1:]], axis=0))

    return tf.nest.map_structure(each, condition)


def rows_of(condition, rows):
    """Some rows, a slice, of a condition or of each of several; None stays None."""
    return tf.nest.map_structure(lambda value: None if value is None else value[rows], condition)


def check_classes(condition, wanted, classes):
    """Raises if the Keras input `wanted` takes classes, and the condition is not one of them (None: any number will do).

    Several conditions are dicts by name, `wanted` and perhaps `classes` too.
    """
    if isinstance(wanted, dict):
        for name, tensor in wanted.items():
            check_classes(condition[name], tensor, (classes or {}).get(name))
        return
    condition, what = np.asarray(condition), _called(wanted)
    if takes_class_weights(wanted, classes):
        _check_class_weights(condition, classes, what)
    elif "int" not in wanted.dtype:
        _check_numbers(condition, f"{what} must be numbers")
        if tuple(wanted.shape[1:]) != (1,):
            _refuse_labels(condition, wanted)
        if len(wanted.shape) == 4:
            _refuse_pixels(condition)
        _check_finite(condition, what)
    else:
        _check_whole_numbers(condition, what)
        _check_range(condition, classes, what)


def _called(wanted):
    """The name of a Keras input's conditions in errors: "Conditions", with the input's name if the user gave one."""
    names = names_of(wanted)
    return f"Conditions {names[0]!r}" if names and names[0] not in _ANY_CONDITION else "Conditions"


def _are_labels(condition, classes):
    """Whether an array, or tensor, has the shape of labels, where networks take weights over classes."""
    shape = tuple(condition.shape)
    weights_of_one = classes == 1 and shape[1:] == (1,) and not tf.as_dtype(condition.dtype).is_integer
    return shape[1:] in ((), (1,)) and not weights_of_one


def _check_class_weights(condition, classes, what="Conditions"):
    """Raises unless an array holds labels in range, or finite weights over classes, a row each."""
    _check_numbers(condition, f"{what} must be numbers")
    _check_finite(condition, what)
    if _are_labels(condition, classes):
        if condition.dtype == bool or not (condition == np.floor(condition)).all():
            _refuse_no_labels(condition, classes)
        _check_range(condition, classes, what)
    elif condition.shape[1:] != (classes,):
        raise ValueError(
            f"The networks take weights over {classes} classes. Expected: labels (batch,), whole numbers, or weights (batch, "
            f"{classes}), one-hot rows or mixtures. Received: {condition.dtype}, {condition.shape}. A mixture for all is (1, "
            f"{classes})."
        )


def _refuse_no_labels(condition, classes):
    remedy = ' Of labels make whole numbers: labels.astype("int64").' if condition.dtype == bool else ""
    raise ValueError(
        f"The networks take labels (batch,), whole numbers, or weights over {classes} classes (batch, {classes}). Received: "
        f"{tf.as_dtype(condition.dtype).name}, {tuple(condition.shape)}. A mixture for all is (1, {classes}): condition[None]."
        f"{remedy}"
    )


def _check_finite(condition, what):
    if np.issubdtype(condition.dtype, np.inexact) and not np.isfinite(condition).all():
        raise ValueError(
            f"{what} must be finite. Received: {np.sum(~np.isfinite(condition))} values that are NaN or infinite. Drop "
            "or fill these examples."
        )


def _check_range(condition, classes, what):
    """Raises if labels are not below `classes`, or negative; None: any will do."""
    if classes is None or not condition.size:
        return
    low, high = int(condition.min()), int(condition.max())
    if low < 0 or high >= classes:
        raise ValueError(
            f"{what} must be classes 0 to {classes - 1}. Received: values from {low} to {high}. "
            "Count classes from 0, or build networks for more classes."
        )


def _refuse_labels(condition, wanted):
    """Raises if a condition is a vector of integers, and the Keras input `wanted` takes vectors of floats."""
    if condition.dtype.kind in "iu" and condition.ndim == 1 and len(wanted.shape) == 2 and "int" not in wanted.dtype:
        width = wanted.shape[-1]
        are_classes = condition.size and condition.min() >= 0 and condition.max() < width
        vectors = f"one-hot vectors: keras.utils.to_categorical(labels, {width})" if are_classes else f"vectors (batch, {width})"
        raise ValueError(
            f"The networks take a vector of {width} floats for each image. Received: {len(condition)} integers, which are "
            f"labels. Pass {vectors}."
        )


def _refuse_pixels(condition):
    """Raises if conditions that are images are integer pixels of 0..255. Masks of 0 and 1 may be integers."""
    if condition.dtype.kind in "iu" and condition.size and condition.max() > 1:
        raise ValueError(
            f"Conditions that are images must be floats. Received: dtype {condition.dtype}, values up to {condition.max()}. "
            "Scale them as in training."
        )


def _check_numbers(values, expected):
    if values.dtype.kind in "OSUMm":
        raise ValueError(
            f"{expected}. Received: dtype {values.dtype}, {values.ravel()[:3]}... Number the classes from 0, for example with "
            "keras.layers.StringLookup."
        )


def _check_whole_numbers(values, what):
    _check_numbers(values, f"{what} must be whole numbers")
    if values.dtype.kind not in "biu" and not (np.isfinite(values) & (values == np.floor(values))).all():
        raise ValueError(
            f"{what} must be whole numbers. Received: dtype {values.dtype}, {values.ravel()[:5]}... Number the classes from 0."
        )
