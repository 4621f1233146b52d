"""A check in a graph that runs before the checked value is used."""

import tensorflow as tf


def assured(value, condition, *message):
    """`value`, which cannot be used before `condition` has been checked.

    In a graph, a bare `tf.debugging.Assert` and what it protects run side by side, and either may fail first. XLA leaves out such
    checks.

    Args:
        value: Tensor.
        condition: Scalar bool tensor.
        *message: Strings and tensors, of the error.

    Raises:
        tf.errors.InvalidArgumentError: if the condition is false.

    Example:

    ```python
    count = keras_gans.utils.assured.assured(tf.constant(3), tf.constant(True), "never seen")
    print(int(count))  # 3
    ```
    """
    check = tf.debugging.Assert(condition, list(message))
    with tf.control_dependencies([] if check is None else [check]):
        return tf.identity(value)
