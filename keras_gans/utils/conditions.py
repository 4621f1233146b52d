"""Every reading of labels and conditions: columns, one for all, classes, what a network's input takes."""

import numpy as np
import tensorflow as tf


def to_labels(condition, metric):
    """The condition as int32 labels `(batch,)`.

    Args:
        condition: Array or tensor of numbers, `(batch,)` or `(batch, 1)`.
        metric: String, who asks, for errors.

    Raises:
        ValueError: if there is none, or it has another shape.
    """
    if condition is None:
        raise ValueError(
            f"{metric} needs the labels of the images as `condition`. It goes with a conditional GAN, and data with labels."
        )
    labels = tf.convert_to_tensor(condition)
    if labels.shape.rank not in (1, 2) or labels.shape[1:].as_list() not in ([], [1]):
        raise ValueError(
            f"{metric} takes a label for each image, (batch,) or (batch, 1). Received: shape {tuple(labels.shape)}. "
            "Of one-hot labels, take the argmax."
        )
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


def prepare_condition(condition, wanted):
    """The condition as the Keras input `wanted` takes it: its type, and (batch, 1) as (batch,) if it is that.

    Raises:
        ValueError: if the shapes differ otherwise.
    """
    condition = tf.cast(condition, wanted.dtype)
    if len(condition.shape) == len(wanted.shape) + 1 and condition.shape[-1] == 1:
        condition = tf.squeeze(condition, -1)
    if not condition.shape[1:].is_compatible_with(wanted.shape[1:]):
        raise ValueError(
            "The condition does not have the shape that the networks take. "
            f"Expected: {('batch', *wanted.shape[1:])}, {wanted.dtype}. Received: {tuple(condition.shape)}. "
            "(Classes are integers, not one-hot vectors, unless the networks take those.)"
        )
    return condition


def check_classes(condition, wanted, classes):
    """Raises if the Keras input `wanted` takes classes, and the condition is not one of them (None: any number will do)."""
    if "int" not in wanted.dtype:
        return
    if not np.issubdtype(condition.dtype, np.integer) and (condition != np.floor(condition)).any():
        raise ValueError(f"Conditions must be whole numbers. Received: dtype {condition.dtype}, {condition.ravel()[:5]}...")
    if classes is None:
        return
    low, high = int(condition.min()), int(condition.max())
    if low < 0 or high >= classes:
        raise ValueError(
            f"Conditions must be classes 0 to {classes - 1}. Received: values from {low} to {high}. "
            "Count classes from 0, or build networks for more classes."
        )
