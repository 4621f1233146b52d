import keras
import numpy as np
import pytest

from keras_gans.layers import ConditioningAugmentation

RANDOM = np.random.default_rng(0)
EMBEDDING = RANDOM.normal(size=(3, 6)).astype("float32")
EPSILON = RANDOM.normal(size=(3, 4)).astype("float32")


def made(form):
    layer = ConditioningAugmentation(4, form, keras.initializers.RandomNormal(0.0, 1.0))
    output = layer([EMBEDDING, EPSILON])
    return {key: value.numpy() for key, value in output.items()}, EMBEDDING @ layer.dense.kernel.numpy()


def test_the_form_of_the_tensorflow_release():
    output, h = made("tensorflow")
    h = np.where(h > 0, h, 0.2 * h)
    np.testing.assert_allclose(output["mean"], h[:, :4], atol=1e-5)
    np.testing.assert_allclose(output["log_scale"], h[:, 4:], atol=1e-5)
    np.testing.assert_allclose(output["code"], h[:, :4] + np.exp(h[:, 4:]) * EPSILON, rtol=1e-4, atol=1e-4)


def test_the_form_of_the_pytorch_release():
    output, h = made("pytorch")
    h = np.maximum(h, 0)
    np.testing.assert_allclose(output["log_scale"], h[:, 4:] / 2, atol=1e-5)
    np.testing.assert_allclose(output["code"], h[:, :4] + np.sqrt(np.exp(h[:, 4:])) * EPSILON, rtol=1e-4, atol=1e-4)
    assert output["mean"].min() == 0.0
    assert output["log_scale"].min() == 0.0


def test_the_count_and_the_initializer():
    layer = ConditioningAugmentation()
    layer.build([(None, 1024), (None, 128)])
    assert sum(int(np.prod(variable.shape)) for variable in layer.trainable_variables) == 262_400
    assert layer.dense.kernel.numpy().std() == pytest.approx(0.02, rel=0.02)


def test_without_noise_the_code_is_the_mean():
    output = ConditioningAugmentation(4)([EMBEDDING, 0 * EPSILON])
    np.testing.assert_array_equal(output["code"], output["mean"])


def test_what_is_refused():
    with pytest.raises(ValueError, match="`units`"):
        ConditioningAugmentation(0)
    with pytest.raises(ValueError, match='"tensorflow" or "pytorch"'):
        ConditioningAugmentation(form="torch")
    with pytest.raises(ValueError, match=r"called on \[embedding, epsilon\]"):
        ConditioningAugmentation(5)([EMBEDDING, EPSILON])
    with pytest.raises(ValueError, match=r"called on \[embedding, epsilon\]"):
        ConditioningAugmentation(4)(EMBEDDING)
