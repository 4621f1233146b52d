"""What is refused, and what is said of it."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils.assured import assured
from keras_gans.utils.finite import check_finite
from keras_gans.utils.finite import check_not_masked
from keras_gans.utils.finite import finite

VALUES = np.float32([[1, np.nan, 3], [-np.inf, np.inf, 0]])


@pytest.mark.parametrize(("minus_infinity", "count"), [(False, 3), (True, 2)])
def test_how_many(minus_infinity, count):
    with pytest.raises(ValueError, match=f"`x` must be finite. Received: {count} of 6 values are NaN or infinite"):
        check_finite(VALUES, "`x`", minus_infinity)
    for call in (finite, tf.function(finite)):
        with pytest.raises(tf.errors.InvalidArgumentError, match=rf"(?s)`x` must be finite.*many:.*{count}\D+6"):
            call(tf.constant(VALUES), "`x`", minus_infinity)


def test_what_is_fine_is_left_as_it_is():
    check_finite([[1, 2]], "ints")
    check_finite(np.float32([-np.inf, 0]), "logits", minus_infinity=True)
    for values in (tf.constant([1, 2]), tf.constant([0.5, -1e30]), tf.zeros((0, 3)), np.ones((2, 2))):
        np.testing.assert_array_equal(finite(values, "x"), values)
        np.testing.assert_array_equal(tf.function(finite)(values, "x"), values)


def test_a_check_comes_before_what_it_protects():
    """Beside each other, the eigenvalues of what holds NaN would fail first, some of the time."""
    graph = tf.function(lambda x: assured(x, tf.reduce_all(x > 0), "must be positive")).get_concrete_function(tf.TensorSpec((2,)))
    waited_for = {before.type for op in graph.graph.get_operations() if op.type == "Identity" for before in op.control_inputs}
    assert waited_for & {"Assert", "If"}
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be positive"):
        graph(tf.constant([1.0, -1.0]))


def test_masks():
    check_not_masked(np.ma.masked_array(np.ones(3)), "`x` has")
    check_not_masked(np.ones(3), "`x` has")
    with pytest.raises(ValueError, match="`x` has masked values, in 2 of 3 examples; the first is example 1.*or drop"):
        check_not_masked(np.ma.masked_greater([[0, 0], [0, 5], [5, 5]], 1), "`x` has")
