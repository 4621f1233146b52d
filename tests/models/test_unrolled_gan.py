"""Unrolled GANs, against the bilinear-quadratic game whose every step is known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from tests import tiny
from tests.training.test_steps import Fixed

pytestmark = pytest.mark.slow


class Quadratic(losses.AdversarialLoss):
    """With D(x) = psi x, G = theta and real data 1: D minimizes -f, f = theta psi - psi^2 / 2."""

    def discriminator(self, real, fake):
        return 0.5 * real**2 - fake

    def generator(self, real, fake):
        raise AssertionError("the saddle's own half is minus the discriminator's")


def line_gan(cls, theta, psi, **arguments):
    z, x = keras.Input((1,)), keras.Input((1,))
    generator = keras.Model(z, keras.layers.Dense(1, use_bias=False)(z))
    discriminator = keras.Model(x, keras.layers.Dense(1, use_bias=False)(x))
    generator.set_weights([np.array([[theta]])])
    discriminator.set_weights([np.array([[psi]])])
    return cls(generator, discriminator, latents=Fixed(1), **arguments)


@pytest.mark.parametrize(
    ("steps", "value", "slope"),
    [(0, 0.375, 0.5), (1, 0.398750, 0.595000), (2, 0.417988, 0.671950), (5, 0.456415, 0.825661), (10, 0.484803, 0.939212)],
)
def test_the_generator_differentiates_through_the_steps(steps, value, slope):
    gan = line_gan(keras_gans.UnrolledGAN, 1.0, 0.5, unroll_steps=steps)
    sgd = keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.1)
    # Eagerly: unrolled steps take long to trace. Graphs are tried in the conformance tests, and below.
    gan.compile(*sgd, loss=losses.Saddle(Quadratic()), update_rule="simultaneous", run_eagerly=True)
    logs = gan.train_on_batch(np.ones((4, 1)), return_dict=True)
    assert logs["g_loss"] == pytest.approx(value, abs=1e-5)
    theta, psi = (float(network.get_weights()[0][0, 0]) for network in (gan.generator, gan.discriminator))
    assert (1.0 - theta) / 0.01 == pytest.approx(slope, abs=1e-4)
    # The discriminator takes one ordinary step, whatever is unrolled: psi + 0.1 (theta - psi).
    assert psi == pytest.approx(0.55, abs=1e-6)


def ring_networks(activation="tanh"):
    z, x = keras.Input((4,)), keras.Input((2,))
    generator = keras.Model(z, keras.layers.Dense(2)(keras.layers.Dense(8, activation)(z)))
    h = keras.layers.Dense(8, activation)(x)
    return generator, keras.Model(x, keras.layers.Dense(1)(h))


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: keras.optimizers.SGD(0.3),
        lambda: keras.optimizers.SGD(0.1, momentum=0.9),
        lambda: keras.optimizers.RMSprop(0.02),
        lambda: keras.optimizers.Adam(0.05, beta_1=0.5),
    ],
    ids=["SGD", "momentum", "RMSprop", "Adam"],
)
@pytest.mark.parametrize(
    "more", [[], pytest.param([keras_gans.losses.FeatureMatching()], marks=pytest.mark.slow)], ids=["", "features"]
)
def test_gradient_is_that_of_finite_differences(optimizer, more):
    generator, discriminator = ring_networks()
    gan = keras_gans.UnrolledGAN(generator, keras_gans.networks.with_features(discriminator), unroll_steps=3)
    # Eagerly, as the gradient below.
    gan.compile(
        keras.optimizers.SGD(0.0), optimizer(), penalties=[keras_gans.penalties.R1(0.1)], auxiliary_losses=more, run_eagerly=True
    )
    real = keras_gans.data.ring(64, seed=0)
    for _ in range(5):
        gan.train_on_batch(real)  # moments that are not zero
    variables = gan.variables_of("generator")
    seed = gan.noise_seed("generator")

    def value():
        minibatch = gan.draw(tf.constant(real), None, seed)
        return tf.add_n(list(gan.objective("generator", minibatch).values()))

    with tf.GradientTape() as tape:
        loss = value()
    gradients = [gradient.numpy() for gradient in tape.gradient(loss, variables)]
    rng = np.random.default_rng(0)
    for _ in range(3):
        directions = [rng.standard_normal(gradient.shape) for gradient in gradients]
        expected = sum(np.sum(gradient * direction) for gradient, direction in zip(gradients, directions, strict=True))
        ends = []
        for sign in (1, -1):
            for variable, direction in zip(variables, directions, strict=True):
                variable.assign_add(sign * 2e-3 * direction)
            ends.append(float(value()))
            for variable, direction in zip(variables, directions, strict=True):
                variable.assign_add(-sign * 2e-3 * direction)
        assert (ends[0] - ends[1]) / 4e-3 == pytest.approx(expected, rel=2e-2, abs=1e-4)


def test_no_unrolled_step_is_the_plain_game():
    weights = []
    for cls, arguments in ((keras_gans.GAN, {}), (keras_gans.UnrolledGAN, {"unroll_steps": 0})):
        keras.utils.set_random_seed(1)
        gan = cls(*ring_networks("relu"), **arguments)
        sgd = keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)
        gan.compile(*sgd, loss="saddle", update_rule="alternating", run_eagerly=True)
        for _ in range(3):
            gan.train_on_batch(keras_gans.data.ring(32, seed=0))
        weights.append(tiny.weights(gan))
    np.testing.assert_allclose(weights[0], weights[1], atol=1e-6)


def test_the_discriminators_own_step_is_the_same_for_every_number_of_steps():
    weights = []
    for steps in (0, 3):
        keras.utils.set_random_seed(1)
        gan = keras_gans.UnrolledGAN(*ring_networks("relu"), unroll_steps=steps)
        gan.compile(run_eagerly=True)
        gan.train_on_batch(keras_gans.data.ring(32, seed=0))
        weights.append(gan.discriminator.get_weights())
        assert int(gan.counters["discriminator"].numpy()) == 1
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(a, b)


def networks_with_state():
    layers = keras.layers
    z, x = keras.Input((4,)), keras.Input((2,))
    generator = keras.Model(z, layers.Dense(2)(layers.BatchNormalization()(layers.Dense(8, "relu")(z))))
    normalized = keras_gans.layers.SpectralNormalization(layers.Dense(8, "relu"))
    h = layers.Dropout(0.2)(layers.BatchNormalization()(normalized(x)))
    return generator, keras.Model(x, layers.Dense(1)(h))


def test_unrolled_steps_leave_no_trace_in_the_discriminator():
    """Batch statistics, spectral norms and weights are where the generator's step found them."""
    gan = keras_gans.UnrolledGAN(*networks_with_state(), unroll_steps=3)
    gan.compile(loss="saddle")
    real = tf.constant(keras_gans.data.ring(32, seed=0))
    before = [variable.numpy() for variable in gan.discriminator.variables]
    generator = [variable.numpy() for variable in gan.generator.non_trainable_variables]
    gan.generator_step(real, None)
    for variable, value in zip(gan.discriminator.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value, err_msg=variable.path)
    # The generator's own batch statistics did move.
    assert not np.array_equal(gan.generator.non_trainable_variables[0].numpy(), generator[0])
    assert int(gan.counters["discriminator"].numpy()) == 0


@pytest.mark.parametrize("cls", [keras_gans.UnrolledGAN, keras_gans.ConsensusGAN, keras_gans.LocallyStableGAN])
def test_networks_with_state_train_in_simultaneous_play_as_in_the_plain_game(cls):
    """With both players at rest, batch statistics and spectral norms move as in the plain game."""
    state = []
    for game in (keras_gans.GAN, cls):
        keras.utils.set_random_seed(1)
        gan = game(*networks_with_state(), **({"unroll_steps": 2} if game is keras_gans.UnrolledGAN else {}))
        sgd = keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0)
        gan.compile(*sgd, loss="saddle", update_rule="simultaneous", run_eagerly=game is keras_gans.GAN)
        for _ in range(2):
            logs = gan.train_on_batch(keras_gans.data.ring(32, seed=0), return_dict=True)
        assert np.isfinite(list(logs.values())).all()
        state.append([variable.numpy() for variable in gan.discriminator.non_trainable_variables if variable.dtype == "float32"])
    for a, b in zip(*state, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_rule_may_let_players_of_an_unrolled_game_rest():
    class Turns(keras_gans.balance.Balance):
        monitor = ("d_loss", "g_loss")

        def choose(self, logs, previous, updates):
            return (0, 1) if updates["discriminator"] else (1, 0)

    gan = keras_gans.UnrolledGAN(*ring_networks(), unroll_steps=2)
    gan.compile(balance=Turns())
    gan.fit(keras_gans.data.ring(64, seed=0), batch_size=16, verbose=0)
    assert [int(gan.counters[player].numpy()) for player in ("discriminator", "generator")] == [1, 3]
    assert np.isfinite(gan.balance.history["d_loss"].numpy()).all()


def test_lazy_penalties_constraints_and_dead_units_stay_finite():
    z, x = keras.Input((4,)), keras.Input((2,))
    generator = keras.Model(z, keras.layers.Dense(2)(z))
    clip = keras_gans.constraints.Clip(0.1)
    h = keras.layers.Dense(8, "relu", bias_initializer=keras.initializers.Constant(-50.0), kernel_constraint=clip)(x)
    gan = keras_gans.UnrolledGAN(generator, keras.Model(x, keras.layers.Dense(1)(h)), unroll_steps=3, ema=0.9)
    gan.compile(penalties=[keras_gans.penalties.R1(1.0, every=2)], jit_compile=True)
    history = gan.fit(keras_gans.data.ring(64, seed=0), batch_size=16, verbose=0).history
    assert np.isfinite(history["g_loss"]).all()
    assert all(np.isfinite(weight).all() for weight in gan.get_weights())


@pytest.mark.parametrize("steps", [-1, 1.5, None])
def test_number_of_steps_is_checked(steps):
    with pytest.raises(ValueError, match="unroll_steps"):
        keras_gans.UnrolledGAN(*ring_networks(), unroll_steps=steps)
