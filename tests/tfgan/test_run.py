"""Classifiers run in batches."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import tfgan

IMAGES = np.arange(12, dtype="float32").reshape(6, 2, 1)


def both(batch):
    return {"sum": tf.reduce_sum(batch, axis=(1, 2)), "flat": tf.cast(tf.reshape(batch, (-1, 2)), tf.float64)}


DTYPES = {"sum": tf.float32, "flat": tf.float64}


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("batches", [1, 2, 3])
def test_run(batches, graph):
    seen = []

    def classifier(batch):
        seen.append(batch.shape[0])
        return both(batch)

    def run(images):
        return tfgan.run_classifier_fn(images, classifier, num_batches=batches, dtypes=DTYPES)

    outputs = (tf.function(run) if graph else run)(tf.constant(IMAGES))
    np.testing.assert_array_equal(outputs["sum"], IMAGES.sum((1, 2)))
    np.testing.assert_array_equal(outputs["flat"], IMAGES[..., 0])
    assert set(seen) == {6 // batches}


def test_one_output_of_the_input_type_needs_no_dtypes():
    outputs = tfgan.run_classifier_fn(IMAGES, lambda batch: 2.0 * batch, num_batches=3)
    np.testing.assert_array_equal(outputs, 2.0 * IMAGES)


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("batches", [1, 3])
def test_sample_and_run(batches, graph):
    scales = [tf.constant(float(number + 1)) for number in range(batches)]

    def run():
        return tfgan.sample_and_run_classifier_fn(lambda scale: scale * IMAGES, scales, both, dtypes=DTYPES)

    outputs = (tf.function(run) if graph else run)()
    np.testing.assert_array_equal(outputs["flat"], np.concatenate([(i + 1) * IMAGES[..., 0] for i in range(batches)]))


def test_the_sampler_runs_once_a_batch_and_in_order():
    counter = tf.Variable(0.0)

    def sample(_):
        counter.assign_add(1.0)
        return tf.fill((2, 1), counter.read_value())

    outputs = tf.function(lambda: tfgan.sample_and_run_classifier_fn(sample, [0.0] * 4, tf.identity))()
    assert outputs.numpy()[:, 0].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]


def test_errors():
    with pytest.raises(ValueError, match="must divide the number of inputs, 6. Received: num_batches=4"):
        tfgan.run_classifier_fn(IMAGES, tf.identity, num_batches=4)
    with pytest.raises(ValueError, match="must divide"):
        tfgan.run_classifier_fn(IMAGES, tf.identity, num_batches=0)
    with pytest.raises(ValueError, match="`dtypes` must be the types of the classifier's outputs.*float64"):
        tfgan.run_classifier_fn(IMAGES, both, num_batches=2)
    with pytest.raises(ValueError, match="`dtypes` must be the types"):
        tfgan.run_classifier_fn(IMAGES, both, num_batches=2, dtypes={"sum": tf.float32, "flat": tf.float32})
    with pytest.raises(ValueError, match="Received: an empty list"):
        tfgan.sample_and_run_classifier_fn(tf.identity, [], tf.identity)
