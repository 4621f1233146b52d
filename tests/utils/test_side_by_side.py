"""Images of different sizes, channels and ranges in one picture."""

import numpy as np

from keras_gans.utils.side_by_side import is_picture
from keras_gans.utils.side_by_side import side_by_side


def test_small_gray_sources_in_another_range_beside_large_color():
    small = np.array([[[[0.0], [1.0]]], [[[0.2], [0.4]]]], "float32")  # two of 1 x 2
    large = np.full((2, 2, 4, 3), -1.0, "float32")
    made = side_by_side([small, large], [(0, 1), (-1, 1)])
    assert (made.shape, made.dtype) == ((4, 2, 4, 3), np.uint8)
    np.testing.assert_array_equal(made[0, ..., 1], [[0, 0, 255, 255]] * 2)
    np.testing.assert_array_equal(made[2, ..., 2], [[51, 51, 102, 102]] * 2)
    assert (made[1::2] == 0).all()


def test_sizes_that_do_not_divide():
    made = side_by_side([np.arange(2, dtype="uint8").reshape(1, 2, 1, 1), np.zeros((1, 3, 1, 1), "uint8")], [(-1, 1)] * 2)
    np.testing.assert_array_equal(made[0].ravel(), [0, 0, 1])


def test_what_can_be_shown():
    assert is_picture((None, None, 3))
    assert not is_picture((8, 8, 5))
    assert not is_picture((8,))
