"""Everything that training needs is saved: N + M epochs are N epochs, a dead process, and M more."""

import os
import shutil
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import penalties
from tests import tiny

pytestmark = pytest.mark.slow


class Averages(penalties.Penalty):
    """A penalty with state of its own: the distance of the scores from their running mean."""

    def build_for(self, gan):
        self.average = self.add_weight(shape=(), initializer="zeros", trainable=False, name="average")

    def discriminator(self, minibatch):
        return (minibatch.real_scores - self.average) ** 2

    def after_step(self, player, minibatch):
        if player == "discriminator":
            self.average.assign(0.9 * self.average + 0.1 * tf.reduce_mean(minibatch.real_scores))


class FiveLines(keras_gans.losses.AdversarialLoss):
    def discriminator(self, real, fake):
        return 0.5 * ((real - 1) ** 2 + fake**2)

    def generator(self, real, fake):
        return 0.5 * (fake - 1) ** 2


class Own(keras_gans.GAN):
    """A user's own GAN, with an argument of its own."""

    def __init__(self, width=4, **kwargs):
        super().__init__(tiny.generator(), tiny.discriminator(), **kwargs)
        self.width = width

    def recipe(self):
        return {**super().recipe(), "loss": FiveLines(), "discriminator_steps": 2}


def everything(**arguments):
    """A GAN with all kinds of state: dropout, EMA, lazy and stateful penalties, momentum, several steps."""
    # As in a new process: the names of layers count up, and TensorFlow's optimizer orders sums by the names of operations.
    keras.backend.clear_session()
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(dropout=0.3), ema=keras_gans.EMA(0.9, ramp_up=True))
    gan.compile(
        keras.optimizers.Adam(1e-2),
        keras.optimizers.SGD(1e-2, momentum=0.9),
        penalties=[penalties.GradientPenalty(), penalties.R1(every=2), Averages(0.1)],
        discriminator_steps=2,
        **arguments,
    )
    return gan


def fit(gan, epochs, **arguments):
    return gan.fit(tiny.images(32), batch_size=4, epochs=epochs, shuffle=False, verbose=0, **arguments)


def assert_same(a, b):
    assert len(a.variables) == len(b.variables)
    for x, y in zip(a.variables, b.variables, strict=True):
        np.testing.assert_array_equal(x.numpy(), y.numpy(), err_msg=x.path)
    for player in a.optimizers:
        for x, y in zip(a.optimizers[player].variables, b.optimizers[player].variables, strict=True):
            np.testing.assert_array_equal(x.numpy(), y.numpy(), err_msg=x.path)


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """A GAN after four epochs in one go, its history, and a folder with files, and a backup, of the end of its second epoch."""
    folder = tmp_path_factory.mktemp("straight")
    keras.utils.set_random_seed(7)
    gan = everything()
    backup = keras.callbacks.BackupAndRestore(folder / "last", delete_checkpoint=False)

    def save(epoch, logs):
        if epoch == 1:
            gan.save(folder / "gan.keras")
            gan.save_weights(folder / "gan.weights.h5")
            shutil.copytree(folder / "last", folder / "backup")

    history = fit(gan, 4, callbacks=[backup, keras.callbacks.LambdaCallback(on_epoch_end=save)]).history
    return gan, history, folder


@pytest.mark.parametrize(
    "way", [pytest.param("keras file", marks=pytest.mark.slow), "weights file", pytest.param("backup", marks=pytest.mark.slow)]
)
def test_resuming_is_as_if_nothing_happened(way, straight):
    uninterrupted, history, folder = straight
    arguments = {"initial_epoch": 2}
    if way == "keras file":
        resumed = keras.saving.load_model(folder / "gan.keras")
    elif way == "weights file":
        resumed = everything()
        resumed.load_weights(folder / "gan.weights.h5")
    else:
        resumed, arguments = everything(), {"callbacks": [keras.callbacks.BackupAndRestore(folder / "backup")]}
    rest = fit(resumed, 4, **arguments).history
    assert_same(resumed, uninterrupted)
    assert rest["d_loss"] == history["d_loss"][2:]


SCRIPT = """
import sys, time
import keras
from tests.training.test_saving import everything, fit

keras.utils.set_random_seed(1)
gan = everything(run_eagerly=True)
class Slow(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        open(sys.argv[1] + "/epoch", "w").write(str(epoch))
        time.sleep(60 * epoch)
backup = keras.callbacks.BackupAndRestore(sys.argv[1] + "/backup", delete_checkpoint=False)
fit(gan, 3, callbacks=[backup, Slow()])
gan.save(sys.argv[1] + "/final.keras")
"""


def test_a_killed_process_resumes(tmp_path):
    """SIGKILL in the middle of a training, which another process takes up, against one that nobody killed."""
    killed = tmp_path / "killed"
    killed.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([os.getcwd(), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    process = subprocess.Popen([*command, killed], env=environment, stderr=subprocess.PIPE)
    for _ in range(600):
        if (killed / "epoch").exists() and (killed / "epoch").read_text() == "1":
            break
        assert process.poll() is None, process.stderr.read().decode()[-2000:]
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (killed / "final.keras").exists()
    resumed = everything(run_eagerly=True)
    history = fit(resumed, 3, callbacks=[keras.callbacks.BackupAndRestore(killed / "backup")])
    assert history.epoch == [2]
    keras.utils.set_random_seed(1)
    straight = everything(run_eagerly=True)
    fit(straight, 3)
    assert_same(resumed, straight)


def test_model_checkpoint_keeps_the_best_by_a_metric(tmp_path):
    gan = everything()
    gan.compile(metrics=[tiny.Gap()], run_eagerly=True)
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "best.keras", monitor="val_gap", mode="min", save_best_only=True)
    x = tiny.images(16)
    history = gan.fit(x, validation_data=x, epochs=3, verbose=0, callbacks=[checkpoint]).history
    best = keras.saving.load_model(tmp_path / "best.keras")
    assert int(best.counters["generator"].numpy()) == 1 + int(np.argmin(history["val_gap"]))


def test_own_parts_and_own_gan_without_get_config(tmp_path):
    gan = Own(width=5, ema=0.5)
    gan.compile(penalties=[Averages(0.2)], run_eagerly=True)
    fit(gan, 1)
    assert gan.discriminator_steps == 2
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert (type(loaded), loaded.width, loaded.ema.decay) == (Own, 5, 0.5)
    assert type(loaded.adversarial_loss) is FiveLines
    assert loaded.penalties["averages"].weight == 0.2
    assert float(loaded.penalties["averages"].average.numpy()) == float(gan.penalties["averages"].average.numpy()) != 0
    assert_same(loaded, gan)


def test_a_gan_that_got_its_networks_in_compile(tmp_path):
    gan = keras_gans.GAN(latents=tiny.LATENTS)
    gan.compile(generator=tiny.generator(), discriminator=tiny.discriminator(), run_eagerly=True)
    fit(gan, 1)
    gan.save(tmp_path / "gan.keras")
    assert_same(keras.saving.load_model(tmp_path / "gan.keras"), gan)


def test_metrics_are_not_saved(tmp_path):
    class Extractor(keras.metrics.Mean):
        def __init__(self):
            super().__init__(name="distance")
            self.network = tiny.discriminator()

        def update_state(self, real, generated):
            super().update_state(self.network(real) - self.network(generated))

    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(metrics=[Extractor()], run_eagerly=True)
    assert "distance" in gan.evaluate(tiny.images(), return_dict=True, verbose=0)
    without = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    without.compile(run_eagerly=True)
    gan.save(tmp_path / "with.keras")
    without.save(tmp_path / "without.keras")
    sizes = [os.path.getsize(tmp_path / f"{name}.keras") for name in ("with", "without")]
    assert abs(sizes[0] - sizes[1]) < 1000
    assert set(keras.saving.load_model(tmp_path / "with.keras").evaluate(tiny.images(), return_dict=True, verbose=0)) == {
        "d_loss",
        "g_loss",
        "real_score",
        "fake_score",
    }


def test_a_part_of_another_gan_is_copied_and_ones_own_is_left_alone():
    penalty = Averages()
    first = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    first.compile(penalties=[penalty], run_eagerly=True)
    fit(first, 1)
    value = float(penalty.average.numpy())
    first.compile(penalties=[penalty])
    assert first.penalties["averages"] is penalty
    assert float(penalty.average.numpy()) == value != 0
    second = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    second.compile(penalties=[penalty])
    assert second.penalties["averages"] is not penalty
    assert float(second.penalties["averages"].average.numpy()) == 0
    first.compile(penalties=())
    assert not [variable for variable in first.variables if variable.name == "average"]


def test_an_uncompiled_gan_is_saved_and_takes_weights(tmp_path):
    gan = everything(run_eagerly=True)
    fit(gan, 1)
    gan.save_weights(tmp_path / "gan.weights.h5")
    bare = keras_gans.GAN(tiny.generator(), tiny.discriminator(dropout=0.3), ema=0.9)
    bare.load_weights(tmp_path / "gan.weights.h5")
    np.testing.assert_array_equal(bare.generate(3, seed=1), gan.generate(3, seed=1))
    bare.save(tmp_path / "bare.keras")
    loaded = keras.saving.load_model(tmp_path / "bare.keras")
    assert not loaded.compiled
    np.testing.assert_array_equal(loaded.generate(3, seed=1), gan.generate(3, seed=1))


def small(model):
    if model == "gan":
        return keras_gans.GAN(tiny.generator(), tiny.discriminator()), tiny.images(8)
    shapes = {"image_shape": tiny.SHAPE, "latents": 3, "units": 4}
    networks = keras_gans.networks.vae
    return keras_gans.VAE(networks.generator(**shapes), networks.encoder(**shapes)), 0.5 * tiny.images(8) + 0.5


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "vae"])
def test_weights_loaded_after_compile_are_with_optimizers(model, tmp_path):
    path = tmp_path / "a.weights.h5"
    made, x = small(model)
    made.compile(run_eagerly=True)
    made.fit(x, verbose=0)
    made.save_weights(path)
    resumed, _ = small(model)
    resumed.compile(run_eagerly=True)
    resumed.load_weights(path)
    taken = [int(optimizer.iterations) for optimizer in resumed.optimizers.values()]
    assert set(taken) == {1}
    for each in (made, resumed):
        each.fit(x, verbose=0)
    np.testing.assert_allclose(tiny.weights(resumed), tiny.weights(made), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "vae"])
@pytest.mark.parametrize("method", ["fit", "train_on_batch"])
def test_training_says_that_weights_loaded_before_compile_are_without_optimizers(model, method, tmp_path):
    path = tmp_path / "a.weights.h5"
    made, x = small(model)
    made.compile()
    made.save_weights(path)
    early, _ = small(model)
    early.load_weights(path)
    early.compile(run_eagerly=True)
    early.evaluate(x, verbose=0)  # needs no optimizer
    early.test_on_batch(x)
    early.compile(run_eagerly=True)
    with pytest.warns(UserWarning, match="a.weights.h5' was loaded before `compile`.*call `compile` first") as caught:
        getattr(early, method)(x)
    assert [each.filename for each in caught if "was loaded" in str(each.message)] == [__file__]
    getattr(early, method)(x)  # said once


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "vae"])
def test_optimizers_in_a_file_are_not_missed(model, tmp_path):
    path = tmp_path / "a.weights.h5"
    made, x = small(model)
    made.save_weights(path)  # without any
    bare, _ = small(model)
    bare.load_weights(path)
    bare.compile(run_eagerly=True)
    bare.train_on_batch(x)
    bare.save_weights(path)
    made.load_weights(path)
    new = {"gan": ("generator_optimizer", "discriminator_optimizer"), "vae": ("optimizer",)}[model]
    made.compile(**{name: keras.optimizers.SGD(1e-5) for name in new}, run_eagerly=True)
    made.train_on_batch(x)


def test_trainable_weights_of_a_subclass_are_saved(tmp_path):
    class Weighted(keras_gans.GAN):
        def __init__(self, **kwargs):
            super().__init__(tiny.generator(), tiny.discriminator(), **kwargs)
            self.extra = self.add_weight(shape=(), initializer="ones", name="extra")

    gan = Weighted()
    gan.extra.assign(5.0)
    gan.save(tmp_path / "gan.keras")
    assert float(keras.saving.load_model(tmp_path / "gan.keras").extra.numpy()) == 5.0
