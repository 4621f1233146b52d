import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import ClassEmbedding
from keras_gans.layers import SpectralNormalization
from keras_gans.training.network_checks import number_of_classes

TABLE = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], "float32")


def table():
    layer = ClassEmbedding(3, 2)
    layer.build((None,))
    layer.embeddings.assign(TABLE)
    return layer


def test_labels_a_column_of_labels_and_one_hot_rows_are_the_same():
    layer = table()
    expected = TABLE[[2, 0]]
    np.testing.assert_array_equal(layer(np.array([2, 0])), expected)
    np.testing.assert_array_equal(layer(np.array([[2], [0]], "int64")), expected)
    np.testing.assert_array_equal(layer(np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])), expected)


def test_a_mixture_is_between_its_classes():
    np.testing.assert_allclose(table()(np.array([[0.25, 0.75, 0.0]])), [[2.5, 3.5]])


def test_its_gradient_is_the_weights():
    layer = table()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(tf.constant([[0.25, 0.75, 0.0]])))
    np.testing.assert_allclose(tape.gradient(loss, layer.embeddings.value), [[0.25, 0.25], [0.75, 0.75], [0.0, 0.0]])


def test_it_starts_small_and_takes_a_regularizer():
    layer = ClassEmbedding(1000, 64, embeddings_regularizer=keras.regularizers.L2(1.0))
    layer.build((None,))
    assert layer.embeddings.numpy().std() == pytest.approx(0.02, rel=0.02)
    assert float(layer.losses[0]) == pytest.approx(np.sum(layer.embeddings.numpy() ** 2), rel=1e-4)


@pytest.mark.parametrize("inputs", [np.array([2, 0]), np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])])
def test_spectral_normalization_divides_the_table(inputs):
    layer = SpectralNormalization(ClassEmbedding(3, 2), power_iterations=5)
    layer.build((None,))
    layer.layer.embeddings.assign(TABLE)
    np.testing.assert_allclose(layer(inputs, training=True), TABLE[[2, 0]] / 5.526446, atol=1e-5)
    assert layer.u.shape == (2,)


@pytest.mark.parametrize("wrap", [lambda layer: layer, SpectralNormalization])
@pytest.mark.parametrize("weights", [False, True])
def test_a_network_knows_the_number_of_its_classes(wrap, weights):
    z = keras.Input((4,), name="latents")
    y = keras.Input((3,), name="condition") if weights else keras.Input((), dtype="int32", name="condition")
    network = keras.Model([z, y], keras.layers.Concatenate()([z, wrap(ClassEmbedding(3, 2))(y)]))
    assert number_of_classes(network) == 3


def test_errors():
    with pytest.raises(ValueError, match=r"float weights over its 3 classes, \(batch, 3\)"):
        table()(np.zeros((2, 4)))
    with pytest.raises(ValueError, match=r"integer labels, \(batch,\) or \(batch, 1\)"):
        table()(np.zeros((2, 3), "int32"))
    with pytest.raises(ValueError, match="`classes` must be an int"):
        ClassEmbedding(0, 2)
    with pytest.raises(ValueError, match="`dim` must be an int"):
        ClassEmbedding(3, 2.5)
