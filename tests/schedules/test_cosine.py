"""Values at updates that were computed by hand."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.schedules import Cosine


@pytest.mark.parametrize(
    ("first", "last", "values"),
    [
        (2e-4, 5e-5, [2e-4, 1.780330e-4, 1.25e-4, 5e-5, 5e-5]),
        (0.9, 0.99, [0.9, 0.913180, 0.945, 0.99, 0.99]),
        (0.0, 5e6, [0.0, 732_233.0, 2.5e6, 5e6, 5e6]),
    ],
)
@pytest.mark.parametrize(("stop", "batch_size"), [(40_000, None), (20_480_000, 512)])
def test_values(first, last, values, stop, batch_size):
    schedule = Cosine(first, last, stop, batch_size)
    updates = [0, 10_000, 20_000, 40_000, 10**6]
    graph, xla = tf.function(schedule), tf.function(schedule, jit_compile=True)
    for call in (schedule, lambda n: graph(tf.constant(n, tf.int64)), lambda n: xla(tf.constant(n, tf.int64))):
        np.testing.assert_allclose([float(call(update)) for update in updates], values, rtol=1e-6)
    again = Cosine.from_config(json.loads(json.dumps(schedule.get_config())))
    assert float(again(777)) == float(schedule(777))


def test_the_ends_are_exact():
    for first, last in ((2e-4, 5e-5), (0.9, 0.99), (150.0, 15.0)):
        schedule = Cosine(first, last, 3)
        assert (float(schedule(0)), float(schedule(3))) == (float(np.float32(first)), float(np.float32(last)))


def test_an_optimizer_with_it_saves_and_loads():
    optimizer = keras.optimizers.SGD(Cosine(0.1, 0.2, stop=2))
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    variable = keras.Variable([1.0])
    for expected in (0.9, 0.75, 0.55, 0.35):
        again.apply([tf.constant([1.0])], [variable])
        assert float(variable[0]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first": "1", "last": 0.0, "stop": 3}, "`first` must be a finite number"),
        ({"first": 1.0, "last": float("inf"), "stop": 3}, "`last` must be a finite number"),
        ({"first": 1.0, "last": 0.0, "stop": 0}, "`stop` must be an int >= 1"),
        ({"first": 1.0, "last": 0.0, "stop": 3, "batch_size": 0.5}, "`batch_size` must be an int >= 1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Cosine(**arguments)
