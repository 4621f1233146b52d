"""What `fit`, `evaluate`, `predict` take, and what they give back. Warnings are errors here."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow

LOGS = {"d_loss", "g_loss", "real_score", "fake_score"}


def compiled(classes=None, run_eagerly=True, **arguments):
    """Eager, unless the graph is what a test is about: that both train alike is in the conformance tests."""
    gan = keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes))
    gan.compile(**tiny.sgd(), run_eagerly=run_eagerly, **arguments)
    return gan


class Batches(keras.utils.PyDataset):
    def __init__(self, pairs=False, **kwargs):
        super().__init__(**kwargs)
        self.pairs = pairs

    def __len__(self):
        return 4

    def __getitem__(self, index):
        x, y = tiny.images(8, seed=index), tiny.labels(8, seed=index)
        return (x, y) if self.pairs else (x,)


def dataset(kind, batch=8, count=32):
    x, y = tiny.images(count), tiny.labels(count)
    element = {"x": x, "pair": (x, y), "dict": {"image": x, "label": y}, "image": {"image": x}}[kind]
    return tf.data.Dataset.from_tensor_slices(element).batch(batch)


SOURCES = {
    "array": lambda: ((tiny.images(32),), {"batch_size": 8}),
    "arrays": lambda: ((tiny.images(32), tiny.labels(32)), {"batch_size": 8}),
    "dict of arrays": lambda: (({"image": tiny.images(32), "label": tiny.labels(32)},), {"batch_size": 8}),
    "tensor": lambda: ((tf.constant(tiny.images(32)),), {"batch_size": 8}),
    "dataset": lambda: ((dataset("x"),), {}),
    "dataset of pairs": lambda: ((dataset("pair"),), {}),
    "dataset of dicts": lambda: ((dataset("dict"),), {}),
    "PyDataset": lambda: ((Batches(),), {}),
    "PyDataset of pairs, workers": lambda: ((Batches(True, workers=2),), {}),
    "infinite dataset": lambda: ((dataset("x").repeat(),), {"steps_per_epoch": 4}),
    "dataset of unknown length": lambda: ((dataset("x").filter(lambda x: True),), {}),
    "generator": lambda: ((((tiny.images(8, seed=i),) for i in range(100)),), {"steps_per_epoch": 4}),
}


IN_A_GRAPH = ("dict of arrays", "PyDataset of pairs, workers", "dataset of unknown length", "generator")


@pytest.mark.parametrize("k", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("source", SOURCES)
def test_sources(source, k):
    """Four batches of 8: an epoch is four rounds of one discriminator step, or two of two."""
    gan = compiled(discriminator_steps=k, run_eagerly=k == 1 or source not in IN_A_GRAPH)
    positional, keywords = SOURCES[source]()
    if "steps_per_epoch" in keywords:
        keywords["steps_per_epoch"] = 4 // k
    rounds = []
    callback = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: rounds.append(batch))
    history = gan.fit(*positional, epochs=2, verbose=0, callbacks=[callback], **keywords).history
    assert set(history) == LOGS
    assert rounds == 2 * list(range(4 // k))
    assert int(gan.counters["discriminator"].numpy()) == 8
    assert int(gan.counters["generator"].numpy()) == 8 // k


@pytest.mark.parametrize(("k", "rounds", "updates"), [(1, 5, 5), (2, 2, 4), (5, 1, 5)])
def test_a_smaller_last_batch(k, rounds, updates):
    """36 examples in batches of 8: 8, 8, 8, 8, 4. An incomplete last round is dropped."""
    gan = compiled(discriminator_steps=k, run_eagerly=k != 5)
    gan.fit(tiny.images(36), batch_size=8, verbose=0)
    assert int(gan.counters["generator"].numpy()) == rounds
    assert int(gan.counters["discriminator"].numpy()) == updates


def test_each_discriminator_step_has_a_fresh_minibatch():
    """Each batch holds its own number: the discriminator must see all of them once, the generator the last."""
    seen = []

    class Spy(keras_gans.penalties.Penalty):
        def discriminator(self, minibatch):
            seen.append(("D", float(minibatch.real[0, 0, 0, 0])))
            return 0.0 * minibatch.real_scores

        def generator(self, minibatch):
            seen.append(("G", float(minibatch.real[0, 0, 0, 0])))
            return 0.0 * minibatch.fake_scores

    gan = compiled(discriminator_steps=3, generator_steps=2, penalties=[Spy()])
    numbers = np.arange(7, dtype="float32") / 10
    x = np.broadcast_to(np.repeat(numbers, 4)[:, None, None, None], (28, 8, 8, 1))
    gan.fit(x, batch_size=4, shuffle=False, verbose=0)
    players = ["D", "D", "D", "G", "G"] * 2
    values = [0.0, 0.1, 0.2, 0.2, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5]
    assert [player for player, _ in seen] == players
    np.testing.assert_allclose([value for _, value in seen], values, atol=1e-6)


def test_updates_are_counted_by_the_optimizers_too():
    gan = compiled(discriminator_steps=2, generator_steps=3)
    gan.fit(tiny.images(48), batch_size=8, verbose=0)
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 6
    assert int(gan.generator_optimizer.iterations.numpy()) == 9


@pytest.mark.parametrize("k", [1, 2])
def test_validation(k):
    gan = compiled(discriminator_steps=k)
    x = tiny.images(32)
    validation_keys = LOGS | {f"val_{key}" for key in LOGS}
    assert set(gan.fit(x, validation_split=0.25, batch_size=8, verbose=0).history) == validation_keys
    assert set(gan.fit(x, validation_data=tiny.images(8), batch_size=8, verbose=0).history) == validation_keys
    history = gan.fit(
        dataset("x"), validation_data=dataset("x").repeat(), validation_steps=2, epochs=4, initial_epoch=2, verbose=0
    )
    assert history.epoch == [2, 3]
    assert set(history.history) == validation_keys


def test_validation_split_holds_the_last_part_out():
    gan = compiled(discriminator_steps=2)
    gan.fit(tiny.images(64), validation_split=0.5, batch_size=8, verbose=0)
    assert int(gan.counters["discriminator"].numpy()) == 4


def test_shuffle_reaches_arrays():
    gan = compiled()
    seen = []
    unpack = gan.unpack
    gan.unpack = lambda batch: seen.append(np.asarray(unpack(batch)[0])) or unpack(batch)
    x = np.broadcast_to(np.linspace(-1, 1, 32, dtype="float32")[:, None, None, None], (32, 8, 8, 1))
    gan.fit(x, batch_size=8, verbose=0, shuffle=False)
    np.testing.assert_array_equal(np.concatenate(seen), x)
    seen.clear()
    gan.fit(x, batch_size=8, verbose=0)
    assert not np.array_equal(np.concatenate(seen), x)
    np.testing.assert_array_equal(np.sort(np.concatenate(seen), axis=0), x)


@pytest.mark.parametrize("arguments", [{"jit_compile": True}, {"run_eagerly": True}, {"steps_per_execution": 2}])
def test_ways_of_running(arguments):
    gan = compiled(**{"discriminator_steps": 2, "run_eagerly": False, **arguments})
    history = gan.fit(dataset("x", count=64), epochs=2, verbose=0).history
    assert np.isfinite(history["d_loss"]).all()
    assert int(gan.counters["discriminator"].numpy()) == 16


def test_steps_per_execution_is_the_same_training():
    runs = []
    for steps in (1, 3):
        keras.utils.set_random_seed(0)
        gan = compiled(run_eagerly=False, steps_per_execution=steps)
        gan.fit(dataset("x", count=64), epochs=2, verbose=0)
        runs.append(tiny.weights(gan))
    np.testing.assert_array_equal(*runs)


def test_evaluation_changes_nothing_and_repeats_itself():
    gan = compiled()
    gan.fit(dataset("x"), verbose=0)
    before = tiny.weights(gan)
    first = gan.evaluate(dataset("x"), return_dict=True, verbose=0)
    assert gan.evaluate(dataset("x"), return_dict=True, verbose=0) == first
    assert set(first) == LOGS
    # The list has the order of the metrics.
    assert gan.evaluate(dataset("x"), verbose=0) == [first[name] for name in ("d_loss", "g_loss", "real_score", "fake_score")]
    gan.reset_metrics()
    np.testing.assert_array_equal(tiny.weights(gan), before)


def test_evaluation_runs_the_networks_in_inference_mode():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(norm=keras.layers.BatchNormalization(), dropout=0.5))
    gan.compile()
    before = tiny.weights(gan)
    first = gan.test_on_batch(tiny.images(), return_dict=True)
    assert gan.test_on_batch(tiny.images(), return_dict=True) == first
    gan.reset_metrics()
    np.testing.assert_array_equal(tiny.weights(gan), before)


def test_train_on_batch_uses_its_batch_for_each_step():
    gan = compiled(discriminator_steps=3)
    logs = gan.train_on_batch(tiny.images(), return_dict=True)
    assert set(logs) == LOGS
    assert isinstance(gan.train_on_batch(tiny.images()), list)
    assert int(gan.counters["discriminator"].numpy()) == 6


def test_predict():
    gan = compiled(classes=tiny.CLASSES, run_eagerly=False)
    z, y = np.zeros((5, tiny.LATENTS), "float32"), np.array([0, 1, 2, 0, 1])
    images = gan.predict((z, y), verbose=0)
    assert images.shape == (5, *tiny.SHAPE)
    batches = tf.data.Dataset.from_tensor_slices((z, y)).batch(2)
    np.testing.assert_allclose(gan.predict(batches, verbose=0), images, atol=1e-6)
    np.testing.assert_allclose(gan((tf.constant(z), tf.constant(y))), images, atol=1e-6)
    plain = compiled(run_eagerly=False)
    assert plain.predict(z, verbose=0).shape == (5, *tiny.SHAPE)


def test_points_and_sequences_train():
    for shape in [(2,), (5, 3)]:
        gan = keras_gans.GAN(tiny.generator(shape=shape), tiny.discriminator(shape=shape))
        gan.compile(**tiny.sgd(), run_eagerly=True)
        history = gan.fit(100 * tiny.images(16, shape), verbose=0).history
        assert np.isfinite(history["d_loss"]).all()


def test_labels_of_an_unconditional_gan_are_ignored():
    runs = []
    for kind in ("x", "pair", "dict", "image"):
        keras.utils.set_random_seed(0)
        gan = compiled()
        gan.fit(dataset(kind), verbose=0)
        runs.append(tiny.weights(gan))
    for run in runs[1:]:
        np.testing.assert_array_equal(run, runs[0])


def test_labels_of_shape_batch_by_one():
    runs = []
    for labels in (tiny.labels(16), tiny.labels(16)[:, None].astype("uint8")):
        keras.utils.set_random_seed(0)
        gan = compiled(classes=tiny.CLASSES)
        gan.fit(tiny.images(16), labels, batch_size=8, shuffle=False, verbose=0)
        runs.append(tiny.weights(gan))
    np.testing.assert_array_equal(*runs)


def test_a_condition_may_reach_one_network_only():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(tiny.CLASSES))
    gan.compile(run_eagerly=True)
    gan.fit(tiny.images(), tiny.labels(), verbose=0)
    assert gan.generate(2).shape == (2, *tiny.SHAPE)


@pytest.mark.parametrize("method", ["fit", "train_on_batch"])
@pytest.mark.parametrize("weights", [{"sample_weight": np.ones(16)}, {"class_weight": {0: 1.0}}])
def test_weights_are_refused(method, weights):
    with pytest.raises(ValueError, match="sample_weight"):
        getattr(compiled(), method)(tiny.images(), tiny.labels(), **weights)


def test_a_third_element_is_refused():
    triples = tf.data.Dataset.from_tensor_slices((tiny.images(), tiny.labels(), np.ones(16))).batch(8)
    with pytest.raises(ValueError, match="no sample weights"):
        compiled().fit(triples, verbose=0)


def test_too_few_batches_for_a_round():
    with pytest.raises(ValueError, match="2 batches, but discriminator_steps=5"):
        compiled(discriminator_steps=5).fit(tiny.images(16), batch_size=8, verbose=0)


def test_a_smaller_last_batch_counts_as_what_it_is():
    gan = compiled(loss="wasserstein")
    x = tiny.images(9)
    expected = float(np.mean(gan.discriminator(x)))
    assert gan.evaluate(x, batch_size=8, return_dict=True, verbose=0)["real_score"] == pytest.approx(expected, abs=1e-5)


def test_steps_per_epoch_of_arrays_counts_rounds():
    gan = compiled(discriminator_steps=2)
    gan.fit(tiny.images(40), steps_per_epoch=4, epochs=2, verbose=0)
    assert int(gan.counters["generator"].numpy()) == 8


def test_data_of_unknown_length_end_quietly():
    gan = compiled(run_eagerly=False)
    z = tf.data.Dataset.from_tensor_slices(np.zeros((10, tiny.LATENTS), "float32")).batch(4).filter(lambda z: True)
    assert gan.predict(z, verbose=0).shape == (10, *tiny.SHAPE)
    gan.fit(((tiny.images(8, seed=i),) for i in range(3)), verbose=0)
    gan.fit(dataset("x"), validation_data=dataset("x").filter(lambda x: True), verbose=0)
