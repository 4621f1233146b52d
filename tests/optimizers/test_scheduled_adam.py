"""Adam with a beta_2 that moves, against Adam written out in NumPy, and against Keras' where it stands still."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.optimizers import ScheduledAdam
from keras_gans.schedules import Cosine
from keras_gans.training.functional import functional_scope
from keras_gans.training.functional import functional_step
from tests import tiny

RANDOM = np.random.default_rng(0)
GRADIENTS = RANDOM.normal(size=(9, 5)).astype("float32")
START = np.linspace(-1, 1, 5).astype("float32")


def betas(first=0.5, last=0.95, stop=4):
    """After 0, 1, 2, ... steps."""
    return [last + (first - last) * (1 + np.cos(np.pi * min(1, n / stop))) / 2 for n in range(len(GRADIENTS))]


def adam(rates, beta_1, beta_2s, epsilon, gradients=GRADIENTS):
    """The weights after each step, in float64."""
    x, m, v, found = START.astype("float64"), 0.0, 0.0, []
    for n, gradient in enumerate(gradients.astype("float64")):
        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2s[n] * v + (1 - beta_2s[n]) * gradient**2
        rate = rates[n] * np.sqrt(1 - beta_2s[n] ** (n + 1)) / (1 - beta_1 ** (n + 1))
        x = x - rate * m / (np.sqrt(v) + epsilon)
        found.append(x)
    return np.array(found)


def run(optimizer, gradients=GRADIENTS, wrap=lambda step: step):
    variable = keras.Variable(START)
    optimizer.build([variable])
    step, found = wrap(lambda gradient: optimizer.apply([gradient], [variable])), []
    for gradient in gradients:
        step(tf.constant(gradient))
        found.append(variable.numpy())
    return np.array(found)


def scheduled(**arguments):
    return ScheduledAdam(0.1, beta_1=0.3, beta_2=Cosine(0.5, 0.95, stop=4), epsilon=1e-8, **arguments)


@pytest.mark.parametrize("way", ["eager", "graph", "xla"])
def test_the_steps_of_a_beta_2_that_moves(way):
    wrap = {"eager": lambda step: step, "graph": tf.function, "xla": lambda step: tf.function(step, jit_compile=True)}[way]
    np.testing.assert_allclose(run(scheduled(), wrap=wrap), adam([0.1] * 9, 0.3, betas(), 1e-8), rtol=2e-5, atol=1e-6)


def test_beside_a_learning_rate_that_moves():
    optimizer = ScheduledAdam(Cosine(0.2, 0.1, stop=4), beta_1=0.0, beta_2=Cosine(0.5, 0.95, stop=4), epsilon=1e-8)
    rates = betas(0.2, 0.1)
    np.testing.assert_allclose(run(optimizer), adam(rates, 0.0, betas(), 1e-8), rtol=2e-5, atol=1e-6)


def test_where_it_stands_still_it_is_keras_adam():
    theirs = run(keras.optimizers.Adam(0.1, beta_1=0.3, beta_2=0.9))
    np.testing.assert_array_equal(run(ScheduledAdam(0.1, beta_1=0.3, beta_2=0.9)), theirs)
    np.testing.assert_allclose(run(ScheduledAdam(0.1, beta_1=0.3, beta_2=Cosine(0.9, 0.9, 5))), theirs, rtol=1e-4)
    default = ScheduledAdam().get_config()
    assert {name: default[name] for name in default if name != "name"} == {
        name: value for name, value in keras.optimizers.Adam().get_config().items() if name != "name"
    }


def test_accumulated_gradients_count_steps_as_the_learning_rate_does():
    """Of three steps each, the third one applies the mean of the gradients, with the beta_2 of that step."""
    found = run(scheduled(gradient_accumulation_steps=3))
    means = GRADIENTS.reshape(3, 3, 5).mean(axis=1)
    expected = adam([0.1] * 3, 0.3, betas()[2::3], 1e-8, means)
    np.testing.assert_allclose(found[2::3], expected, rtol=2e-5, atol=1e-6)
    np.testing.assert_array_equal(found[[3, 4]], found[[2, 2]])


def test_it_says_its_present_value():
    optimizer = scheduled()
    for expected in betas()[:6]:
        assert float(optimizer.beta_2) == pytest.approx(expected)
        optimizer.iterations.assign_add(1)
    assert ScheduledAdam(beta_2=0.9).beta_2 == 0.9
    assert isinstance(scheduled().beta_2_schedule, Cosine)


@pytest.mark.slow
def test_its_configuration():
    optimizer = scheduled(clipnorm=1.0)
    config = json.loads(json.dumps(keras.optimizers.serialize(optimizer)))
    for again in (keras.optimizers.deserialize(config), keras.saving.deserialize_keras_object(config)):
        assert type(again) is ScheduledAdam
        assert again.get_config() == optimizer.get_config()
        np.testing.assert_array_equal(run(again), run(scheduled(clipnorm=1.0)))
    plain = ScheduledAdam(0.1, beta_2=0.5)
    plain.learning_rate = 0.25  # as a callback does
    assert ScheduledAdam.from_config(plain.get_config()).learning_rate == 0.25


def test_steps_in_a_functional_scope_are_its_own_and_leave_its_name_alone():
    variable = keras.Variable(START)
    optimizer = scheduled()
    optimizer.build([variable])
    with functional_scope([variable]) as scope:
        for gradient in GRADIENTS:
            functional_step(optimizer, [tf.constant(gradient)], [variable])
        found = scope.get_current_value(variable)
    np.testing.assert_array_equal(variable, START)
    np.testing.assert_allclose(found, adam([0.1] * 9, 0.3, betas(), 1e-8)[-1], rtol=2e-5, atol=1e-6)
    assert keras.saving.get_registered_object("keras_gans>ScheduledAdam") is ScheduledAdam


def optimizers():
    return {f"{player}_optimizer": scheduled() for player in ("generator", "discriminator")}


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_in_a_gan_saved_and_loaded_it_takes_the_same_next_step(policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    try:
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    finally:
        keras.config.set_dtype_policy("float32")
    gan.compile(**optimizers())
    inner = [getattr(optimizer, "inner_optimizer", optimizer) for optimizer in gan.optimizers.values()]
    assert all(type(optimizer) is ScheduledAdam for optimizer in inner)
    assert [optimizer is each for optimizer, each in zip(gan.optimizers.values(), inner, strict=True)] == 2 * [
        policy == "float32"
    ]
    gan.fit(tiny.images(16), batch_size=8, verbose=0)
    assert gan.optimizer.beta_2 == pytest.approx(betas()[2])
    gan.save(tmp_path / "gan.keras")
    loaded = keras_gans.load_model(tmp_path / "gan.keras")
    for _ in range(3):
        assert loaded.train_on_batch(tiny.images(8), return_dict=True) == gan.train_on_batch(tiny.images(8), return_dict=True)
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))


@pytest.mark.slow
def test_a_recipes_optimizer_takes_another_learning_rate(tmp_path):
    class Paper(keras_gans.GAN):
        def recipe(self):
            return {**super().recipe(), **optimizers()}

    gan = Paper(tiny.generator(), tiny.discriminator())
    gan.compile(generator_optimizer=Cosine(0.5, 0.25, stop=2))
    for rate in (0.5, 0.375, 0.25):
        assert float(gan.generator_optimizer.learning_rate) == pytest.approx(rate)
        gan.train_on_batch(tiny.images(8))
    assert type(gan.generator_optimizer) is ScheduledAdam
    assert isinstance(gan.generator_optimizer.beta_2_schedule, Cosine)
    config = gan.generator_optimizer.get_config()
    assert float(ScheduledAdam.from_config(config).learning_rate) == 0.5


@pytest.mark.slow
def test_two_replicas_are_one(strategy, monkeypatch):
    monkeypatch.setattr(keras_gans.utils.random, "normal", lambda shape, seed: tf.fill(shape, 0.3))

    def trained():
        keras.utils.set_random_seed(3)
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
        gan.compile(**optimizers())
        gan.fit(tiny.dataset(tiny.images(16)), epochs=2, verbose=0)
        return tiny.weights(gan), float(gan.discriminator_optimizer.beta_2)

    alone, beta_2 = trained()
    with strategy.scope():
        together, other = trained()
    np.testing.assert_allclose(together, alone, atol=1e-4)
    assert beta_2 == other == pytest.approx(betas()[4])


@pytest.mark.parametrize("beta_2", [1.0, -0.1, "0.9", None, float("nan")])
def test_bad_arguments(beta_2):
    with pytest.raises(ValueError, match="`beta_2` must be"):
        ScheduledAdam(beta_2=beta_2)
