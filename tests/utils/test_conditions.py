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
    one_hot = r"one-hot vectors: keras.utils.to_categorical\(labels, 3\)\.$"
    for labels in ([0, 1, 2], [0, 1, 0], [2, 0, 1, 1], [1, 0], np.arange(10)):
        remedy = one_hot if len(labels) < 10 else r"vectors \(batch, 3\)\.$"  # no row has a place for class 9
        with pytest.raises(ValueError, match=f"a vector of 3 floats.*integers, which are labels. Pass {remedy}"):
            rows(labels, wanted, len(labels))
    np.testing.assert_array_equal(rows([0, 1, 0], wanted, 2), [[0, 1, 0]] * 2)
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


WEIGHTS = keras.Input((3,))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.array([2, 0, 1]), np.eye(3)[[2, 0, 1]]),
        (np.uint8([[2], [0], [1]]), np.eye(3)[[2, 0, 1]]),
        (1, np.eye(3)[[1, 1, 1]]),
        ([0, 1, 0], np.eye(3)[[0, 1, 0]]),  # labels, although it looks like a row
        (np.eye(3, dtype=int), np.eye(3)),
        ([0.0, 1.0, 0.0], np.eye(3)[[0, 1, 0]]),  # as long as a row of weights
        ([[0.0], [2.0], [1.0]], np.eye(3)[[0, 2, 1]]),
        (1.0, np.eye(3)[[1, 1, 1]]),
        ([[False, True, False]], np.eye(3)[[1, 1, 1]]),
        ([[0.25, 1.5, -0.75]], [[0.25, 1.5, -0.75]] * 3),  # any finite weights
    ],
    ids=str,
)
def test_weights_over_classes(given, expected):
    found = conditions.condition_rows(given, WEIGHTS, 3, classes=3)
    assert found.dtype == tf.float32
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([0, 3, 1], "classes 0 to 2. Received: values from 0 to 3"),
        ([[-1]], "classes 0 to 2. Received: values from -1"),
        ([0.0, 0.5, 0.5], r"weights over 3 classes.*Received: float64, \(3,\). A mixture for all is \(1, 3\)"),
        ([False, True, False], r'weights over 3 classes.*Received: bool, .* mixture for all is \(1, 3\).*Of labels .*"int64"'),
        ([[0.0], [2.0], [0.5]], "weights over 3 classes"),
        (0.5, "weights over 3 classes"),
        (True, "weights over 3 classes"),
        ([0.0, 2.0], "length 1 or 3"),
        ([0.0, 3.0, 1.0], "classes 0 to 2. Received: values from 0 to 3"),
        (np.ones((3, 2), int), "weights over 3 classes"),
        ([[0.5, np.nan, 0.5]], "Conditions must be finite"),
        ([["a"]], "Conditions must be numbers"),
        (np.eye(3)[:2], "length 1 or 3"),
        ([0, 1], "length 1 or 3"),
    ],
    ids=str,
)
def test_what_is_neither_labels_nor_weights(given, message):
    with pytest.raises(ValueError, match=message):
        conditions.condition_rows(given, WEIGHTS, 3, classes=3)


@pytest.mark.slow
def test_labels_in_a_graph_become_rows_whatever_their_shape():
    labels, rows = np.array([2, 0, 1]), np.eye(3)[[2, 0, 1]]
    given = [labels, labels[:, None], rows.astype("int64"), rows.astype("float32"), rows.astype(bool)]
    given += [labels.astype("float32"), labels[:, None].astype("float32")]
    for shape in (None, (None,), (None, None)):
        for each in given:
            spec = tf.TensorSpec(shape, each.dtype)
            if shape is None or len(shape) == each.ndim:
                prepared = tf.function(lambda x: conditions.prepare_condition(x, WEIGHTS, 3), input_signature=[spec])
                np.testing.assert_array_equal(prepared(tf.constant(each)), rows)
    prepared = tf.function(lambda x: conditions.prepare_condition(x, WEIGHTS, 3))
    for wrong in ([0, 3], [0.0, 0.5, 0.5], [0.0, np.nan]):
        with pytest.raises(tf.errors.InvalidArgumentError, match="Conditions must be classes 0 to 2"):
            prepared(tf.constant(wrong))
    with pytest.raises(ValueError, match="A mixture for all is"):
        prepared(tf.constant([True, False, False]))
    for wrong in (tf.zeros((4, 2), tf.int32), tf.zeros((3, 4))):
        with pytest.raises(ValueError, match="does not have the shape that the networks take"):
            prepared(wrong)


def test_several_conditions_of_which_one_is_weights():
    wanted = {"kind": WEIGHTS, "size": keras.Input((1,))}
    found = conditions.condition_rows({"kind": [2, 0], "size": [0.5, 0.25]}, wanted, 2, {"kind": 3})
    np.testing.assert_array_equal(found["kind"], np.eye(3)[[2, 0]])
    np.testing.assert_array_equal(found["size"], [[0.5], [0.25]])


@pytest.mark.slow
def test_the_labels_of_one_hot_rows():
    labels = tf.function(lambda x: conditions.to_labels(x, "FID"))
    rows = np.eye(3, dtype="float32")[[2, 0]]
    for given in (rows, rows.astype(int), tf.constant(rows)):
        np.testing.assert_array_equal(conditions.to_labels(given, "FID"), [2, 0])
        np.testing.assert_array_equal(labels(tf.constant(given)), [2, 0])
    mixture = np.float32([[0.5, 0.5, 0.0]])
    with pytest.raises(ValueError, match="FID takes a label for each image.*a mixture of classes is not a label.*argmax"):
        conditions.to_labels(mixture, "FID")
    with pytest.raises(tf.errors.InvalidArgumentError, match="a mixture of classes is not a label"):
        labels(tf.constant(mixture))
    np.testing.assert_array_equal(conditions.labels_of(rows, 3), [2, 0])
    np.testing.assert_array_equal(conditions.labels_of(rows, None), rows)
    np.testing.assert_array_equal(conditions.labels_of(mixture, 3), mixture)
    np.testing.assert_array_equal(conditions.labels_of(np.array([[1], [2]]), 3), [1, 2])
    assert conditions.labels_of(None, 3) is None
    signed, attributes = 2 * rows - 1, np.array([[1, 1, -1], [-1, 1, -1]])
    np.testing.assert_array_equal(conditions.labels_of(signed, 3), signed)  # as weights, a mixture
    for each, expected in ((rows, [2, 0]), (signed, [2, 0]), (attributes, attributes), (mixture, mixture)):
        np.testing.assert_array_equal(conditions.labels_of(each, 3, signed=True), expected)
