"""Arguments that are one of a few values."""

import numpy as np
import pytest

from keras_gans.utils.choices import check_choice


def test_one_of_them_passes():
    check_choice(("a", None), first="a", second=None)
    check_choice({"a": 1}, name="a")


@pytest.mark.parametrize("value", ["b", ["a"], {"a": 1}, np.array(["a"]), 3], ids=str)
def test_whatever_else_is_refused(value):
    with pytest.raises(ValueError, match=r"`name` must be one of \['a', None\]\. Received: name="):
        check_choice(("a", None), name=value)
