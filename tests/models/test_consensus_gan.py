"""Consensus optimization and the locally stable GAN, on games whose steps are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny
from tests.models.test_unrolled_gan import line_gan
from tests.models.test_unrolled_gan import ring_networks


def bilinear(cls, theta, psi, steps, **arguments):
    """D minimizes theta psi, G minimizes -theta psi (Wasserstein, real data at 0): a rotation."""
    gan = line_gan(cls, theta, psi, **arguments)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), loss="wasserstein", run_eagerly=True)
    for _ in range(steps):
        gan.train_on_batch(np.zeros((4, 1)))
    return [float(network.get_weights()[0][0, 0]) for network in (gan.generator, gan.discriminator)]


@pytest.mark.slow
def test_one_step_of_consensus():
    """f = x y from (1, 1), h = 0.1, gamma = 1: (0.8, 1.0) for x that minimizes; the discriminator minimizes here."""
    theta, psi = bilinear(keras_gans.ConsensusGAN, 1.0, 1.0, 1, consensus_weight=1.0)
    assert (psi, theta) == pytest.approx((0.8, 1.0), abs=1e-6)


@pytest.mark.slow
def test_consensus_converges_at_the_known_rate():
    theta, psi = bilinear(keras_gans.ConsensusGAN, 1.0, 1.0, 10, consensus_weight=1.0)
    assert np.hypot(theta, psi) == pytest.approx(0.524305, abs=1e-5)
    theta, psi = bilinear(keras_gans.GAN, 1.0, 1.0, 10)
    assert np.hypot(theta, psi) == pytest.approx(1.486353, abs=1e-5)


@pytest.mark.slow
def test_consensus_is_logged_and_is_half_the_squared_norm():
    gan = line_gan(keras_gans.ConsensusGAN, 1.0, 2.0)
    gan.compile(loss="wasserstein", run_eagerly=True)
    logs = gan.train_on_batch(np.zeros((4, 1)), return_dict=True)
    assert logs["d_consensus"] == logs["g_consensus"] == pytest.approx(0.5 * 10 * (1 + 4), rel=1e-5)
    assert logs["d_loss"] == pytest.approx(logs["d_adversarial"] + logs["d_consensus"], rel=1e-5)
    values = gan.evaluate(np.zeros((4, 1)), return_dict=True, verbose=0)
    assert values["d_consensus"] > 0


@pytest.mark.parametrize("arguments", [{"update_rule": "alternating"}, {"discriminator_steps": 2}], ids=str)
def test_consensus_is_simultaneous(arguments):
    gan = keras_gans.ConsensusGAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="imultaneous"):
        gan.compile(**arguments)


def locally_stable(steps):
    """V = theta psi, which D ascends and G descends: D(x) = -psi x in the loss's sign. From (1, 0)."""
    gan = line_gan(keras_gans.LocallyStableGAN, 1.0, 0.0)
    sgd = keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)
    gan.compile(*sgd, loss="wasserstein", update_rule="simultaneous", run_eagerly=True)
    for _ in range(steps):
        gan.train_on_batch(np.zeros((4, 1)))
    theta, psi = (float(network.get_weights()[0][0, 0]) for network in (gan.generator, gan.discriminator))
    return theta, -psi


@pytest.mark.slow
def test_locally_stable_steps():
    assert locally_stable(1) == pytest.approx((0.9, 0.1), abs=1e-6)
    assert locally_stable(10) == pytest.approx((0.099198, 0.568492), abs=1e-5)


@pytest.mark.slow
def test_local_stability_is_logged_also_in_evaluation():
    gan = line_gan(keras_gans.LocallyStableGAN, 3.0, 1.0)
    gan.compile(loss="wasserstein", run_eagerly=True)
    assert gan.evaluate(np.zeros((4, 1)), return_dict=True, verbose=0)["g_local_stability"] == pytest.approx(0.5 * 9)
    logs = gan.train_on_batch(np.zeros((4, 1)), return_dict=True)
    assert logs["g_local_stability"] == pytest.approx(0.5 * 9, rel=1e-3)


@pytest.mark.slow
def test_batch_statistics_move_as_in_the_plain_game():
    """The extra pass of the discriminator is forgotten."""
    norm = keras.layers.BatchNormalization()
    discriminator = tiny.discriminator(norm=norm)
    statistics = []
    for cls in (keras_gans.GAN, keras_gans.LocallyStableGAN):
        keras.utils.set_random_seed(1)
        gan = cls(tiny.generator(), keras.models.clone_model(discriminator))
        gan.discriminator.set_weights(discriminator.get_weights())
        sgd = keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0)
        gan.compile(*sgd, loss="saddle", update_rule="simultaneous", run_eagerly=True)
        gan.generator.set_weights([np.ones_like(weight) * 0.1 for weight in gan.generator.get_weights()])
        gan.train_on_batch(tiny.images(8))
        statistics.append([variable.numpy() for variable in gan.discriminator.non_trainable_variables])
    for a, b in zip(*statistics, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.parametrize("cls", [keras_gans.ConsensusGAN, keras_gans.LocallyStableGAN])
def test_lazy_penalties_are_refused(cls):
    gan = cls(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="every=1"):
        gan.compile(penalties=[keras_gans.penalties.R1(every=2)])


def test_consensus_gradient_is_that_of_finite_differences_with_penalties_of_both_players():
    generator, discriminator = ring_networks()
    gan = keras_gans.ConsensusGAN(generator, keras_gans.networks.with_features(discriminator), consensus_weight=3.0)
    gan.compile(penalties=[keras_gans.penalties.R1(0.1)], auxiliary_losses=[keras_gans.losses.FeatureMatching()])
    real, seed = tf.constant(keras_gans.data.ring(16, seed=0)), gan.noise_seed("discriminator")

    def value():
        return gan.joint_objectives(real, None, seed)[1]["discriminator"]["consensus"]

    variable = gan.discriminator.trainable_variables[0]
    with tf.GradientTape() as tape:
        consensus = value()
    gradient = tape.gradient(consensus, variable).numpy()
    direction = np.random.default_rng(0).standard_normal(gradient.shape)
    ends = []
    for sign in (1, -1):
        variable.assign_add(sign * 2e-3 * direction)
        ends.append(float(value()))
        variable.assign_add(-sign * 2e-3 * direction)
    assert (ends[0] - ends[1]) / 4e-3 == pytest.approx(float(np.sum(gradient * direction)), rel=2e-2)


def test_terms_of_the_class_keep_their_names():
    gan = keras_gans.ConsensusGAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="cannot be called 'consensus'"):
        gan.compile(penalties=[keras_gans.penalties.R1(name="consensus")])


@pytest.mark.parametrize("cls", [keras_gans.ConsensusGAN, keras_gans.LocallyStableGAN])
def test_weights_are_checked(cls):
    with pytest.raises(ValueError, match="must not be negative"):
        cls(tiny.generator(), tiny.discriminator(), **{("consensus" if "Con" in cls.__name__ else "stability") + "_weight": -1.0})


@pytest.mark.slow
def test_dirac_gan_converges_with_each_of_them():
    """Real data at 0, G = theta, D(x) = psi x: plain alternating play goes round, these come home."""
    radius = {}
    for cls in (keras_gans.GAN, keras_gans.ConsensusGAN, keras_gans.LocallyStableGAN):
        gan = line_gan(cls, 1.0, 1.0, **({"consensus_weight": 1.0} if cls is keras_gans.ConsensusGAN else {}))
        gan.compile(keras.optimizers.SGD(0.2), keras.optimizers.SGD(0.2), loss="wasserstein")
        for _ in range(200):
            gan.train_on_batch(np.zeros((4, 1)))
        radius[cls] = np.hypot(*(network.get_weights()[0][0, 0] for network in (gan.generator, gan.discriminator)))
    assert radius[keras_gans.GAN] > 1.4
    assert radius[keras_gans.ConsensusGAN] < 1e-3
    assert radius[keras_gans.LocallyStableGAN] < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("cls", [keras_gans.ConsensusGAN, keras_gans.LocallyStableGAN])
def test_networks_of_double_precision(cls):
    generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, dtype="float64")])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, dtype="float64")])
    gan = cls(generator, discriminator)
    gan.compile()
    history = gan.fit(np.zeros((8, 3), "float32"), verbose=0).history
    assert np.isfinite(history["g_loss"]).all()
