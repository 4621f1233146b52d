"""The Frechet distances against values by hand and TF-GAN's own."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import tfgan

X = np.array([[1, 2], [2, 1], [3, 5], [4, 3], [0, 1]], float)
Y = np.array([[2, 2], [5, 1], [3, 3], [4, 6]], float)

FULL = tfgan.frechet_classifier_distance_from_activations
MEAN = tfgan.mean_only_frechet_classifier_distance_from_activations
DIAGONAL = tfgan.diagonal_only_frechet_classifier_distance_from_activations
STREAMING = tfgan.frechet_classifier_distance_from_activations_streaming


def tfgan_activations(*shape):
    """The activations of TF-GAN's own tests."""
    random = np.random.RandomState(0)
    return np.float32(random.randn(*shape)), np.float32(random.randn(*shape))


@pytest.mark.slow
@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize(
    ("function", "shape", "expected"),
    [(FULL, (512, 256), 65.74272365), (MEAN, (256, 2048), 14.99106405), (DIAGONAL, (256, 2048), 22.97242259)],
)
def test_values_of_tfgan(function, shape, expected, graph):
    distance = (tf.function(function) if graph else function)(*map(tf.constant, tfgan_activations(*shape)))
    assert distance.dtype == tf.float32
    assert float(distance) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize(("function", "expected"), [(FULL, 3.603539135), (MEAN, 2.61), (DIAGONAL, 2.83772234)])
def test_values_by_hand(function, expected, graph):
    distance = (tf.function(function) if graph else function)(X, Y)
    assert distance.dtype == tf.float64
    assert float(distance) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("graph", [False, True])
def test_rank_deficient(graph):
    x, y = np.eye(4)[:3], np.array([[0.0, 1, 1, 0], [1, 1, 0, 2], [0, 0, 1, 1]])
    assert float((tf.function(FULL) if graph else FULL)(x, y)) == pytest.approx(2.458388015, rel=1e-7)


def test_wider_is_farther():
    random = np.random.default_rng(0)
    distances = [float(FULL(*(i * random.normal(size=(2, 512, 64))))) for i in (1, 3, 5, 7, 9)]
    assert (np.diff(distances) > 0).all()
    assert float(FULL(X, X)) == pytest.approx(0.0, abs=1e-9)


def test_streaming_is_one_shot():
    a, b = tfgan_activations(512, 256)
    metric = STREAMING()
    assert np.isnan(float(metric.result()))
    for first, second in zip(np.array_split(a, 5), np.array_split(b, 5), strict=True):
        metric.update_state(first, second)
    assert metric.result().dtype == tf.float32
    assert float(metric.result()) == pytest.approx(65.74272365, rel=1e-6)
    assert {variable.dtype for variable in metric.variables} == {"float64"}
    metric.reset_state()
    assert np.isnan(float(metric.result()))


def test_streaming_of_unequal_numbers():
    metric = STREAMING(X[:2], Y[:3])
    metric.update_state(X[2:], Y[3:])
    assert float(metric.result()) == pytest.approx(3.603539135, rel=1e-9)


@pytest.mark.slow
def test_streaming_in_a_function():
    metric = STREAMING()

    @tf.function
    def step(x, y):
        metric.update_state(x, y)
        return metric.result()

    assert np.isnan(float(step(X[:1], Y[:1])))
    assert float(step(X[1:], Y[1:])) == pytest.approx(3.603539135, rel=1e-9)


def test_replicas_are_summed(strategy):
    with strategy.scope():
        metric = STREAMING(X, Y)
    assert float(metric.result()) == pytest.approx(3.603539135, rel=1e-9)
    metric.reset_state()
    data = tf.data.Dataset.from_tensor_slices((X[:4], Y)).batch(4)
    for rows in strategy.experimental_distribute_dataset(data):
        strategy.run(tf.function(metric.update_state), rows)
    assert float(metric.result()) == pytest.approx(float(FULL(X[:4], Y)), rel=1e-9)


def test_classifier():
    def classifier(batch):
        return tf.reshape(batch, (-1, 2)) + 1.0

    images1, images2 = X[:4, None, :, None], Y[:, None, :, None]
    expected = float(FULL(X[:4], Y))
    for batches in (1, 2):
        assert float(tfgan.frechet_classifier_distance(images1, images2, classifier, batches)) == pytest.approx(expected)
    metric = tfgan.frechet_classifier_distance_streaming(images1[:2], images2[:2], classifier, num_batches=2)
    metric.update_state(images1[2:], images2[2:])
    assert float(metric.result()) == pytest.approx(expected)


@pytest.mark.parametrize("function", [FULL, MEAN, DIAGONAL, STREAMING])
@pytest.mark.parametrize(
    ("second", "message"),
    [
        (Y[:, :, None], r"must have shape \(batch, size\)"),
        (Y.astype(int), "must be of a floating-point type"),
        (Y[:, :1], "must (have the same size. Received: 2 and 1|have 1 numbers)"),
    ],
)
def test_errors(function, second, message):
    with pytest.raises(ValueError, match=message):
        function(X, second)


@pytest.mark.slow
def test_too_few_rows():
    with pytest.raises(ValueError, match="`activations2` must have at least 2 rows"):
        FULL(X, Y[:1])
    with pytest.raises(ValueError, match="needs 2 samples of each side"):
        STREAMING(X, Y[:1]).result()
    unknown = tf.function(FULL, input_signature=[tf.TensorSpec((None, 2), tf.float64)] * 2)
    assert float(unknown(X, Y)) == pytest.approx(3.603539135)
    with pytest.raises(tf.errors.InvalidArgumentError, match="at least two rows"):
        unknown(X, Y[:1])
