"""Labels and conditions, as the networks and the metrics take them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils import conditions
from keras_gans.utils.split_batch import split_batch


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


def rows(condition, wanted, batch_size=3):
    return conditions.condition_rows(condition, wanted, batch_size).numpy()


def test_labels_are_no_vectors():
    wanted = keras.Input((3,))
    for labels in ([0, 1, 2], [2, 0, 1, 1], [1, 0], np.arange(10)):
        with pytest.raises(ValueError, match=r"a vector of 3 floats.*integers, which are labels.*to_categorical\(labels, 3\)"):
            rows(labels, wanted, len(labels))
    np.testing.assert_array_equal(rows([0, 1, 0], wanted), [[0, 1, 0]] * 3)
    np.testing.assert_array_equal(rows([0.0, 1.0, 2.0], wanted), [[0, 1, 2]] * 3)
    one_hot = keras.utils.to_categorical([2, 0, 1], 3)
    np.testing.assert_array_equal(rows(one_hot.astype(int), wanted), one_hot)
    with pytest.raises(ValueError, match="integers, which are labels"):
        conditions.check_classes(np.arange(5), wanted, None)  # the labels of a batch
    with pytest.raises(ValueError, match="1 axes for one image. Received: the number 1"):
        rows(1, wanted)


@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_labels_become_a_column_where_the_network_takes_one(dtype):
    wanted = keras.Input((1,), dtype=dtype)
    prepared = conditions.prepare_condition(np.array([0, 1, 2]), wanted)
    assert prepared.dtype == dtype
    np.testing.assert_array_equal(prepared, [[0], [1], [2]])
    np.testing.assert_array_equal(rows([0, 1, 2], wanted), [[0], [1], [2]])
    for one in (2, [2], [[2]]):
        np.testing.assert_array_equal(rows(one, wanted), [[2]] * 3)


@pytest.mark.parametrize("name", [None, "condition", "label"])
def test_a_condition_without_a_name_of_its_own_may_be_called_anything(name):
    wanted = keras.Input((), dtype="int32", name=name)
    assert conditions.by_name({"angle": 1}, wanted) == 1


def test_a_condition_of_another_name_is_refused():
    wanted = keras.Input((), dtype="int32", name="kind")
    for name in ("kind", "condition", "label", "labels", "y"):
        assert conditions.by_name({name: 1}, wanted) == 1
    with pytest.raises(ValueError, match="The networks take the condition 'kind'. Received: a dict of 'angle'"):
        conditions.by_name({"angle": 1}, wanted)


def test_batches_with_the_names_of_conditions():
    x, kind, size = object(), object(), object()
    assert split_batch({"image": x, "kind": kind}, ("kind",)) == (x, {"kind": kind})
    assert split_batch({"image": x, "label": kind}, ("kind",)) == (x, kind)
    assert split_batch({"image": x, "size": size, "kind": kind}, ("kind", "size")) == (x, {"kind": kind, "size": size})
    with pytest.raises(ValueError, match=r"Received also the keys \['size'\], which nothing takes"):
        split_batch({"image": x, "kind": kind, "size": size}, ("kind",))
    with pytest.raises(ValueError, match=r"Received also the keys \['label'\], which nothing takes"):
        split_batch({"image": x, "kind": kind, "label": kind}, ("kind",))
    with pytest.raises(ValueError, match=r"Received: keys \['image', 'kind'\], without \['size'\]"):
        split_batch({"image": x, "kind": kind}, ("kind", "size"))
