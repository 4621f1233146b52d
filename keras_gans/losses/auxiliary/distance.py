"""How far images are from each other: what losses between pairs of images are made of."""

import tensorflow as tf

_FORMS = ("l1", "l2", "l1_sum", "l2_sum")


def check_form(form):
    """Raises a ValueError unless `form` is one of those that `distance` knows."""
    if form not in _FORMS:
        raise ValueError(f"`form` must be one of {_FORMS}. Received: form={form!r}")


def distance(first, second, form):
    """The distance of each pair of images, float32 `(batch,)`.

    "l1"        the mean of |x - y| over pixels and channels
    "l2"        the mean of (x - y)^2
    "l1_sum"    the sum of |x - y|
    "l2_sum"    the sum of (x - y)^2
    """
    difference = tf.cast(first, tf.float32) - tf.cast(second, tf.float32)
    values = tf.abs(difference) if form.startswith("l1") else tf.square(difference)
    reduce = tf.reduce_sum if form.endswith("sum") else tf.reduce_mean
    return reduce(values, axis=range(1, len(values.shape)))
