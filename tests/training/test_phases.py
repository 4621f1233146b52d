"""Phases: which networks play is chosen before each round and each evaluation, and a step may gather several batches."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from tests import tiny


class Two(keras_gans.GAN):
    """Its first phase trains the first layers of both networks; from the third round on, all of them."""

    sizes = {"small": None, "large": None}

    def choose_phase(self):
        rounds = int(keras.ops.convert_to_numpy(self.counters["generator"]))
        phase = "small" if rounds < 2 else "large"
        self.step_size = self.sizes[phase]
        return phase

    def playing(self, player):
        network = getattr(self, player)
        return [network] if self.phase == "large" else [keras.Model(network.inputs, network.get_layer("first").output)]

    def discriminator_of(self, game):
        first = keras.Model(self.discriminator.inputs, layers.Flatten()(self.discriminator.get_layer("first").output))
        return self.discriminator if self.phase == "large" else first

    def draw(self, real, condition, seed, training=True):
        latents = self.latents.sample(tf.shape(real)[0], seed)
        (generator,) = self.playing("generator")
        self.__dict__.setdefault("drawn", []).append((self.phase, real.shape[0]))
        return self.minibatch(real, generator(latents, training=training), latents, condition, seed, training)


def two():
    z, x = keras.Input((6,), name="latents"), keras.Input((4,), name="images")
    generator = keras.Model(z, layers.Dense(4, name="second")(layers.Dense(4, name="first")(z)))
    discriminator = keras.Model(x, layers.Dense(1, name="second")(layers.Dense(1, name="first")(x)))
    gan = Two(generator, discriminator)
    gan.compile(keras.optimizers.Adam(0.1), keras.optimizers.Adam(0.1))
    return gan


def data(count=12):
    return np.random.default_rng(0).normal(size=(count, 4)).astype("float32")


def moved(gan, before):
    now = [variable.numpy() for variable in gan.trainable_variables]
    return {
        variable.path.split("/")[0]
        for variable, old, new in zip(gan.trainable_variables, before, now, strict=True)
        if np.abs(old - new).max() > 0
    }


@pytest.mark.slow
@pytest.mark.parametrize("eagerly", [True, False])
def test_what_does_not_play_rests(eagerly):
    gan = two()
    gan.run_eagerly = eagerly
    before = [variable.numpy() for variable in gan.trainable_variables]
    gan.fit(data(8), batch_size=4, verbose=0)
    assert moved(gan, before) == {"first"}
    gan.fit(data(8), batch_size=4, verbose=0)
    assert moved(gan, before) == {"first", "second"}


@pytest.mark.slow
def test_evaluation_is_of_the_phase_at_hand():
    gan = two()
    gan.evaluate(data(4), verbose=0)
    gan.fit(data(12), batch_size=4, verbose=0, validation_data=data(4))
    assert [phase for phase, _ in gan.drawn] == ["small", "small", "large", "large"]  # traced once in each phase
    gan.evaluate(data(4), verbose=0)
    assert len(gan.drawn) == 4


@pytest.mark.slow
def test_a_step_gathers_as_many_batches_as_have_its_examples():
    gan = two()
    gan.sizes = {"small": 6, "large": 4}
    gan.run_eagerly = True
    gan.fit(data(24), batch_size=3, verbose=0, shuffle=False)
    # Two rounds of 6 examples, two batches of 3; then of at least 4. Eight batches are four rounds.
    assert gan.drawn == [("small", 6)] * 2 + [("large", 6)] * 2
    gan.drawn.clear()
    gan.sizes = {"large": 3}
    gan.fit(data(7), batch_size=3, verbose=0)
    assert gan.drawn == [("large", 3)] * 2  # and a step without its examples is left out


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["simultaneous", "alternating"])
def test_gathered_examples_are_those_of_one_batch(rule):
    weights = []
    for size, batch_size in ((None, 8), (8, 2)):
        keras.utils.set_random_seed(5)
        gan = two()
        gan.compile(update_rule=rule, run_eagerly=True)
        gan.sizes = dict.fromkeys(gan.sizes, size)
        gan.fit(data(24), batch_size=batch_size, verbose=0, shuffle=False)
        weights.append([variable.numpy() for variable in gan.trainable_variables])
    for first, second in zip(*weights, strict=True):
        np.testing.assert_allclose(first, second, atol=1e-6)


def test_too_few_examples_for_a_round():
    gan = two()
    gan.sizes = {"small": 16}
    with pytest.raises(ValueError, match="fewer examples than a round takes: 16"):
        gan.fit(data(12), batch_size=4, verbose=0)


def test_a_batch_by_hand_is_not_gathered():
    gan = two()
    gan.sizes = {"small": 16}
    gan.run_eagerly = True
    gan.train_on_batch(data(4))
    assert gan.drawn == [("small", 4)]


@pytest.mark.slow
def test_gathered_conditions():
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
    gan.compile()
    gan.step_size = 8
    assert gan.fit(tiny.images(16), tiny.labels(16), batch_size=4, verbose=0).epoch == [0]
    assert int(gan.counters["generator"].value) == 2
