"""The classifier score against values by hand and TF-GAN's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import tfgan

TABLE = np.log([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.25, 0.5, 0.25]])
TFGAN_LOGITS = np.float32([[1, 2] * 500 + [4], [4, 5] * 500 + [6]])

CASES = {
    "table": (TABLE, 1.246733768),
    "logits": (np.array([[2.0, 1, 0], [0, 3, 0], [1, 1, 2], [0, 1, 0]]), 1.295883792),
    "a probability of zero": (np.array([[0.0, -np.inf], [0, 0]]), 1.240806479),
    "TF-GAN's own": (TFGAN_LOGITS, 1.00080878),
    "all alike": (np.full((5, 4), 3.0), 1.0),
    "one each": (np.eye(4) * 1e3, 4.0),
    "two of four": (np.eye(4)[[0, 1, 1, 0]] * 1e3, 2.0),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("graph", [False, True])
def test_values(case, graph):
    logits, expected = CASES[case]
    function = tf.function(tfgan.classifier_score_from_logits) if graph else tfgan.classifier_score_from_logits
    score = function(tf.constant(logits))
    assert score.dtype == logits.dtype
    assert float(score) == pytest.approx(expected, rel=1e-6 if logits.dtype == np.float32 else 1e-9)


@pytest.mark.parametrize("case", CASES)
def test_streaming(case):
    logits, expected = CASES[case]
    metric = tfgan.classifier_score_from_logits_streaming()
    assert isinstance(metric, keras.metrics.Metric)
    assert np.isnan(float(metric.result()))
    for rows in np.array_split(logits, 2):  # equal halves, or not
        metric.update_state(rows)
    assert metric.result().dtype == logits.dtype
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6 if logits.dtype == np.float32 else 1e-9)
    assert {variable.dtype for variable in metric.variables} == {"float64"}
    metric.reset_state()
    assert np.isnan(float(metric.result()))


def test_streaming_can_begin_with_a_batch():
    metric = tfgan.classifier_score_from_logits_streaming(TABLE[:2])
    metric.update_state(TABLE[2:])
    assert float(metric.result()) == pytest.approx(1.246733768, rel=1e-9)


def test_classifier():
    images = np.float32(np.random.default_rng(0).normal(size=(6, 2, 2, 1)))

    def classifier(batch):
        return 2.0 * tf.reshape(batch, (-1, 4))

    expected = float(tfgan.classifier_score_from_logits(2.0 * images.reshape(6, 4)))
    for batches in (1, 2, 6):
        assert float(tfgan.classifier_score(images, classifier, num_batches=batches)) == pytest.approx(expected, rel=1e-6)
    metric = tfgan.classifier_score_streaming(images[:4], classifier, num_batches=2)
    metric.update_state(images[4:])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)
    empty = tfgan.classifier_score_streaming(classifier_fn=classifier)
    empty.update_state(images)
    assert float(empty.result()) == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_streaming_in_a_function():
    metric = tfgan.classifier_score_from_logits_streaming()

    @tf.function
    def step(logits):
        metric.update_state(logits)
        return metric.result()

    step(tf.constant(TABLE[:2]))
    assert float(step(tf.constant(TABLE[2:]))) == pytest.approx(1.246733768, rel=1e-9)


def test_replicas_are_summed(strategy):
    with strategy.scope():
        metric = tfgan.classifier_score_from_logits_streaming(TABLE)
        metric.reset_state()
    data = tf.data.Dataset.from_tensor_slices(TABLE).batch(4)
    for rows in strategy.experimental_distribute_dataset(data):
        strategy.run(tf.function(metric.update_state), (rows,))
    assert float(metric.result()) == pytest.approx(1.246733768, rel=1e-9)


@pytest.mark.parametrize(
    ("logits", "message"),
    [
        (np.zeros((2, 3, 4)), r"`logits` must have shape \(batch, size\). Received: shape \(2, 3, 4\)"),
        (np.zeros((2, 3), int), "floating-point type. Received: dtype=int64"),
    ],
)
def test_errors(logits, message):
    with pytest.raises(ValueError, match=message):
        tfgan.classifier_score_from_logits(logits)
    with pytest.raises(ValueError, match=message):
        tfgan.classifier_score_from_logits_streaming().update_state(logits)


def test_streaming_needs_a_classifier():
    with pytest.raises(ValueError, match="`classifier_fn` must be a function"):
        tfgan.classifier_score_streaming()
