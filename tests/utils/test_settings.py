"""What objects were told."""

import keras
import numpy as np
import tensorflow as tf

import keras_gans
from keras_gans.utils.settings import Watch
from keras_gans.utils.settings import changed_settings
from keras_gans.utils.settings import comparable
from keras_gans.utils.settings import settings_of


def test_settings_are_arguments_and_not_state():
    penalty = keras_gans.penalties.GradientPenalty(10.0, every=2)
    before = settings_of(penalty, "p")
    assert {"p.weight": 10.0, "p.every": 2, "p.target": 1.0}.items() <= before.items()
    penalty.count, penalty.built = 3, True
    assert settings_of(penalty, "p") == before
    penalty.target = 0.0
    assert settings_of(penalty, "p") != before


def test_settings_of_settings():
    decay = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)
    penalty = keras_gans.penalties.R1(decay)
    before = settings_of(penalty, "p")
    assert before["p.weight.decay_rate"] == 0.9
    penalty.weight = keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)  # another one that says the same
    assert settings_of(penalty, "p") == before
    penalty.weight.decay_rate = 0.8
    assert [name for name, value in settings_of(penalty, "p").items() if value != before[name]] == ["p.weight.decay_rate"]


def test_containers_by_value_and_others_by_identity():
    class Table(keras_gans.penalties.Penalty):
        def __init__(self, rows, names):
            super().__init__()
            self.rows, self.names = rows, names

    table = Table(np.zeros(3), {"a": [1, float("nan")]})
    before = settings_of(table, "t")
    assert [settings_of(table, "t")] == [before]
    table.names["a"][0] = 2
    assert settings_of(table, "t")["t.names"] != before["t.names"]
    assert settings_of(table, "t")["t.rows"] == before["t.rows"]
    table.rows = np.zeros(3)
    assert settings_of(table, "t")["t.rows"] == before["t.rows"]
    for others in (np.ones(3), np.zeros(2), np.zeros(3, "float32"), tf.ones(3), None):
        table.rows = others
        assert settings_of(table, "t")["t.rows"] != before["t.rows"]
    table.rows = keras.Variable(np.zeros(3))  # which may be set, and is read by what was traced
    before = settings_of(table, "t")
    table.rows.assign(np.ones(3))
    assert settings_of(table, "t") == before
    table.rows = keras.Variable(np.ones(3))
    assert settings_of(table, "t") != before


def test_shares_of_a_weighted_loss():
    loss = keras_gans.losses.Weighted("hinge", generator=0.5)
    before = settings_of(loss, "loss")
    loss.shares["generator"] = 0.1
    assert settings_of(loss, "loss") != before


def test_settings_with_an_underscore_before():
    class Private(keras_gans.penalties.Penalty):
        def __init__(self, target=1.0):
            super().__init__()
            self._target, self._calls = target, 0

    penalty = Private()
    before = settings_of(penalty, "p")
    penalty._calls = 3
    assert settings_of(penalty, "p") == before
    penalty._target = 0.0
    assert changed_settings(settings_of(penalty, "p"), before) == ["p._target"]


def test_a_watch_sees_each_change_once():
    settings = {"a": float("nan"), "b": comparable(np.zeros(2)), "c": 1}
    watch = Watch(lambda: dict(settings))
    assert [watch.changed(), watch.changed()] == [True, False]
    for name, value in (("b", comparable(np.ones(2))), ("c", 2), ("d", None)):
        settings[name] = value
        assert [watch.changed(), watch.changed()] == [True, False]
