"""Labels as metrics that look at classes take them."""

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
