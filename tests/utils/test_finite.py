"""What is refused, and what is said of it."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils.finite import check_finite
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
