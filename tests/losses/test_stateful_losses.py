"""Fisher's multiplier, energies, and losses made of losses."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from tests import tiny
from tests.losses.test_losses import FAKE
from tests.losses.test_losses import REAL


def scored(real, fake):
    """A minibatch whose scores are given."""
    scores = iter([{"scores": tf.constant(real)}, {"scores": tf.constant(fake)}])
    minibatch = keras_gans.Minibatch(lambda *_: (next(scores), []), None, None, None, None, None, True)
    return minibatch if minibatch.real_scores is not None else None


def attached(loss):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(loss=loss, run_eagerly=True)
    return gan


def test_fisher_with_its_multiplier():
    loss = losses.Fisher(rho=0.01)
    attached(loss)
    loss.multiplier.assign(0.7)
    assert float(loss.discriminator(tf.constant(REAL), tf.constant(FAKE))) == pytest.approx(-0.263568, abs=1e-5)
    loss.after_step("generator", scored(REAL, FAKE))
    assert float(loss.multiplier.numpy()) == pytest.approx(0.7)
    loss.after_step("discriminator", scored(REAL, FAKE))
    assert float(loss.multiplier.numpy()) == pytest.approx(0.704317, abs=1e-6)


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_fishers_ratio_knows_no_scale(scale):
    assert float(losses.Fisher().ratio(scale * REAL, scale * FAKE)) == pytest.approx(0.473595, abs=1e-5)


@pytest.mark.slow
def test_fishers_multiplier_moves_in_training_and_is_not_the_discriminators():
    gan = attached(losses.Fisher(rho=0.5))
    gan.train_on_batch(tiny.images(8))
    value = float(gan.adversarial_loss.multiplier.numpy())
    assert value != 0
    assert all(variable is not gan.adversarial_loss.multiplier for variable in gan.variables_of("discriminator"))
    gan.evaluate(tiny.images(8), verbose=0)
    assert float(gan.adversarial_loss.multiplier.numpy()) == value


def test_energies():
    loss = losses.EnergyBased(10.0)
    real, fake = tf.constant([[0.2], [1.0]]), tf.constant([[3.0], [12.0]])
    assert float(np.mean(loss.discriminator(real, fake))) == pytest.approx(4.1)
    assert float(np.mean(loss.generator(real, fake))) == pytest.approx(7.5)


@pytest.mark.slow
def test_a_wrapper_owns_the_state_of_its_base(tmp_path):
    gan = attached(losses.Saddle(losses.Fisher(rho=0.5)))
    gan.train_on_batch(tiny.images(8))
    multiplier = float(gan.adversarial_loss.base.multiplier.numpy())
    assert multiplier != 0
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert float(loaded.adversarial_loss.base.multiplier.numpy()) == multiplier
    assert loaded.train_on_batch(tiny.images(8), return_dict=True) == gan.train_on_batch(tiny.images(8), return_dict=True)


@pytest.mark.slow
def test_a_base_is_not_shared(tmp_path):
    fisher = losses.Fisher(rho=0.5)
    first, second = attached(losses.Saddle(fisher)), attached(losses.Saddle(fisher))
    first.train_on_batch(tiny.images(8))
    assert float(second.adversarial_loss.base.multiplier.numpy()) == 0
    first.compile(loss=losses.Saddle(fisher), run_eagerly=True)
    first.save(tmp_path / "gan.keras")
    keras.saving.load_model(tmp_path / "gan.keras")


def test_names_stand_for_losses_of_losses():
    assert isinstance(losses.get("saddle").base, losses.Minimax)
    assert isinstance(losses.Symmetric("least_squares").base, losses.LeastSquares)
    with pytest.raises(ValueError, match="Unknown loss"):
        losses.Saddle("nothing")


def test_the_generator_needs_something_to_follow():
    with pytest.raises(ValueError, match="FeatureMatching"):
        attached("discriminator_only")


@pytest.mark.parametrize(
    "make", [lambda: losses.EnergyBased(0), lambda: losses.Fisher(-1.0), lambda: losses.DiscriminatorOnly(weight=0.0)]
)
def test_arguments_are_checked(make):
    with pytest.raises(ValueError, match="must be positive"):
        make()
