"""The control of adaptive augmentation, and what a GAN does for it."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.layers import AdaptiveAugment
from keras_gans.networks import with_augmentation
from tests import tiny

X = np.random.default_rng(0).uniform(-1, 1, (200, 8, 6, 3)).astype("float32")


def minibatch(scores, count=None):
    scores = tf.reshape(tf.cast(scores, tf.float32), (-1, 1))
    return types.SimpleNamespace(real_scores=scores, real=tf.zeros((scores.shape[0] if count is None else count, 8, 8, 1)))


def state(layer):
    return float(layer.probability), float(layer.r_t)


def gan_of(layer, **compile_arguments):
    keras.utils.set_random_seed(3)
    gan = keras_gans.GAN(tiny.generator(), with_augmentation(tiny.discriminator(), layer))
    gan.compile(**tiny.sgd(), **compile_arguments, run_eagerly=True)  # a graph of it is tried in the conformance tests
    return gan


def layer_of(gan):
    return next(layer for layer in gan.discriminator.layers if isinstance(layer, AdaptiveAugment))


# The control.


@pytest.mark.slow
def test_a_discriminator_that_knows_every_image_brings_p_from_0_to_1_in_500_000_images():
    layer, step = AdaptiveAugment(), minibatch(np.ones(500))
    observe = tf.function(lambda: layer.observe(step))
    seen = []
    for _ in range(1000):
        observe()
        seen.append(float(layer.probability))
    assert seen[499] == pytest.approx(0.5, abs=1e-5)
    assert seen[-1] == pytest.approx(1.0, abs=1e-5)
    assert np.all(np.diff(seen) >= 0)
    for _ in range(8):
        observe()
    assert float(layer.probability) == 1.0


def test_p_moves_at_each_fourth_batch_by_the_images_in_them():
    layer, step = AdaptiveAugment(0.1), minibatch(np.ones(64))
    seen = []
    for _ in range(8):
        layer.observe(step)
        seen.append(float(layer.probability))
    moves = [0.0, 0.0, 0.0, 0.000512, 0.000512, 0.000512, 0.000512, 0.001024]
    np.testing.assert_allclose(seen, 0.1 + np.array(moves), atol=1e-7)


@pytest.mark.parametrize(
    ("scores", "r_t", "moved"),
    [
        ([1.0, -0.5, 2.0, 0.3], 0.5, -1),
        ([1.0, 0.5, 2.0, 0.3], 1.0, 1),
        ([1.0, 0.5, 2.0, 0.3, -1.0], 0.6, 0),
        ([0.0, 0.0, 2.0], 1 / 3, -1),
        ([-1.0, -2.0, -3.0, -4.0], -1.0, -1),
    ],
)
def test_r_and_the_direction(scores, r_t, moved):
    layer = AdaptiveAugment(0.5, images=100)
    for _ in range(4):
        layer.observe(minibatch(scores))
    assert state(layer) == (pytest.approx(0.5 + moved * 4 * len(scores) / 100), pytest.approx(r_t))


def test_p_stays_in_its_range():
    low, high = AdaptiveAugment(0.0, images=10), AdaptiveAugment(1.0, images=10)
    for _ in range(4):
        low.observe(minibatch([-1.0, -1.0]))
        high.observe(minibatch([1.0, 1.0]))
    assert state(low) == (0.0, -1.0)
    assert state(high) == (1.0, 1.0)


def test_r_is_that_of_the_last_four_batches_only():
    layer = AdaptiveAugment(images=1000)
    for sign in (-1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0):
        layer.observe(minibatch([sign] * 5))
    assert state(layer) == (0.0, -1.0)
    layer.observe(minibatch([1.0] * 5))
    assert state(layer) == (pytest.approx(0.02), 1.0)


def test_batches_of_other_sizes_and_maps_of_scores():
    layer = AdaptiveAugment(images=100, interval=2)
    layer.observe(minibatch(np.ones(9 * 4), count=4))  # 3x3 scores an image
    layer.observe(minibatch(-np.ones(9), count=1))
    assert state(layer) == (pytest.approx(0.0), pytest.approx(27 / 45))
    layer = AdaptiveAugment(target=0.5, images=100, interval=2)
    layer.observe(minibatch(np.ones(9 * 4), count=4))
    layer.observe(minibatch(-np.ones(9), count=1))
    assert state(layer) == (pytest.approx(0.05), pytest.approx(0.6))


def test_scores_that_are_not_numbers_do_not_stay():
    layer = AdaptiveAugment(0.5, images=100, interval=1)
    layer.observe(minibatch([np.nan, np.nan]))
    assert state(layer) == (pytest.approx(0.48), 0.0)


def test_the_images():
    layer = AdaptiveAugment(policy="noise")
    np.testing.assert_array_equal(layer(X, training=True), X)
    layer.probability.assign(0.4)
    output = layer(X, training=True).numpy()
    assert np.mean(np.any(output != X, axis=(1, 2, 3))) == pytest.approx(0.4, abs=0.1)
    np.testing.assert_array_equal(layer(X), X)


def test_its_state_is_float32_and_not_trained():
    for policy in ("mixed_bfloat16", "bfloat16"):
        layer = AdaptiveAugment(0.001, dtype=policy)
        layer(X, training=True)
        assert not layer.trainable_variables
        assert {variable.dtype for variable in (layer.probability, layer.r_t, layer.sums)} == {"float32"}
        assert float(layer.log_values()["augment_probability"]) == pytest.approx(0.001, rel=1e-6)


# In a GAN.


@pytest.mark.slow
def test_a_gan_hands_it_scores_and_logs_what_it_makes_of_them():
    """Whatever the discriminator sees, it scores above 0: p rises. By XLA, with second derivatives in a branch."""
    layer = AdaptiveAugment(policy="shift,rotation,contrast", images=96, interval=2)
    discriminator = tiny.discriminator()
    discriminator.layers[-1].bias.assign([100.0])
    gan = keras_gans.GAN(tiny.generator(), with_augmentation(discriminator, layer))
    gan.compile(**tiny.sgd(), penalties=[keras_gans.penalties.R1(0.1, every=2)], jit_compile=True)
    history = gan.fit(tiny.images(48), batch_size=8, epochs=2, verbose=0).history
    assert state(layer) == (pytest.approx(1.0), 1.0)
    # Of six updates an epoch, after each: p moves by 1/6 with each second one.
    np.testing.assert_allclose(history["augment_probability"], [np.mean([0, 1, 1, 2, 2, 3]) / 6, np.mean([3, 4, 4, 5, 5, 6]) / 6])
    np.testing.assert_allclose(history["r_t"], [5 / 6, 1.0])


@pytest.mark.slow
def test_updates_of_the_discriminator_are_observed_alone():
    layer = AdaptiveAugment(policy="noise")
    gan = gan_of(layer, discriminator_steps=2, generator_steps=3)
    gan.train_on_batch(tiny.images(8))
    gan.evaluate(tiny.images(8), verbose=0)
    assert int(layer.updates.numpy()) == 2
    np.testing.assert_array_equal(layer.sums[1:], [16, 16])


@pytest.mark.slow
def test_evaluation_logs_p_and_augments_nothing():
    gan = gan_of(AdaptiveAugment(1.0, policy="noise"))
    first, second = (gan.evaluate(tiny.images(8), verbose=0, return_dict=True) for _ in range(2))
    plain = gan_of(AdaptiveAugment(0.0, policy="noise")).evaluate(tiny.images(8), verbose=0, return_dict=True)
    assert first == second
    assert first == {**plain, "augment_probability": 1.0}


@pytest.mark.slow
def test_a_gan_that_is_loaded_goes_on_to_the_bit(tmp_path):
    gan = gan_of(AdaptiveAugment(0.4, policy="blit,noise", images=100, interval=2))
    gan.fit(tiny.images(24), batch_size=8, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert np.any(layer_of(loaded).sums.numpy() != 0)  # between two moves
    assert state(layer_of(loaded)) == state(layer_of(gan)) != (pytest.approx(0.4), 0.0)
    for each in (gan, loaded):
        each.fit(tiny.images(24, seed=1), batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(loaded.variables, gan.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


def test_two_replicas_are_one(strategy):
    with strategy.scope():
        layer = AdaptiveAugment(0.5, images=100, interval=2)
    scores = np.array([1.0, 1.0, 1.0, 1.0, 1.0, -1.0], "float32")

    @tf.function
    def step():
        def replica():
            first = 3 * tf.distribute.get_replica_context().replica_id_in_sync_group
            layer.observe(minibatch(tf.constant(scores)[first : first + 3]))

        strategy.run(replica)

    single = AdaptiveAugment(0.5, images=100, interval=2)
    for _ in range(2):
        step()
        single.observe(minibatch(scores))
    for variable, alone in zip(layer.variables, single.variables, strict=True):
        for copy in strategy.experimental_local_results(variable.value):
            if variable is not layer.seed_generator.state:
                np.testing.assert_array_equal(copy, alone)
    assert state(single) == (pytest.approx(0.62), pytest.approx(2 / 3))


class TwoGames(keras_gans.GAN):
    """Each of two discriminators judges a game, the first one of them a third."""

    roles = {"discriminator": ("discriminator", "other"), "generator": ("generator",)}
    games = {"first": "discriminator", "second": "other", "third": "discriminator"}

    def __init__(self, generator=None, discriminator=None, other=None, name=None):
        super().__init__(generator, discriminator, name=name)

    def draw(self, real, condition, seed, training=True):
        minibatch = super().draw(real, condition, seed, training)
        for game, count in (("second", 2), ("third", 4)):
            parts = (real[:count], minibatch.images[:count], None, condition, seed, training, game)
            minibatch.add_game(game, self.minibatch(*parts))
        return minibatch


@pytest.mark.slow
def test_each_discriminator_is_observed_in_its_first_game():
    first, second = (AdaptiveAugment(p, policy="brightness") for p in (0.25, 0.75))
    networks = [with_augmentation(tiny.discriminator(), layer) for layer in (first, second)]
    gan = TwoGames(tiny.generator(), *networks)
    gan.compile(**tiny.sgd(), run_eagerly=True)
    logs = gan.train_on_batch(tiny.images(8), return_dict=True)
    assert [float(layer.sums[2]) for layer in (first, second)] == [8, 2]
    assert logs["augment_probability"] == 0.25
    assert logs["second_augment_probability"] == 0.75
    assert "third_r_t" not in logs


@pytest.mark.slow
def test_what_an_unrolled_gan_looks_ahead_at_is_forgotten():
    layer = AdaptiveAugment(0.5, policy="brightness", images=100, interval=1)
    gan = keras_gans.UnrolledGAN(tiny.generator(), with_augmentation(tiny.discriminator(), layer), unroll_steps=2)
    gan.compile(**tiny.sgd(), run_eagerly=True)
    gan.train_on_batch(tiny.images(8))
    assert int(layer.updates.numpy()) == 1
    assert float(layer.probability) in (pytest.approx(0.42), pytest.approx(0.58))


@pytest.mark.slow
def test_r1_is_of_the_images_before():
    """A critic <a, x> whose images are negated, or not, has the gradient -a, or a: R1 is the same."""
    images = keras.Input((8, 8, 1), name="images")
    x = AdaptiveAugment(1.0, policy="luma_flip")(images)
    dense = keras.layers.Dense(1, kernel_initializer="ones")
    gan = keras_gans.GAN(tiny.generator(), keras.Model(images, dense(keras.layers.Flatten()(x))))
    gan.compile(penalties=[keras_gans.penalties.R1(1.0)], run_eagerly=True)
    assert gan.train_on_batch(tiny.images(16), return_dict=True)["d_r1"] == pytest.approx(0.5 * 64, rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"probability": -0.1}, r"`probability` must be in \[0, 1\]"),
        ({"probability": keras_gans.schedules.LinearDecay(1.0, 5)}, "`probability` must be a finite number"),
        ({"target": 1.0}, "`target` must be between -1 and 1"),
        ({"target": None}, "`target` must be a finite number"),
        ({"interval": 0}, "`interval` must be an int >= 1"),
        ({"images": 5e5}, "`images` must be an int >= 1"),
        ({"policy": "bgcf"}, "`policy` must be names of"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        AdaptiveAugment(**arguments)


def test_scores_are_taken_from_the_threshold_of_the_loss_on():
    layer = AdaptiveAugment(0.5, interval=1, images=100)
    layer.observe(minibatch([0.4, 0.6, 0.7, 0.8]), 0.5)
    assert state(layer) == (pytest.approx(0.46), pytest.approx(0.5))


def test_losses_whose_scores_say_nothing_alone_are_refused():
    for loss in ("wasserstein", "relativistic", keras_gans.losses.EnergyBased(), keras_gans.losses.Symmetric("wasserstein")):
        discriminator = keras_gans.networks.with_augmentation(tiny.discriminator(), AdaptiveAugment(policy="flip"))
        gan = keras_gans.GAN(tiny.generator(), discriminator)
        with pytest.raises(
            ValueError, match="AdaptiveAugment judges by single scores.*means nothing. Use .*ProbabilisticAugment"
        ):
            gan.compile(loss=loss)
    gan.compile(loss="least_squares", run_eagerly=True)
    assert np.isfinite(gan.train_on_batch(tiny.images(4), return_dict=True)["r_t"])
