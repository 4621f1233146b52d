"""Data that never end."""

import keras
import tensorflow as tf


def is_endless(data):
    """Whether data are a `tf.data.Dataset` that is repeated without end, or a PyDataset whose `num_batches` is None.

    Of generators, and of data sets of unknown length, nobody knows: False.
    """
    if isinstance(data, tf.data.Dataset):
        return int(data.cardinality()) == tf.data.INFINITE_CARDINALITY
    return isinstance(data, keras.utils.PyDataset) and data.num_batches is None
