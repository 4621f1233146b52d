"""Keras' own callbacks on a GAN: what docs/callbacks.md promises."""

import csv
import os

import keras
import numpy as np
import pytest

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


def compiled(generator=None, discriminator=None, run_eagerly=True):
    """In eager mode, but where weights are swapped or written by steps: a step is traced for longer than it takes."""
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(generator or keras.optimizers.SGD(0.1), discriminator or keras.optimizers.SGD(0.4), run_eagerly=run_eagerly)
    return gan


def fit(gan, *callbacks, epochs=3):
    return gan.fit(tiny.images(16), validation_data=tiny.images(16), batch_size=8, epochs=epochs, verbose=0, callbacks=callbacks)


def rates(gan):
    return [float(optimizer.learning_rate) for optimizer in gan.optimizers.values()]


def test_learning_rate_scheduler_keeps_the_ratio():
    gan = compiled()
    fit(gan, keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2))
    assert rates(gan) == pytest.approx([0.1 / 8, 0.4 / 8])


def test_reduce_lr_on_plateau_keeps_the_ratio():
    gan = compiled()
    fit(gan, keras.callbacks.ReduceLROnPlateau(monitor="val_g_loss", mode="min", factor=0.1, patience=1, min_delta=1e9), epochs=2)
    assert rates(gan) == pytest.approx([0.01, 0.04])


def test_early_stopping():
    gan = compiled()
    stop = keras.callbacks.EarlyStopping(monitor="val_d_loss", mode="min", min_delta=1e9, patience=1, restore_best_weights=True)
    history = fit(gan, stop, epochs=10)
    assert len(history.epoch) == 2
    # The best weights are those of the first epoch: set_weights takes the counters back too, not the optimizers.
    assert int(gan.counters["generator"].numpy()) == 2
    assert int(gan.generator_optimizer.iterations.numpy()) == 4


def test_model_checkpoint(tmp_path):
    gan = compiled()
    fit(
        gan,
        keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras"),
        keras.callbacks.ModelCheckpoint(tmp_path / "last.weights.h5", save_weights_only=True),
    )
    assert sorted(os.listdir(tmp_path)) == ["1.keras", "2.keras", "3.keras", "last.weights.h5"]
    loaded = keras.saving.load_model(tmp_path / "3.keras")
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))


def test_csv_logger(tmp_path):
    fit(compiled(), keras.callbacks.CSVLogger(tmp_path / "log.csv"))
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert {"d_loss", "g_loss", "real_score", "fake_score", "val_d_loss", "val_g_loss"} <= set(rows[0])


def test_tensorboard(tmp_path):
    import tensorflow as tf

    fit(compiled(run_eagerly=False), keras.callbacks.TensorBoard(tmp_path, histogram_freq=1, update_freq=1))
    tags = {
        value.tag
        for path, _, names in os.walk(tmp_path)
        for name in names
        if "tfevents" in name
        for event in tf.compat.v1.train.summary_iterator(os.path.join(path, name))
        for value in event.summary.value
    }
    assert {"epoch_d_loss", "epoch_g_loss", "batch_d_loss"} <= tags
    assert any("learning_rate" in tag for tag in tags)


def test_backup_and_restore_deletes_its_backup_at_the_end(tmp_path):
    fit(compiled(), keras.callbacks.BackupAndRestore(tmp_path / "backup"))
    assert not os.path.exists(tmp_path / "backup") or not os.listdir(tmp_path / "backup")


def test_lambda_callback_sees_logs():
    seen = []
    fit(compiled(), keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(sorted(logs))))
    names = ["d_loss", "fake_score", "g_loss", "real_score"]
    assert seen == 3 * [sorted(names + [f"val_{name}" for name in names])]


def test_swap_ema_weights():
    optimizers = [keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), keras.optimizers.SGD(0.1, use_ema=True)]
    gan = compiled(*optimizers, run_eagerly=False)
    inside = []
    spy = keras.callbacks.LambdaCallback(on_test_begin=lambda logs: inside.append(gan.generator.get_weights()[0].copy()))
    after = []
    end = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after.append(gan.generator.get_weights()[0].copy()))
    fit(gan, keras.callbacks.SwapEMAWeights(), spy, end, epochs=2)
    assert not np.allclose(inside[0], after[0])


def test_use_ema_is_finalized_at_the_end():
    gan = compiled(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    fit(gan)
    averages = [variable for variable in gan.generator_optimizer.variables if variable.name.endswith("_average")]
    for variable, average in zip(gan.variables_of("generator"), averages, strict=True):
        np.testing.assert_allclose(variable.numpy(), average.numpy(), atol=1e-7)
