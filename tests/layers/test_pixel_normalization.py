import numpy as np
import pytest

from keras_gans.layers import PixelNormalization


def test_the_numbers():
    x = np.array([[3.0, 4.0], [0.0, 0.0]], "float32")
    np.testing.assert_allclose(PixelNormalization()(x), [[0.848528, 1.131371], [0.0, 0.0]], atol=1e-6)
    images = np.broadcast_to(x[:1], (2, 3, 3, 2))
    np.testing.assert_allclose(PixelNormalization()(images)[1, 2, 0], [0.848528, 1.131371], atol=1e-6)


def test_the_mean_square_is_one():
    expected = [0.365148, 0.730297, 1.095445, 1.460593]
    np.testing.assert_allclose(PixelNormalization()(np.array([[1.0, 2.0, 3.0, 4.0]], "float32")), [expected], atol=1e-6)
    x = np.random.default_rng(0).normal(size=(2, 3, 3, 16)).astype("float32")
    np.testing.assert_allclose(np.mean(np.square(PixelNormalization()(x)), axis=-1), 1.0, rtol=1e-5)


def test_half_precision_keeps_the_epsilon():
    layer = PixelNormalization(dtype="mixed_float16")
    output = layer(np.array([[0.0, 0.0], [1e-4, 1e-4], [400.0, 400.0]]))
    assert output.dtype == "float16"
    np.testing.assert_allclose(output, [[0.0, 0.0], [0.7071, 0.7071], [1.0, 1.0]], atol=2e-3)


def test_errors():
    with pytest.raises(ValueError, match="`epsilon` must be positive"):
        PixelNormalization(0)
