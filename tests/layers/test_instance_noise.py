import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.layers import InstanceNoise
from tests import tiny

ZEROS = np.zeros((200, 100), "float32")


@pytest.mark.parametrize(("updates", "expected"), [(0, 0.1), (25_000, 0.075), (50_000, 0.05), (100_000, 0.0), (200_000, 0.0)])
def test_the_schedule(updates, expected):
    layer = InstanceNoise()
    assert float(layer.stddev_at(updates)) == pytest.approx(expected, abs=1e-8)
    layer.updates.assign(updates)
    noise = layer(ZEROS, training=True).numpy()
    assert noise.std() == pytest.approx(expected, rel=0.02, abs=1e-8)
    assert abs(noise.mean()) < 0.003


def test_constant_noise():
    layer = InstanceNoise(0.3, steps=None)
    layer.updates.assign(10**9)
    assert layer(ZEROS, training=True).numpy().std() == pytest.approx(0.3, rel=0.02)


def test_after_step_counts():
    layer = InstanceNoise()
    count = tf.function(layer.after_step)
    count()
    count()
    assert int(layer.updates.numpy()) == 2
    assert layer.updates.dtype == "int64"
    assert not layer.trainable_variables


def test_fresh_noise_at_each_call_and_none_in_inference():
    layer = InstanceNoise(seed=3)
    first, second = layer(ZEROS, training=True), layer(ZEROS, training=True)
    assert not np.allclose(first, second)
    np.testing.assert_array_equal(layer(ZEROS), ZEROS)
    np.testing.assert_array_equal(InstanceNoise(seed=3)(ZEROS, training=True), first)


def test_no_noise_is_exactly_the_input():
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    np.testing.assert_array_equal(InstanceNoise(0.0)(x, training=True), x)


def test_the_seed_follows_keras():
    outputs = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        outputs.append(InstanceNoise()(ZEROS, training=True))
    np.testing.assert_array_equal(*outputs)


def test_replicas_have_their_own_noise_and_the_same_state(strategy):
    with strategy.scope():
        layer = InstanceNoise()

    @tf.function
    def step():
        def replica():
            noise = layer(tf.zeros((2, 3)), training=True)
            layer.after_step()
            return noise

        return strategy.run(replica)

    first, second = strategy.experimental_local_results(step())
    assert not np.allclose(first, second)
    for variable in (layer.updates, layer.seed_generator.state):
        np.testing.assert_array_equal(*strategy.experimental_local_results(variable.value))
    assert int(layer.updates.numpy()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "expected"), [((1, 1), 3), ((2, 1), 6)], ids=str)
def test_a_gan_counts_its_discriminators_updates(steps, expected):
    images = keras.Input(tiny.SHAPE)
    x = keras.layers.Flatten()(InstanceNoise(0.1, 10, name="noise")(images))
    gan = keras_gans.GAN(tiny.generator(), keras.Model(images, keras.layers.Dense(1)(x)))
    gan.compile(discriminator_steps=steps[0], generator_steps=steps[1])
    for _ in range(3):
        gan.train_on_batch(tiny.images(4))
    assert int(gan.discriminator.get_layer("noise").updates.numpy()) == expected


def test_errors():
    with pytest.raises(ValueError, match="`stddev` must not be negative"):
        InstanceNoise(-1.0)
    with pytest.raises(ValueError, match="`steps` must be positive"):
        InstanceNoise(steps=0)
