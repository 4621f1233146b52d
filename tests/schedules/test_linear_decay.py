"""Rates at updates that were computed by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.schedules import LinearDecay


@pytest.mark.parametrize(
    ("arguments", "updates", "rates"),
    [
        ({"stop": 100_000}, [0, 25_000, 50_000, 100_000, 200_000], [0.1, 0.075, 0.05, 0.0, 0.0]),
        ({"stop": 450_000, "start": 400_000}, [0, 400_000, 425_000, 450_000, 10**6], [0.1, 0.1, 0.05, 0.0, 0.0]),
    ],
)
def test_rates(arguments, updates, rates):
    schedule = LinearDecay(0.1, **arguments)
    np.testing.assert_allclose([float(schedule(update)) for update in updates], rates, atol=1e-7)
    graph = tf.function(schedule)
    np.testing.assert_allclose([float(graph(tf.constant(update, tf.int64))) for update in updates], rates, atol=1e-7)
    again = LinearDecay.from_config(schedule.get_config())
    assert float(again(updates[2])) == float(schedule(updates[2]))


def test_an_optimizer_with_it_saves_and_loads():
    optimizer = keras.optimizers.SGD(LinearDecay(0.1, stop=2))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    variable = keras.Variable([1.0])
    for expected in (0.9, 0.85, 0.85):
        again.apply([tf.constant([1.0])], [variable])
        assert float(variable[0]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learning_rate": -1.0, "stop": 3}, "must not be negative"),
        ({"learning_rate": 1.0, "stop": 3, "start": 3}, "beyond `start`"),
        ({"learning_rate": 1.0, "stop": 2.5}, "stop"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        LinearDecay(**arguments)
