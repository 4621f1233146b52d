"""Checks of activations and logits: their types and shapes."""

import tensorflow as tf


def as_matrix(values, name):
    """`values` as a floating-point tensor of two axes.

    Raises:
        ValueError: if they are something else.
    """
    values = tf.convert_to_tensor(values)
    if not values.dtype.is_floating:
        raise ValueError(f"`{name}` must be of a floating-point type. Received: dtype={values.dtype.name}. Cast it first.")
    if values.shape.rank != 2:
        raise ValueError(
            f"`{name}` must have shape (batch, size). Received: shape {values.shape}. Flatten all axes but the first."
        )
    return values


def matrices(activations1, activations2, least=1):
    """Both as floating-point tensors `(n, d)` and `(m, d)` of at least `least` rows, as far as their shapes are known.

    Raises:
        ValueError: if they are something else.
    """
    first, second = as_matrix(activations1, "activations1"), as_matrix(activations2, "activations2")
    if not first.shape[1:].is_compatible_with(second.shape[1:]):
        raise ValueError(
            f"`activations1` and `activations2` must have the same size. Received: {first.shape[1]} and {second.shape[1]}. "
            "Take both from the same layer."
        )
    for name, values in (("activations1", first), ("activations2", second)):
        if values.shape[0] is not None and values.shape[0] < least:
            raise ValueError(f"`{name}` must have at least {least} rows. Received: shape {tuple(values.shape)}.")
    return first, second
