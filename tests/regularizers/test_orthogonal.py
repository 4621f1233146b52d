import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.regularizers import Orthogonal

W = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], "float32")


@pytest.mark.parametrize(("form", "expected"), [("off_diagonal", 392.0), ("full", 873.0), ("absolute", 57.0)])
def test_the_numbers(form, expected):
    assert float(Orthogonal(1.0, form)(W)) == pytest.approx(expected)


def test_the_default_weight():
    assert float(Orthogonal()(W)) == pytest.approx(0.0392)


def test_the_gradient():
    w = tf.Variable(W)
    with tf.GradientTape() as tape:
        value = Orthogonal(1.0)(w)
    np.testing.assert_allclose(tape.gradient(value, w), [[112, 56], [224, 168], [56, 0]], rtol=1e-6)


def test_kernels_of_convolutions():
    kernel = W.reshape(3, 1, 1, 2)
    assert float(Orthogonal(1.0)(kernel)) == pytest.approx(392.0)
    assert float(Orthogonal(1.0, transpose=True)(np.swapaxes(kernel, 2, 3))) == pytest.approx(392.0)
    assert float(Orthogonal(1.0, transpose=True)(W)) == pytest.approx(282.0)


def test_orthogonal_kernels():
    orthogonal = np.linalg.qr(np.random.default_rng(0).normal(size=(6, 4)))[0].astype("float32")
    for form in ("off_diagonal", "full", "absolute"):
        assert float(Orthogonal(1.0, form)(orthogonal)) == pytest.approx(0.0, abs=1e-5)
    assert float(Orthogonal(1.0)(3 * orthogonal)) == pytest.approx(0.0, abs=1e-4)
    assert float(Orthogonal(1.0, "full")(3 * orthogonal)) == pytest.approx(4 * 8**2, rel=1e-4)


def test_half_precision_is_computed_in_single():
    value = Orthogonal(1.0)(tf.constant(100 * W, tf.float16))
    assert value.dtype == "float32"
    assert float(value) == pytest.approx(392e8)


def test_in_a_layer_that_is_saved(tmp_path):
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2, kernel_regularizer=Orthogonal(0.5, "full"))(x))
    model.layers[1].kernel.assign(W)
    assert float(model.losses[0]) == pytest.approx(436.5)
    model.save(tmp_path / "model.keras")
    assert float(keras.saving.load_model(tmp_path / "model.keras").losses[0]) == pytest.approx(436.5)


def test_errors():
    with pytest.raises(ValueError, match="`form` must be one of"):
        Orthogonal(form="diagonal")
    with pytest.raises(ValueError, match="`weight` must not be negative"):
        Orthogonal(-1.0)
    with pytest.raises(ValueError, match="with two or more axes"):
        Orthogonal()(np.ones(3))
