import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import ReflectionPadding2D


def test_a_row():
    x = np.tile(np.arange(4.0, dtype="float32").reshape(1, 1, 4, 1), (1, 3, 1, 1))
    y = ReflectionPadding2D(2)(x).numpy()
    assert y.shape == (1, 7, 8, 1)
    np.testing.assert_array_equal(y[0, :, :, 0], np.tile([2, 1, 0, 1, 2, 3, 2, 1], (7, 1)))


@pytest.mark.parametrize("padding", [0, 1, 3])
def test_both_axes(padding):
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")
    sides = (padding, padding)
    np.testing.assert_array_equal(ReflectionPadding2D(padding)(x), np.pad(x, [(0, 0), sides, sides, (0, 0)], mode="reflect"))


def test_unknown_sizes():
    images = keras.Input((None, 6, 1))
    model = keras.Model(images, ReflectionPadding2D(3)(images))
    assert model.output_shape == (None, None, 12, 1)
    assert model(tf.zeros((1, 5, 6, 1))).shape == (1, 11, 12, 1)


def test_errors():
    for padding in (-1, 1.0, True, None):
        with pytest.raises(ValueError, match="`padding` must be an int >= 0"):
            ReflectionPadding2D(padding)
    for shape in ((1, 3, 8, 1), (1, 8, 2, 1)):
        with pytest.raises(ValueError, match="larger than 3"):
            ReflectionPadding2D(3)(tf.zeros(shape))
    with pytest.raises(ValueError, match=r"\(batch, height, width, channels\)"):
        ReflectionPadding2D()(tf.zeros((8, 8, 1)))
