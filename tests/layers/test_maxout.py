import keras
import numpy as np
import pytest

from keras_gans.layers import Maxout


def test_identical_pieces_are_a_dense_layer():
    layer = Maxout(3, 4)
    layer.build((None, 5))
    kernel = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    layer.set_weights([np.repeat(kernel, 4, axis=1), np.zeros(12, "float32")])
    x = np.random.default_rng(1).normal(size=(2, 5)).astype("float32")
    np.testing.assert_allclose(layer(x), x @ kernel, atol=1e-6)


def test_the_largest_piece_wins():
    layer = Maxout(1, 2)
    layer.build((None, 1))
    layer.set_weights([np.array([[1.0, -1.0]]), np.array([0.0, 0.5])])
    np.testing.assert_allclose(layer(np.array([[2.0], [-2.0]])), [[2.0], [2.5]])


def test_parameters_and_shape():
    inputs = keras.Input((784,))
    model = keras.Model(inputs, Maxout(240, 5)(inputs))
    assert model.count_params() == 240 * 5 * 785
    assert model.output_shape == (None, 240)


@pytest.mark.parametrize("arguments", [(0, 5), (5, 0)])
def test_bad_arguments(arguments):
    with pytest.raises(ValueError, match="must be an int >= 1"):
        Maxout(*arguments)
