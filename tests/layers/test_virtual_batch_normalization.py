import keras
import numpy as np
import pytest

from keras_gans.layers import VirtualBatchNormalization


def plain(reference_size, shape):
    """The layer with gamma = 1."""
    layer = VirtualBatchNormalization(reference_size, gamma_initializer="ones")
    layer.build((None, *shape))
    return layer


def test_the_numbers_of_one_example():
    output = plain(2, (1,))(np.array([[1.0], [3.0], [5.0]], "float32"))
    np.testing.assert_allclose(output, [[-0.999995], [0.999995], [1.224743]], atol=1e-6)


def test_examples_do_not_see_each_other_but_the_reference():
    layer = plain(2, (3,))
    x = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    whole = layer(x)
    np.testing.assert_allclose(whole[3], layer(x[[0, 1, 3]])[2], atol=1e-6)
    np.testing.assert_allclose(whole[:2], layer(x[:2]), atol=1e-6)
    assert not np.allclose(whole[3], layer(x[[4, 5, 3]])[2])


def test_images_against_the_formula():
    x = np.random.default_rng(0).normal(2.0, 3.0, size=(7, 4, 5, 3)).astype("float32")
    output = plain(4, (4, 5, 3))(x)
    reference, share = x[:4], 1 / 5
    np.testing.assert_allclose(
        output[:4], (reference - reference.mean((0, 1, 2))) / np.sqrt(reference.var((0, 1, 2)) + 1e-5), atol=1e-5
    )
    for row in (4, 5, 6):
        mean = share * x[row].mean((0, 1)) + (1 - share) * reference.mean((0, 1, 2))
        square = share * (x[row] ** 2).mean((0, 1)) + (1 - share) * (reference**2).mean((0, 1, 2))
        np.testing.assert_allclose(output[row], (x[row] - mean) / np.sqrt(square - mean**2 + 1e-5), atol=1e-5)


def test_large_means_leave_no_negative_variance():
    x = np.full((5, 2), 1e4, "float32") + np.array([[0.0], [0.01], [0.0], [0.02], [0.0]], "float32")
    assert np.isfinite(plain(3, (2,))(x)).all()
    np.testing.assert_allclose(plain(3, (2,))(np.full((5, 2), 1e4 + 1 / 3, "float32")), np.zeros((5, 2)), atol=1e-3)


def test_gamma_and_beta():
    layer = VirtualBatchNormalization(2)
    layer.build((None, 4000))
    gamma, beta = layer.get_weights()
    assert gamma.mean() == pytest.approx(1.0, abs=2e-3)
    assert gamma.std() == pytest.approx(0.02, rel=0.1)
    assert not beta.any()
    layer.set_weights([gamma, beta + 3])
    np.testing.assert_allclose(layer(np.ones((3, 4000), "float32")), np.full((3, 4000), 3.0), atol=1e-3)


def test_errors():
    with pytest.raises(ValueError, match="`reference_size` must be an int"):
        VirtualBatchNormalization(0)
    with pytest.raises(ValueError, match="`epsilon` must be positive"):
        VirtualBatchNormalization(2, epsilon=0)
    with pytest.raises(ValueError, match="Received: 2 rows. Prepend a reference batch"):
        VirtualBatchNormalization(3)(np.ones((2, 4)))
    with pytest.raises(ValueError, match="known number of channels"):
        VirtualBatchNormalization(3)(keras.Input((None,)))
