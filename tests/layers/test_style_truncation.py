"""Sections 18.4 and 4.15 of the facts."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import StyleTruncation


def built(width=2, **arguments):
    layer = StyleTruncation(**{"layers": 10, **arguments})
    layer.build([(None, width), (None, 1)])
    layer.built = True
    return layer


def vectors(count=4, width=2):
    return np.random.default_rng(0).normal(size=(count, width)).astype("float32")


def test_numbers():
    layer = built()
    layer.average.assign([1.0, -1.0])
    for psi, expected in ((0.7, [2.4, 0.4]), (0.5, [2.0, 0.0])):
        output = layer([tf.constant([[3.0, 1.0]]), tf.constant([[psi]])])[0]
        np.testing.assert_allclose(output, [expected] * 8 + [[3.0, 1.0]] * 2, atol=1e-6)


@pytest.mark.parametrize(("cutoff", "count"), [(8, 8), (0, 0), (3, 3), (20, 10), (None, 10)])
def test_the_first_layers_are_truncated(cutoff, count):
    layer, w = built(cutoff=cutoff), vectors()
    layer.average.assign([1e3, 1e-3])
    expected = np.repeat(w[:, None], 10, axis=1)
    np.testing.assert_array_equal(layer([w, np.ones((4, 1))]), expected)  # to the bit
    expected[:, :count] = np.array([1e3, 1e-3], "float32")
    np.testing.assert_array_equal(layer([w, np.zeros(4)]), expected)


def test_a_truncation_for_each_example():
    layer, w = built(layers=1), vectors()
    layer.average.assign([1.0, -1.0])
    psi = np.array([0.0, 0.5, 1.0, 2.0], "float32")
    expected = [1.0, -1.0] + psi[:, None] * (w - [1.0, -1.0])
    np.testing.assert_allclose(layer([w, psi])[:, 0], expected, atol=1e-6)


def test_the_average_follows_calls_in_training():
    layer, w = built(), np.array([[1.0, 4.0], [3.0, 0.0]], "float32")
    psi = np.ones((2, 1))
    layer([w, psi])
    np.testing.assert_array_equal(layer.average, [0.0, 0.0])
    for expected in (0.01, 0.01995):
        layer([w, psi], training=True)
        np.testing.assert_allclose(layer.average, [expected] * 2, rtol=1e-5)
    layer.trainable = False
    layer([w, psi], training=True)
    np.testing.assert_allclose(layer.average, [0.01995] * 2, rtol=1e-5)
    assert layer.trainable_variables == []


def test_the_average_is_that_of_all_replicas(strategy):
    with strategy.scope():
        layer = built(decay=0.5)
    shards = [[[1.0, 2.0]], [[3.0, 4.0], [5.0, 12.0]]]

    @tf.function
    def step():
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        w = tf.cond(tf.equal(replica, 0), lambda: tf.constant(shards[0]), lambda: tf.constant(shards[1]))
        layer([tf.reshape(w, (-1, 2)), tf.ones(tf.shape(w)[:1])], training=True)

    strategy.run(step)
    for copy in strategy.experimental_local_results(layer.average.value):
        np.testing.assert_allclose(copy, [1.5, 3.0])


def test_half_precision_keeps_the_average():
    layer = built(layers=1, dtype="mixed_bfloat16")
    w = tf.constant([[1.0, 1.0]])
    for _ in range(3):
        output = layer([w, tf.ones((1, 1))], training=True)
    assert (output.dtype, layer.average.dtype) == ("bfloat16", "float32")
    np.testing.assert_allclose(layer.average, [1 - 0.995**3] * 2, rtol=1e-5)


def test_it_is_saved(tmp_path):
    w, psi = keras.Input((2,)), keras.Input((1,))
    model = keras.Model([w, psi], StyleTruncation(3, name="styles")([w, psi]))
    model.get_layer("styles").average.assign([1.0, -1.0])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded([vectors(), np.full((4, 1), 0.5)]), model([vectors(), np.full((4, 1), 0.5)]))


def test_errors():
    for arguments, message in (
        ({"layers": 0}, "`layers` must be an int >= 1"),
        ({"cutoff": -1}, "`cutoff` must be an int >= 0"),
        ({"decay": 1.5}, r"`decay` must be in \[0, 1\]"),
    ):
        with pytest.raises(ValueError, match=message):
            StyleTruncation(**{"layers": 3, **arguments})
    for inputs in (vectors(), [vectors(), np.ones((4, 2))], [np.ones((4, 3, 2)), np.ones((4, 1))]):
        with pytest.raises(ValueError, match=r"called on \[w, psi\]"):
            StyleTruncation(3)(inputs)
