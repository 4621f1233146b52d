"""Labels and conditions, as the networks and the metrics take them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils import conditions


@pytest.mark.parametrize("labels", [["a"], [np.nan, 1.5], [0.5], [np.inf], [[1.0], [1.25]]])
def test_labels_that_are_no_whole_numbers(labels):
    for given in (labels, np.array(labels), tf.constant(labels)):
        with pytest.raises(ValueError, match="FID: labels must be whole numbers. Received: .*Number the classes from 0"):
            conditions.to_labels(given, "FID")


def test_labels_in_a_graph():
    labels = tf.function(lambda x: conditions.to_labels(x, "FID"))
    np.testing.assert_array_equal(labels(tf.constant([[2.0], [0.0]])), [2, 0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="FID: labels must be whole numbers"):
        labels(tf.constant([np.nan, 1.0]))


@pytest.mark.parametrize("labels", [[2, 0], np.uint8([2, 0]), np.float32([[2], [0]]), tf.constant([2, 0], tf.int64)])
def test_labels_of_any_type(labels):
    found = conditions.to_labels(labels, "FID")
    assert found.dtype == tf.int32
    np.testing.assert_array_equal(found, [2, 0])


@pytest.mark.parametrize(("shape", "dtype"), [((1,), "float32"), ((), "int32")])
def test_words_are_no_conditions(shape, dtype):
    wanted = keras.Input(shape, dtype=dtype)
    with pytest.raises(ValueError, match="Conditions must be .*numbers. Received: dtype <U1, \\['a'\\].*StringLookup"):
        conditions.condition_rows([["a"]], wanted, 2)
