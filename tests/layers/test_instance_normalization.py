import numpy as np
import pytest

from keras_gans.layers import InstanceNormalization


@pytest.mark.parametrize("shape", [(3, 4, 5, 2), (3, 6, 2)])
def test_against_the_formula(shape):
    x = np.random.default_rng(0).normal(2.0, 0.01, size=shape).astype("float32")
    axes = tuple(range(1, len(shape) - 1))
    expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 1e-5)
    layer = InstanceNormalization()
    np.testing.assert_allclose(layer(x), expected, atol=2e-3)  # float32 at a large mean
    layer.set_weights([np.array([2.0, 3.0]), np.array([0.5, -1.0])])
    np.testing.assert_allclose(layer(x), expected * [2.0, 3.0] + [0.5, -1.0], atol=6e-3)


def test_the_epsilon_is_the_papers():
    x = np.array([-1e-2, 1e-2], "float32").reshape(1, 2, 1)
    np.testing.assert_allclose(InstanceNormalization()(x)[0, 1, 0], 1e-2 / np.sqrt(1e-4 + 1e-5), rtol=1e-5)


def test_without_weights():
    layer = InstanceNormalization(center=False, scale=False)
    layer(np.ones((1, 2, 2, 3)))
    assert not layer.weights


def test_errors():
    with pytest.raises(ValueError, match="`epsilon` must be positive"):
        InstanceNormalization(0.0)
    with pytest.raises(ValueError, match="at least one axis of space"):
        InstanceNormalization()(np.ones((2, 3)))
