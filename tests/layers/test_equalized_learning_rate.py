import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import EqualizedLearningRate
from keras_gans.utils.copies import clone
from keras_gans.utils.networks import final_operations

SQRT2 = math.sqrt(2.0)


def conv(filters=1):
    return keras.layers.Conv2D(filters, 3, padding="same")


@pytest.mark.parametrize(
    ("layer", "shape", "gain", "lr_multiplier", "coefficient", "std"),
    [
        (conv(), (4, 4, 512), SQRT2, 1.0, 0.0208333, 1.0),
        (conv(), (4, 4, 513), SQRT2, 1.0, 0.0208130, 1.0),
        (conv(), (4, 4, 512), 1.0, 1.0, 0.014731, 1.0),
        (keras.layers.Dense(1), (512,), SQRT2, 1.0, 0.0625, 1.0),
        (keras.layers.Dense(1), (512,), 1.0, 1.0, 0.0441942, 1.0),
        (keras.layers.Dense(1), (512,), SQRT2 / 4, 1.0, 0.015625, 1.0),
        (keras.layers.Dense(1), (8192,), SQRT2, 1.0, 0.015625, 1.0),
        (keras.layers.Dense(16), (512,), SQRT2, 0.01, 0.000625, 100.0),
        (keras.layers.Conv2DTranspose(2, 3, 2, "same"), (4, 4, 512), SQRT2, 1.0, 0.0208333, 1.0),
        (keras.layers.Conv2D(4, 3, groups=2), (4, 4, 1024), SQRT2, 1.0, 0.0208333, 1.0),
        (keras.layers.DepthwiseConv2D(3, depth_multiplier=2), (4, 4, 512), 1.0, 1.0, 1 / 3, 1.0),
    ],
)
def test_the_constants(layer, shape, gain, lr_multiplier, coefficient, std):
    layer = EqualizedLearningRate(type(layer).from_config(layer.get_config()), gain, lr_multiplier)
    layer.build((None, *shape))
    assert layer.coefficient == pytest.approx(coefficient, rel=3e-5)
    kernel = layer.layer.kernel.numpy()
    if kernel.size > 4000:
        assert kernel.std() == pytest.approx(std, rel=0.03)
        assert abs(kernel.mean()) < 0.05 * std


@pytest.mark.parametrize(
    ("inner", "shape"),
    [
        (keras.layers.Dense(5, "relu"), (2, 7)),
        (keras.layers.Conv1D(5, 3), (2, 6, 7)),
        (keras.layers.Conv2D(5, 3, padding="same"), (2, 6, 6, 7)),
        (keras.layers.Conv2DTranspose(5, 3, 2, "same"), (2, 6, 6, 7)),
        (keras.layers.DepthwiseConv2D(3, depth_multiplier=2), (2, 6, 6, 7)),
    ],
)
def test_it_computes_with_the_scaled_kernel_and_bias(inner, shape):
    inner = type(inner).from_config(inner.get_config())
    layer = EqualizedLearningRate(inner, 3.0, 0.5)
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    layer(x)
    inner.bias.assign(np.arange(inner.bias.shape[0]))
    output, kernel, bias = layer(x), inner.kernel.numpy(), inner.bias.numpy()
    assert output.shape == layer.compute_output_shape(shape)
    inner.kernel.assign(layer.coefficient * kernel)
    inner.bias.assign(0.5 * bias)
    np.testing.assert_allclose(output, inner(x), atol=1e-5)


def test_the_variance_of_the_output_does_not_depend_on_the_multiplier():
    x = np.random.default_rng(0).normal(size=(200, 300)).astype("float32")
    for lr_multiplier in (1.0, 0.01):
        layer = EqualizedLearningRate(keras.layers.Dense(100), 1.0, lr_multiplier)
        assert np.std(layer(x)) == pytest.approx(1.0, abs=0.03)


def test_the_gradient_is_that_of_the_variables():
    layer = EqualizedLearningRate(keras.layers.Dense(1), 1.0, 0.1)
    x = tf.constant([[1.0, 2.0, 2.0, 4.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x))
    kernel, bias = tape.gradient(loss, [layer.layer.kernel.value, layer.layer.bias.value])
    np.testing.assert_allclose(kernel, 0.05 * np.transpose(x), rtol=1e-6)
    np.testing.assert_allclose(bias, [0.1], rtol=1e-6)
    assert [variable.path for variable in layer.trainable_variables] == [layer.layer.kernel.path, layer.layer.bias.path]


def test_the_variables_stay_what_they_were_after_an_error():
    layer = EqualizedLearningRate(keras.layers.Dense(2), lr_multiplier=0.1)
    layer(np.ones((1, 3), "float32"))
    kernel, bias = layer.layer.kernel, layer.layer.bias
    with pytest.raises(ValueError, match="incompatible"):
        layer(np.ones((1, 5), "float32"))
    assert layer.layer.kernel is kernel
    assert layer.layer.bias is bias


def test_in_half_precision_the_constant_is_in_single():
    layer = EqualizedLearningRate(keras.layers.Dense(64, use_bias=False, dtype="mixed_bfloat16"), lr_multiplier=0.01)
    x = tf.one_hot([0], 512)
    output = layer(x)
    assert output.dtype == "bfloat16"
    assert layer.layer.kernel.dtype == "float32"
    expected = tf.cast(layer.layer.kernel[:1] * layer.coefficient, "bfloat16")
    np.testing.assert_array_equal(tf.cast(output, "float32"), tf.cast(expected, "float32"))


def test_copies_and_files_have_the_same_weights(tmp_path):
    x = keras.Input((4, 4, 3))
    model = keras.Model(x, EqualizedLearningRate(conv(2), 1.0, 0.1, name="conv")(x))
    model.layers[-1].layer.bias.assign([1.0, 2.0])
    model.save(tmp_path / "model.keras")
    images = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype("float32")
    for copy in (clone(model), keras.saving.load_model(tmp_path / "model.keras")):
        np.testing.assert_array_equal(copy(images), model(images))
        assert copy.get_layer("conv").coefficient == model.get_layer("conv").coefficient


def test_checks_see_the_activation():
    x = keras.Input((3,))
    assert final_operations(EqualizedLearningRate(keras.layers.Dense(1, "sigmoid"))(x)) == ["sigmoid"]


def test_a_regularizer_sees_the_kernel_itself():
    layer = EqualizedLearningRate(keras.layers.Dense(2, kernel_regularizer=keras.regularizers.L2(1.0)))
    layer(tf.eye(3))
    assert float(layer.losses[0]) == pytest.approx(np.sum(layer.layer.kernel.numpy() ** 2), rel=1e-6)


def test_errors():
    with pytest.raises(ValueError, match="EqualizedLearningRate needs a layer with a variable `kernel`"):
        EqualizedLearningRate(keras.layers.ReLU())(np.ones((1, 3)))
    with pytest.raises(ValueError, match="EqualizedLearningRate needs a layer with a variable `kernel`"):
        EqualizedLearningRate(keras.layers.SeparableConv2D(2, 3))(np.ones((1, 4, 4, 3)))
    with pytest.raises(ValueError, match="`layer` must be a Keras layer"):
        EqualizedLearningRate(keras.layers.Dense)
    with pytest.raises(ValueError, match="`gain` must be positive"):
        EqualizedLearningRate(keras.layers.Dense(1), 0.0)
    with pytest.raises(ValueError, match="`lr_multiplier` must be positive"):
        EqualizedLearningRate(keras.layers.Dense(1), lr_multiplier=-1.0)
    built = keras.layers.Dense(1)
    built.build((None, 2))
    with pytest.raises(ValueError, match="`layer` must not be built"):
        EqualizedLearningRate(built)
