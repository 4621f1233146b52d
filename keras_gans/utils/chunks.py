"""Applies a function to many rows, a few at a time."""

import tensorflow as tf


def in_chunks(function, count, chunk, shape):
    """The results of a function on rows, computed for `chunk` rows at a time: apart from the result, memory does not grow.

    Works in a graph.

    Args:
        function: Called on slices of the rows; returns a float32 tensor with a row for each.
        count: Int tensor, the number of rows.
        chunk: Int.
        shape: Tuple, of one row of the result; sizes may be None.

    Returns:
        Float32 tensor `(count, *shape)`.

    Example:

    ```python
    x = tf.range(10.0)
    doubled = keras_gans.utils.chunks.in_chunks(lambda rows: 2 * x[rows], tf.size(x), 4, ())
    print(doubled.shape)  # (10,)
    ```
    """

    def step(start, parts):
        return start + chunk, parts.write(start // chunk, function(slice(start, start + chunk)))

    parts = tf.TensorArray(tf.float32, (count + chunk - 1) // chunk, element_shape=(None, *shape), infer_shape=False)
    # One chunk after the other.
    _, parts = tf.while_loop(lambda start, _: start < count, step, (0, parts), parallel_iterations=1)
    return parts.concat()
