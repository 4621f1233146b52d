"""Rules that choose each round's steps."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import balance
from tests import tiny

NAN = float("nan")


@pytest.mark.parametrize(
    ("rule", "logs", "previous", "updates", "steps"),
    [
        (balance.AccuracyThreshold(), {"d_accuracy": NAN}, {}, {}, (1, 1)),
        (balance.AccuracyThreshold(), {"d_accuracy": 0.8}, {}, {}, (1, 1)),
        (balance.AccuracyThreshold(), {"d_accuracy": 0.81}, {}, {}, (0, 1)),
        (balance.AccuracyThreshold(0.6), {"d_accuracy": 0.7}, {}, {}, (0, 1)),
        (balance.LossRatio(), {"d_adversarial": NAN, "g_adversarial": NAN}, {}, {}, (1, 1)),
        (balance.LossRatio(), {"d_adversarial": 0.69, "g_adversarial": 1.0}, {}, {}, (0, 1)),
        (balance.LossRatio(), {"d_adversarial": 0.71, "g_adversarial": 1.0}, {}, {}, (1, 1)),
        (
            balance.LossChange(),
            {"d_adversarial": 1.0, "g_adversarial": 1.0},
            {"d_adversarial": NAN, "g_adversarial": 1.0},
            {},
            (1, 1),
        ),
        (
            balance.LossChange(),
            {"d_adversarial": -1.2, "g_adversarial": 1.1},
            {"d_adversarial": -1.0, "g_adversarial": 1.0},
            {},
            (1, 0),
        ),
        (
            balance.LossChange(),
            {"d_adversarial": 1.1, "g_adversarial": 1.2},
            {"d_adversarial": 1.0, "g_adversarial": 1.0},
            {},
            (0, 1),
        ),
        (
            balance.LossChange(10.0),
            {"d_adversarial": -1.2, "g_adversarial": 1.1},
            {"d_adversarial": -1.0, "g_adversarial": 1.0},
            {},
            (0, 1),
        ),
        (balance.Equilibrium(), {"d_real_cost": NAN, "d_fake_cost": NAN}, {}, {}, (1, 1)),
        (balance.Equilibrium(), {"d_real_cost": 0.34, "d_fake_cost": 1.02}, {}, {}, (1, 1)),
        (balance.Equilibrium(), {"d_real_cost": 0.32, "d_fake_cost": 0.7}, {}, {}, (0, 1)),
        (balance.Equilibrium(), {"d_real_cost": 0.7, "d_fake_cost": 1.04}, {}, {}, (1, 0)),
        (balance.Equilibrium(), {"d_real_cost": 0.1, "d_fake_cost": 2.0}, {}, {}, (1, 1)),
        (balance.Equilibrium(0.5, 0.1), {"d_real_cost": 0.7, "d_fake_cost": 0.5}, {}, {}, (1, 0)),
        (balance.WarmUp(), {}, {}, {"generator": 0}, (100, 1)),
        (balance.WarmUp(), {}, {}, {"generator": 24}, (100, 1)),
        (balance.WarmUp(), {}, {}, {"generator": 25}, (5, 1)),
        (balance.WarmUp(), {}, {}, {"generator": 1000}, (100, 1)),
        (balance.WarmUp(), {}, {}, {"generator": 1001}, (5, 1)),
    ],
    ids=str,
)
def test_published_rules(rule, logs, previous, updates, steps):
    assert rule.choose(logs, previous, updates) == steps


class Cycle(balance.Balance):
    """A fixed sequence of pairs, by the number of updates of both."""

    def __init__(self, pairs, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.pairs = [tuple(pair) for pair in pairs]
        self.asked = []

    def choose(self, logs, previous, updates):
        self.asked.append((dict(updates), dict(logs)))
        return self.pairs[(len(self.asked) - 1) % len(self.pairs)]


def compiled(rule, run_eagerly=True, **arguments):
    """By default in eager mode: a pair of steps is traced for longer than it takes."""
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(**tiny.sgd(), balance=rule, run_eagerly=run_eagerly, **arguments)
    return gan


def updates(gan):
    return [int(gan.counters[player].numpy()) for player in ("discriminator", "generator")]


@pytest.mark.slow
def test_updates_are_what_the_rule_chose():
    gan = compiled(Cycle([(2, 1), (0, 3), (1, 0)]))
    gan.fit(tiny.images(24 * 2), batch_size=8, verbose=0)
    # Six batches: two, one and one, then two for the first pair again.
    assert updates(gan) == [2 + 0 + 1 + 2, 1 + 3 + 0 + 1]
    assert gan.update_rule == "alternating"


@pytest.mark.slow
def test_an_epoch_is_one_pass_and_an_incomplete_round_is_dropped():
    gan = compiled(Cycle([(2, 1)]))
    gan.fit(tiny.images(40), batch_size=8, epochs=2, verbose=0)
    assert updates(gan) == [8, 4]


@pytest.mark.slow
@pytest.mark.parametrize("known", [True, False])
def test_later_epochs_are_as_long_as_the_first_however_many_rounds_that_was(known):
    gan = compiled(balance.WarmUp(steps=1, warm_up_steps=8, rounds=2, every=1000))
    dataset = tf.data.Dataset.from_tensor_slices(tiny.images(64)).batch(4)
    if not known:
        dataset = dataset.filter(lambda batch: True)
    for epochs, expected in ((1, [16, 2]), (3, [48, 34])):
        gan.fit(dataset, epochs=epochs, initial_epoch=epochs // 3, verbose=0)
        assert updates(gan) == expected


def test_data_without_a_complete_round_are_refused():
    gan = compiled(balance.WarmUp())
    with pytest.raises(ValueError, match="no complete round"):
        gan.fit(tiny.images(64), batch_size=4, verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["arrays", "dataset", "infinite"])
def test_data_sources(source):
    gan = compiled(Cycle([(2, 1), (1, 2)]), run_eagerly=source == "arrays")
    data = tiny.images(48)
    if source == "arrays":
        gan.fit(data, batch_size=8, epochs=2, verbose=0)
    else:
        dataset = tf.data.Dataset.from_tensor_slices(data).batch(8)
        steps = None if source == "dataset" else 4
        gan.fit(dataset if steps is None else dataset.repeat(), steps_per_epoch=steps, epochs=2, verbose=0)
    assert updates(gan) == [12, 12]


@pytest.mark.slow
def test_each_pair_is_traced_once():
    traced = []

    class Traced(keras_gans.GAN):
        def train_step(self, data):
            traced.append(self.round_steps)
            return super().train_step(data)

    gan = Traced(tiny.generator(), tiny.discriminator())
    gan.compile(**tiny.sgd(), balance=Cycle([(1, 1), (2, 1), (0, 1), (1, 1), (1, 2)]))
    gan.fit(tiny.images(80), batch_size=8, epochs=3, verbose=0)
    assert sorted(traced) == [(0, 1), (1, 1), (1, 2), (2, 1)]


@pytest.mark.slow
def test_a_rule_sees_single_steps_and_a_resting_player_is_measured():
    class Watching(Cycle):
        monitor = ("d_loss", "g_loss", "d_accuracy")

    rule = Watching([(1, 1), (0, 1), (0, 1)])
    gan = compiled(rule)
    gan.fit(tiny.images(32), batch_size=8, verbose=0)
    logs = [logs for _, logs in rule.asked]
    assert np.isnan(list(logs[0].values())).all()
    assert np.isfinite([list(values.values()) for values in logs[1:]]).all()
    assert len({values["d_loss"] for values in logs}) == len(logs)
    before = [weight.copy() for weight in gan.discriminator.get_weights()]
    gan.train_on_batch(tiny.images(8))  # the second pair: the discriminator rests
    for a, b in zip(gan.discriminator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
def test_accuracy_is_logged():
    gan = compiled(balance.AccuracyThreshold())
    logs = gan.train_on_batch(tiny.images(8), return_dict=True)
    assert 0 <= logs["d_accuracy"] <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule", [balance.AccuracyThreshold(0.55), balance.LossRatio(3.0), balance.LossChange()], ids=lambda r: r.name
)
def test_two_replicas_choose_as_one(rule, strategy, monkeypatch):
    for name in ("normal", "uniform"):
        monkeypatch.setattr(keras_gans.utils.random, name, lambda shape, seed, *bounds: tf.fill(shape, 0.3))

    def fit(run_eagerly):
        keras.utils.set_random_seed(3)
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
        gan.compile(**tiny.sgd(0.5), balance=rule.from_config(rule.get_config()), run_eagerly=run_eagerly)
        gan.fit(tiny.dataset(tiny.images(64)), epochs=2, verbose=0)
        return updates(gan), tiny.weights(gan)

    with strategy.scope():
        two = fit(run_eagerly=False)
    one = fit(run_eagerly=True)
    assert two[0] == one[0]
    assert min(one[0]) < max(one[0])  # the rule did choose
    np.testing.assert_allclose(two[1], one[1], atol=1e-5)


@pytest.mark.slow
def test_a_resumed_training_chooses_as_the_uninterrupted_one(tmp_path):
    def made():
        keras.utils.set_random_seed(3)
        keras.backend.clear_session()
        return compiled(balance.LossChange())

    whole = made()
    whole.fit(tiny.images(64), batch_size=8, epochs=2, shuffle=False, verbose=0)
    first = made()
    first.fit(tiny.images(64), batch_size=8, shuffle=False, verbose=0)
    first.save(tmp_path / "gan.keras")
    resumed = keras.saving.load_model(tmp_path / "gan.keras")
    assert isinstance(resumed.balance, balance.LossChange)
    resumed.fit(tiny.images(64), batch_size=8, shuffle=False, verbose=0)
    assert updates(resumed) == updates(whole)
    np.testing.assert_allclose(tiny.weights(resumed), tiny.weights(whole), atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"balance": 3}, "must be a keras_gans.balance.Balance"),
        ({"balance": balance.LossRatio(), "discriminator_steps": 2}, "Leave them out"),
        ({"balance": balance.LossRatio(), "steps_per_execution": 2}, "steps_per_execution=1"),
        ({"balance": balance.LossRatio(), "update_rule": "simultaneous"}, "Simultaneous"),
    ],
)
def test_errors(arguments, message):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match=message):
        gan.compile(**arguments)


@pytest.mark.slow
def test_numpy_ints_are_ints():
    gan = compiled(Cycle([(np.int64(1), np.int32(2))]))
    gan.train_on_batch(tiny.images(8))
    assert updates(gan) == [1, 2]


def test_what_is_not_logged_cannot_be_watched():
    class Misspelt(Cycle):
        monitor = ("d_losss",)

    with pytest.raises(ValueError, match="monitors 'd_losss'"):
        compiled(Misspelt([(1, 1)]))


@pytest.mark.slow
def test_lazy_penalties_do_not_make_a_rule_jump():
    rule = balance.LossRatio()
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(balance=rule, penalties=[keras_gans.penalties.R1(1000.0, every=2)], run_eagerly=True)
    for _ in range(3):
        logs = gan.train_on_batch(tiny.images(8), return_dict=True)
        assert float(rule.history["d_adversarial"].numpy()[0]) == pytest.approx(logs["d_adversarial"], rel=1e-5)


@pytest.mark.parametrize("pair", [(0, 0), (1, -1), (1.0, 1), 2, [1, 1, 1]])
def test_what_a_rule_chooses_is_checked(pair):
    class Wrong(balance.Balance):
        def choose(self, logs, previous, updates):
            return pair

    with pytest.raises(ValueError, match="must choose a pair"):
        compiled(Wrong()).train_on_batch(tiny.images(8))


@pytest.mark.parametrize(
    "make",
    [
        lambda: balance.AccuracyThreshold(1.5),
        lambda: balance.LossRatio(0),
        lambda: balance.LossChange(-1),
        lambda: balance.WarmUp(0),
    ],
)
def test_arguments_are_checked(make):
    with pytest.raises(ValueError, match="Received"):
        make()


def test_accuracy_is_that_at_the_threshold_of_the_loss():
    """Real images score 0.8, generated ones 0.2: apart by 0.5, the middle of the targets 0 and 1, and not by 0."""
    shape, pixels = tiny.SHAPE, math.prod(tiny.SHAPE)
    gray = keras.layers.Dense(pixels, kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(0.2))
    generator = keras.Sequential([keras.Input((tiny.LATENTS,)), gray, keras.layers.Reshape(shape)])
    mean = keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(1 / pixels))
    discriminator = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), mean])
    for loss, accuracy in (("least_squares", 1.0), ("hinge", 0.5)):
        gan = keras_gans.GAN(*map(keras.models.clone_model, (generator, discriminator)))
        gan.compile(**tiny.sgd(), balance=balance.AccuracyThreshold(), loss=loss, run_eagerly=True)
        logs = gan.train_on_batch(np.full((8, *shape), 0.8, "float32"), return_dict=True)
        assert logs["d_accuracy"] == pytest.approx(accuracy)
    for loss in ("wasserstein", "relativistic"):
        with pytest.raises(ValueError, match="AccuracyThreshold monitors 'd_accuracy'. Expected names of logs"):
            compiled(balance.AccuracyThreshold(), loss=loss)


def test_a_rule_that_misspells_what_it_monitors():
    with pytest.raises(ValueError, match="`monitors`, which means nothing. Expected: `monitor`"):
        type("Weaker", (balance.Balance,), {"monitors": ("d_loss",)})
    with pytest.raises(ValueError, match="`monitor` of Weaker must be of type tuple"):
        type("Weaker", (balance.Balance,), {"monitor": "d_loss"})
    rule = balance.WarmUp()
    rule.monitors = ("d_loss",)
    with pytest.raises(ValueError, match="Expected: `monitor`"):
        compiled(rule)
