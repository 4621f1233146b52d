"""Metrics see real and generated data, in evaluation only."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


class Recorder(keras.metrics.Metric):
    """Two results, and what it was fed."""

    def __init__(self):
        super().__init__(name="recorder")
        self.seen = []
        self.count = self.add_weight(name="count", initializer="zeros")
        self.results = 0

    def update_state(self, real, generated, condition=None):
        self.count.assign_add(tf.cast(tf.shape(real)[0], tf.float32))
        if tf.executing_eagerly():
            self.seen.append((real.numpy(), generated.numpy(), condition))

    def result(self):
        self.results += 1
        return {"count": self.count, "twice": 2 * self.count}


def test_a_dict_of_results_in_validation_only():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(**tiny.sgd(), metrics=[Recorder(), tiny.Gap()])
    history = gan.fit(tiny.images(32), validation_data=tiny.images(20), batch_size=8, epochs=2, verbose=0).history
    assert history["val_count"] == [20.0, 20.0]
    assert history["val_twice"] == [40.0, 40.0]
    assert all(value > 0 for value in history["val_gap"])
    assert not {"count", "twice", "gap", "recorder"} & set(history)
    logs = gan.test_on_batch(tiny.images(12), return_dict=True)
    assert (logs["count"], logs["twice"]) == (12.0, 24.0)


def test_a_result_is_computed_once_an_evaluation_and_never_before_data_came():
    metric = Recorder()
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(**tiny.sgd(), metrics=[metric])
    gan.fit(tiny.images(32), epochs=2, validation_data=tiny.images(64), batch_size=4, verbose=0)
    assert metric.results == 2


def test_samples_come_from_the_average_and_conditions_arrive():
    metric = Recorder()
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES), ema=1.0)
    gan.compile("sgd", "sgd", metrics=[metric], run_eagerly=True)
    average = gan.ema_generator.get_weights()
    gan.train_on_batch(tiny.images(), tiny.labels())
    gan.test_on_batch(tiny.images(), tiny.labels())
    real, generated, condition = metric.seen[0]
    np.testing.assert_array_equal(real, tiny.images())
    np.testing.assert_array_equal(condition, tiny.labels())
    seed = gan.noise_seed("evaluation")
    gan.reset_metrics()
    minibatch = gan.draw(tf.constant(real), tf.constant(condition), gan.noise_seed("evaluation"), training=False)
    expected = gan.ema_generator([minibatch.latents, tf.constant(condition)])
    np.testing.assert_allclose(generated, expected, atol=1e-6)
    assert not np.allclose(generated, minibatch.fake)
    assert seed is not None
    for a, b in zip(average, gan.ema_generator.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_validation_objectives_are_those_of_the_held_out_data():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(loss="wasserstein")
    logs = gan.evaluate(tiny.images(), batch_size=16, return_dict=True, verbose=0)
    assert logs["real_score"] == pytest.approx(float(np.mean(gan.discriminator(tiny.images()))), abs=1e-5)
    assert logs["d_loss"] == pytest.approx(logs["fake_score"] - logs["real_score"], abs=1e-5)
    assert logs["g_loss"] == pytest.approx(-logs["fake_score"], abs=1e-5)


def test_metrics_of_their_own_leave_the_recipe():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(loss="hinge", penalties=[keras_gans.penalties.R1(2.0)], metrics=[tiny.Gap()], run_eagerly=True)
    gan.train_on_batch(tiny.images(8))
    before = [variable.numpy() for optimizer in gan.optimizers.values() for variable in optimizer.variables]
    components, images = list(gan.components), tiny.images(16)
    assert "gap" in gan.evaluate(images, return_dict=True, verbose=0)
    pixels = keras_gans.metrics.features.FunctionFeatures(lambda x: x[:, :2, 0], name="corner")
    gan.compile_metrics([keras_gans.metrics.FID(pixels)])
    logs = gan.evaluate(images, return_dict=True, verbose=0)
    assert np.isfinite(logs["fid"])
    assert "gap" not in logs
    assert all(a is b for a, b in zip(gan.components, components, strict=True))
    now = [variable.numpy() for optimizer in gan.optimizers.values() for variable in optimizer.variables]
    for a, b in zip(now, before, strict=True):
        np.testing.assert_array_equal(a, b)
    gan.compile_metrics(())
    assert "fid" not in gan.evaluate(images, return_dict=True, verbose=0)
    with pytest.raises(ValueError, match="`metrics` must be a list of keras.metrics.Metric objects"):
        gan.compile_metrics([1])
    with pytest.raises(ValueError, match=r"Call `gan.compile\(\)` before `compile_metrics`"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator()).compile_metrics([])
