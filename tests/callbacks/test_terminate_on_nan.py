"""A NaN stops training at once, and the last good checkpoint survives."""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


class Poison(keras_gans.penalties.Penalty):
    """NaN from the sixth update of the discriminator on."""

    def build_for(self, gan):
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")

    def discriminator(self, minibatch):
        return tf.where(self.count >= 5, np.nan, 0.0) + 0.0 * tf.reduce_mean(minibatch.real_scores)

    def after_step(self, player, minibatch):
        if player == "discriminator":
            self.count.assign_add(1.0)


def test_step_and_term_are_named_and_the_checkpoint_survives(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(penalties=[Poison()])
    path = tmp_path / "last.keras"
    callbacks = [keras.callbacks.ModelCheckpoint(path), keras_gans.callbacks.TerminateOnNaN()]
    with pytest.raises(FloatingPointError, match="step 1 of epoch 1: .*d_poison=nan"):
        gan.fit(tiny.images(16), batch_size=4, epochs=5, verbose=0, callbacks=callbacks)
    assert os.path.exists(path)
    survivor = keras.saving.load_model(path)
    assert int(survivor.counters["generator"].numpy()) == 4
    assert all(np.isfinite(weight).all() for weight in survivor.get_weights())


def test_a_nan_in_evaluation_stops_too():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(penalties=[Poison()])
    # Five updates are fine; the evaluation after them is not.
    with pytest.raises(FloatingPointError, match="evaluation after epoch 0: .*d_poison=nan"):
        gan.fit(
            tiny.images(40),
            validation_data=tiny.images(),
            verbose=0,
            batch_size=8,
            callbacks=[keras_gans.callbacks.TerminateOnNaN()],
        )


def test_a_metric_may_be_nan_where_it_does_not_apply():
    pixels = keras_gans.metrics.features.FunctionFeatures(lambda x: x, name="pixels")
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(metrics=[keras_gans.metrics.KID(pixels)], run_eagerly=True)
    arguments = {"validation_data": tiny.images(), "verbose": 0, "callbacks": [keras_gans.callbacks.TerminateOnNaN()]}
    logs = gan.fit(tiny.images(), **arguments).history
    assert np.isnan(logs["val_kid_std"]).all()
    assert np.isfinite(logs["val_kid"]).all()
