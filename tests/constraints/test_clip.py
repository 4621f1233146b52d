import keras
import numpy as np
import pytest

from keras_gans.constraints import Clip


def test_values():
    np.testing.assert_allclose(Clip(0.01)(np.array([0.5, -0.02, 0.005], "float32")), [0.01, -0.01, 0.005])


def test_it_holds_after_each_update():
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2, kernel_constraint=Clip(0.1), bias_constraint=Clip(0.1))(x))
    model.compile(keras.optimizers.SGD(10.0), "mse")
    model.fit(np.ones((8, 3)), np.full((8, 2), 50.0), epochs=2, verbose=0)
    assert all(np.abs(weight).max() <= 0.1 for weight in model.get_weights())


@pytest.mark.parametrize("bound", [float("inf"), float("nan"), "0.01"])
def test_a_bound_that_is_not_finite(bound):
    with pytest.raises(ValueError, match="`bound` must be a finite number"):
        Clip(bound)
