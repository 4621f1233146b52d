"""The kernel distance against values by hand and TF-GAN's own."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import tfgan

X = np.array([[1, 0, 2], [0, 1, 1], [2, 1, 0], [1, 1, 1]], float)
Y = np.array([[0, 0, 1], [1, 2, 0], [1, 0, 0], [2, 2, 1]], float)

DISTANCE = tfgan.kernel_classifier_distance_from_activations
DISTANCE_AND_STD = tfgan.kernel_classifier_distance_and_std_from_activations


def tfgan_activations(count):
    """The activations of TF-GAN's own tests."""
    random = np.random.RandomState(0)
    return np.float32(random.randn(512, 256)), np.float32(random.randn(count, 256) * 1.1 + 0.05)


def graph_of(function):
    """With numbers of rows that are not known when it is traced."""
    specification = tf.TensorSpec((None, None), tf.float32)
    return tf.function(function, input_signature=[specification] * 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "size", "distance", "error"),
    [
        (512, 1024, 0.008388614797, np.nan),
        (768, 50, 0.01103428935, 0.005466359839),
        (768, 512, 0.007646869844, 0.001620241829),
        (768, 1000, 0.008266971727, np.nan),
    ],
)
def test_values_of_tfgan(count, size, distance, error):
    a, b = tfgan_activations(count)
    values = DISTANCE_AND_STD(a, b, max_block_size=size)
    assert [value.dtype for value in values] == [tf.float32] * 2
    # The data are float32; the values were computed from float64.
    assert [float(value) for value in values] == pytest.approx([distance, error], rel=1e-5, nan_ok=True)
    in_graph = graph_of(lambda x, y: DISTANCE_AND_STD(x, y, max_block_size=size))(a, b)
    np.testing.assert_allclose(in_graph, values, rtol=1e-6)


def test_values_by_hand():
    assert float(DISTANCE(X, Y)) == pytest.approx(-2.617283951, rel=1e-9)
    values = DISTANCE_AND_STD(X, Y, max_block_size=2)
    assert [float(value) for value in values] == pytest.approx([-7.611111111, 6.240740741], rel=1e-9)


def test_larger_blocks_come_last():
    x, y = (np.random.default_rng(seed).normal(size=(count, 3)) for seed, count in ((0, 7), (1, 5)))
    pieces = [DISTANCE(x[:3], y[:2]), DISTANCE(x[3:], y[2:])]
    assert float(DISTANCE(x, y, max_block_size=4)) == pytest.approx(np.mean(pieces), rel=1e-9)


def test_type():
    assert DISTANCE(X, Y, dtype=tf.float32).dtype == tf.float32
    assert float(DISTANCE(X, Y.astype("float32"), dtype="float64")) == pytest.approx(-2.617283951, rel=1e-9)
    # 1.04 is no float16: activations are coerced first.
    assert float(DISTANCE(X * 1.04, Y, dtype="float16")) == pytest.approx(float(DISTANCE(np.float16(X * 1.04), np.float16(Y))))


def test_classifier():
    def classifier(batch):
        return tf.reshape(batch, (-1, 3))

    images1, images2 = X[:, None], Y[:, None]
    assert float(tfgan.kernel_classifier_distance(images1, images2, classifier)) == pytest.approx(-2.617283951)
    values = tfgan.kernel_classifier_distance_and_std(images1, images2, classifier, num_batches=2, max_block_size=2)
    assert [float(value) for value in values] == pytest.approx([-7.611111111, 6.240740741])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X, Y[:, :2]), "must have the same size. Received: 3 and 2"),
        ((X[0], Y), r"must have shape \(batch, size\)"),
        ((X, Y.astype("float32")), "must have the same type. Received: float64 and float32. Pass `dtype`"),
        ((X.astype(int), Y), "floating-point"),
        ((X, Y[:1]), "at least 2 rows"),
        ((X, Y, 1), "`max_block_size` must be an int >= 2"),
        ((X, Y[:3], 2), "4 and 3 rows in blocks of at most 2 are 2 blocks"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        DISTANCE_AND_STD(*arguments)
