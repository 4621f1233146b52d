"""What callbacks take as `classes`."""

import numpy as np
import pytest

from keras_gans.callbacks import classes


@pytest.mark.parametrize("given", [3, np.int64(3), ["a", "b", "c"], np.array(["a", "b", "c"]), ("a", "b", "c"), [0, 1, 2]])
def test_classes_of_one_condition(given):
    found = classes.conditions_of(given)
    np.testing.assert_array_equal(found, [0, 1, 2])
    np.testing.assert_array_equal(classes.in_turns(found, 5), [0, 1, 2, 0, 1])
    assert classes.number_of(found) == 3


@pytest.mark.parametrize("given", [[{"a": 1, "b": [2.0]}, {"a": 3, "b": [4.0]}], {"a": [1, 3], "b": [[2.0], [4.0]]}])
def test_classes_of_several_conditions(given):
    found = classes.in_turns(classes.conditions_of(given), 3)
    np.testing.assert_array_equal(found["a"], [1, 3, 1])
    np.testing.assert_array_equal(found["b"], [[2], [4], [2]])


def test_none():
    assert classes.conditions_of(None) is None
    assert classes.in_turns(None, 4) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (0, "`classes` must be an int >= 1"),
        ("cats", "list of names.*Received: classes='cats'"),
        ([], "with at least one entry"),
        (2.5, "with at least one entry. Received: classes=2.5"),
        ({"a": [1, 2], "b": [1]}, "of equal length.*'a': 2, 'b': 1"),
        ({"a": 1}, "of equal length"),
        ([{"a": 1}, {"b": 1}], "the same keys"),
        ([{"a": 1}, 2], "the same keys"),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        classes.conditions_of(given)
