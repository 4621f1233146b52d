"""Every reading of labels and conditions: columns, one for all, classes, what a network's input takes."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.assured import assured
from keras_gans.utils.network_inputs import is_named

_ANY_CONDITION = ("condition", "label", "labels", "y")


def to_labels(condition, metric):
    """The condition as int32 labels `(batch,)`.

    Args:
        condition: Array or tensor of numbers, `(batch,)` or `(batch, 1)`.
        metric: String, who asks, for errors.

    Raises:
        ValueError: if there is none, it has another shape, or it holds something else than whole numbers.
        tf.errors.InvalidArgumentError: in a graph, if it holds something else than whole numbers.
    """
    if condition is None:
        raise ValueError(
            f"{metric} needs the labels of the images as `condition`. It goes with a conditional GAN, and data with labels."
        )
    in_graph = tf.is_tensor(condition) and not hasattr(condition, "numpy")
    if not in_graph:
        _check_whole_numbers(np.asarray(condition), f"{metric}: labels")
    labels = tf.convert_to_tensor(condition)
    if labels.shape.rank not in (1, 2) or labels.shape[1:].as_list() not in ([], [1]):
        raise ValueError(
            f"{metric} takes a label for each image, (batch,) or (batch, 1). Received: shape {tuple(labels.shape)}. "
            "Of one-hot labels, take the argmax."
        )
    if in_graph and labels.dtype.is_floating:
        whole = tf.reduce_all(tf.equal(labels, tf.floor(labels)) & tf.math.is_finite(labels))
        labels = assured(labels, whole, f"{metric}: labels must be whole numbers. Received:", labels)
    return tf.reshape(tf.cast(labels, tf.int32), (-1,))


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
    """The condition as the networks name it: a dict where `wanted` is one, else one value.

    Args:
        condition: Array or tensor; for several conditions a dict of them by name, or a tuple in the order of `wanted`.
        wanted: The Keras input that takes the condition, or a dict of several.

    Raises:
        ValueError: if a condition is missing, or there is one that no network takes. (A single condition may always be called
            "condition", "label", "labels" or "y"; and anything, where the input has no name, or one of these.)
    """
    if not isinstance(wanted, dict):
        if not isinstance(condition, dict):
            return condition
        if len(condition) != 1:
            raise ValueError(
                f"The networks take one condition. Received: several, {list(condition)}. Leave the others out, or name them as "
                "the networks' inputs are named."
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


def prepare_condition(condition, wanted):
    """The condition as the networks take it: of the type of their input, with (batch, 1) for (batch,) or the other way round.

    Args:
        condition: As for `by_name`.
        wanted: The Keras input that takes it, or a dict of several.

    Raises:
        ValueError: if the shapes differ otherwise, or names are missing.
    """
    condition = by_name(condition, wanted)
    if isinstance(wanted, dict):
        return {name: prepare_condition(condition[name], tensor) for name, tensor in wanted.items()}
    condition = tf.cast(condition, wanted.dtype)
    if condition.shape.rank is None:  # a function that was traced for (batch,) and for (batch, 1)
        if None in wanted.shape[1:]:
            return tf.ensure_shape(condition, wanted.shape)
        return tf.reshape(condition, (tf.shape(condition)[0], *wanted.shape[1:]))
    if len(condition.shape) == len(wanted.shape) + 1 and condition.shape[-1] == 1:
        condition = tf.squeeze(condition, -1)
    elif len(condition.shape) == 1 and tuple(wanted.shape[1:]) == (1,):
        condition = condition[:, None]
    if not condition.shape[1:].is_compatible_with(wanted.shape[1:]):
        raise ValueError(
            "The condition does not have the shape that the networks take. "
            f"Expected: {('batch', *wanted.shape[1:])}, {wanted.dtype}. Received: {tuple(condition.shape)}. "
            "(Classes are integers, not one-hot vectors, unless the networks take those.)"
        )
    return condition


def condition_rows(condition, wanted, batch_size, classes=None):
    """The condition of each of `batch_size` examples, checked, as the networks take it.

    Args:
        condition: As for `by_name`: each value of length `batch_size`, or one for all, with or without the batch axis.
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
    condition = np.asarray(condition)
    if tuple(wanted.shape[1:]) == (1,) and condition.ndim < 2:
        condition = condition.reshape(-1, 1)
    if condition.ndim == 1 and (condition.size != wanted.shape[-1] or not np.isin(condition, (0, 1)).all()):
        _refuse_labels(condition, wanted)
    if condition.ndim == len(wanted.shape) - 1:
        condition = condition[None]
    if condition.ndim == 0:
        raise ValueError(f"`condition` must have {len(wanted.shape) - 1} axes for one image. Received: the number {condition}.")
    if len(condition) not in (1, batch_size):
        raise ValueError(f"`condition` must have length 1 or {batch_size}, the batch size. Received: {len(condition)}.")
    check_classes(condition, wanted, classes)
    return repeated(prepare_condition(condition, wanted), batch_size)


def repeated(condition, batch_size):
    """A condition of length 1, or a dict of such, once for each of `batch_size` examples; None stays None."""
    return tf.nest.map_structure(
        lambda value: None if value is None else tf.broadcast_to(value, [batch_size, *value.shape[1:]]), condition
    )


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
    condition = np.asarray(condition)
    if "int" not in wanted.dtype:
        _check_numbers(condition, "Conditions must be numbers")
        if tuple(wanted.shape[1:]) != (1,):
            _refuse_labels(condition, wanted)
        if np.issubdtype(condition.dtype, np.inexact) and not np.isfinite(condition).all():
            raise ValueError(
                f"Conditions must be finite. Received: {np.sum(~np.isfinite(condition))} values that are NaN or infinite. Drop "
                "or fill these examples."
            )
        return
    _check_whole_numbers(condition, "Conditions")
    if classes is None or not condition.size:
        return
    low, high = int(condition.min()), int(condition.max())
    if low < 0 or high >= classes:
        raise ValueError(
            f"Conditions must be classes 0 to {classes - 1}. Received: values from {low} to {high}. "
            "Count classes from 0, or build networks for more classes."
        )


def _refuse_labels(condition, wanted):
    """Raises if a condition is a vector of integers, and the Keras input `wanted` takes vectors of floats."""
    if condition.dtype.kind in "iu" and condition.ndim == 1 and len(wanted.shape) == 2 and "int" not in wanted.dtype:
        width = wanted.shape[-1]
        raise ValueError(
            f"The networks take a vector of {width} floats for each image. Received: {len(condition)} integers, which are "
            f"labels. Pass one-hot vectors, keras.utils.to_categorical(labels, {width}); or floats, if it is one vector for all."
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
