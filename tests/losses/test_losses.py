"""Both halves of each loss, at scores whose values were computed by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans import losses

REAL = np.array([[2.0], [-1.0], [0.5]], "float32")
FAKE = np.array([[-1.5], [0.3], [1.0]], "float32")

# loss: D and G on REAL and FAKE, D and G where all scores are 0
VALUES = {
    losses.Minimax(): (1.427766, -0.789677, 1.386294, -0.693147),
    losses.NonSaturating(): (1.427766, 0.856343, 1.386294, 0.693147),
    losses.NonSaturating(0.1): (1.477766, 0.856343, 1.386294, 0.693147),
    losses.NonSaturating(0.25): (1.552766, 0.856343, 1.386294, 0.693147),
    losses.LeastSquares(): (1.431667, 1.123333, 0.5, 0.5),
    losses.LeastSquares(-1.0, 1.0, 0.0): (1.865000, 0.556667, 1.0, 0.0),
    losses.LeastSquares(1.0, 0.0, 1.0): (1.998333, 1.123333, 0.5, 0.5),
    losses.Hinge(): (1.933333, 0.066667, 2.0, 0.0),
    losses.Wasserstein(): (-0.566667, 0.066667, 0.0, 0.0),
    losses.Relativistic(): (0.848279, 1.414945, 0.693147, 0.693147),
    losses.RelativisticAverage(): (1.177582, 2.310916, 1.386294, 1.386294),
    losses.Symmetric(): (1.427766, 1.994432, 1.386294, 1.386294),
    losses.Symmetric("wasserstein"): (-0.566667, 0.566667, 0.0, 0.0),
    losses.Saddle(): (1.427766, -1.427766, 1.386294, -1.386294),
    losses.Saddle(losses.Hinge()): (1.933333, -1.933333, 2.0, -2.0),
    losses.DiscriminatorOnly(): (1.427766, 0.0, 1.386294, 0.0),
    losses.DiscriminatorOnly("non_saturating", weight=0.5): (0.713883, 0.0, 0.693147, 0.0),
    losses.Fisher(0.01): (-0.566667 + 0.005 * 0.431667**2, 0.066667, 0.005, 0.0),
    losses.EnergyBased(1.0): (0.5 + (2.5 + 0.7 + 0.0) / 3, -0.066667, 1.0, 0.0),
}
every_loss = pytest.mark.parametrize("loss", VALUES, ids=lambda loss: loss.name)


def means(loss, real, fake):
    real, fake = tf.constant(real), tf.constant(fake)
    return float(np.mean(loss.discriminator(real, fake))), float(np.mean(loss.generator(real, fake)))


@every_loss
def test_values(loss):
    d, g, d_at_zero, g_at_zero = VALUES[loss]
    np.testing.assert_allclose(means(loss, REAL, FAKE), (d, g), atol=1e-5)
    np.testing.assert_allclose(means(loss, 0 * REAL, 0 * FAKE), (d_at_zero, g_at_zero), atol=1e-5)


@every_loss
def test_patch_maps_have_the_same_value(loss):
    tiled = [np.tile(scores[:, None, None], (1, 2, 2, 1)) for scores in (REAL, FAKE)]
    np.testing.assert_allclose(means(loss, *tiled), means(loss, REAL, FAKE), atol=1e-5)


@every_loss
@pytest.mark.parametrize("shape", [(3,), (2, 1), (3, 2)])
def test_mismatched_scores_are_refused(loss, shape):
    with pytest.raises(ValueError, match="same shape"):
        loss.discriminator(tf.constant(REAL), tf.zeros(shape))


@pytest.mark.parametrize(
    ("loss", "d_real", "d_fake", "g_fake"),
    [
        (losses.Minimax(), [-0.039734, -0.243686, -0.125847], [0.060809, 0.191481, 0.243686], [-0.060809, -0.191481, -0.243686]),
        (
            losses.NonSaturating(),
            [-0.039734, -0.243686, -0.125847],
            [0.060809, 0.191481, 0.243686],
            [-0.272525, -0.141852, -0.089647],
        ),
        (losses.Hinge(), [0, -1 / 3, -1 / 3], [0, 1 / 3, 1 / 3], [-1 / 3] * 3),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_gradients(loss, d_real, d_fake, g_fake):
    real, fake = tf.constant(REAL), tf.constant(FAKE)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        d = tf.reduce_mean(loss.discriminator(real, fake))
        g = tf.reduce_mean(loss.generator(real, fake))
    np.testing.assert_allclose(np.ravel(tape.gradient(d, real)), d_real, atol=1e-5)
    np.testing.assert_allclose(np.ravel(tape.gradient(d, fake)), d_fake, atol=1e-5)
    np.testing.assert_allclose(np.ravel(tape.gradient(g, fake)), g_fake, atol=1e-5)


def test_parts_and_the_full_saddle():
    """The real and the fake half of D's value; the saddle of the 2014 game with its real term."""
    d = losses.Minimax().discriminator
    far = np.full_like(REAL, 100.0)
    assert float(np.mean(d(REAL, -far))) == pytest.approx(0.638089, abs=1e-5)
    assert float(np.mean(d(far, FAKE))) == pytest.approx(0.789677, abs=1e-5)
    assert -float(np.mean(d(REAL, FAKE))) == pytest.approx(-1.427766, abs=1e-5)
    smooth = losses.NonSaturating(0.1).discriminator
    assert float(np.mean(smooth(REAL, -far))) == pytest.approx(0.688089, abs=1e-5)
    hinge = losses.Hinge().discriminator
    assert float(np.mean(hinge(REAL, -far))) == pytest.approx(0.833333, abs=1e-5)
    assert float(np.mean(hinge(far, FAKE))) == pytest.approx(1.1, abs=1e-5)


def test_least_squares_without_the_half():
    d, g = means(losses.LeastSquares(), REAL, FAKE)
    np.testing.assert_allclose([2 * d, 2 * g], [2.863333, 2.246667], atol=1e-5)


def test_least_squares_on_probabilities():
    probabilities = [1 / (1 + np.exp(-scores)) for scores in (REAL, FAKE)]
    np.testing.assert_allclose(means(losses.LeastSquares(), *probabilities), (0.264817, 0.153643), atol=1e-5)


@pytest.mark.parametrize("loss", [losses.Relativistic(), losses.RelativisticAverage()], ids=lambda loss: loss.name)
def test_swapping_real_and_fake_swaps_the_players(loss):
    assert means(loss, REAL, FAKE) == means(loss, FAKE, REAL)[::-1]


@pytest.mark.parametrize(
    "loss", [losses.Wasserstein(), losses.Relativistic(), losses.RelativisticAverage()], ids=lambda loss: loss.name
)
def test_a_constant_on_all_scores_changes_nothing_for_the_discriminator(loss):
    np.testing.assert_allclose(means(loss, REAL + 5, FAKE + 5)[0], means(loss, REAL, FAKE)[0], atol=1e-5)


def test_relativistic_average_passes_gradients_through_the_means():
    """Hand value: d/df of the mean of sp(mean f - r) + sp(f - mean r) is mean sg(mean f - r) / n + sg(f - mean r) / n."""
    real, fake = tf.constant(REAL), tf.constant(FAKE)
    with tf.GradientTape() as tape:
        tape.watch(fake)
        d = tf.reduce_mean(losses.RelativisticAverage().discriminator(real, fake))
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    expected = np.mean(sigmoid(FAKE.mean() - REAL)) / 3 + sigmoid(FAKE - REAL.mean()) / 3
    np.testing.assert_allclose(tape.gradient(d, fake), expected, atol=1e-6)


def test_large_scores_do_not_saturate():
    assert means(losses.NonSaturating(), [[0.0]], [[-40.0]])[1] == pytest.approx(40.0)


def test_no_smoothing_is_the_plain_loss_bit_for_bit():
    plain, minimax = losses.NonSaturating(0.0), losses.Minimax()
    np.testing.assert_array_equal(plain.discriminator(REAL, FAKE), minimax.discriminator(REAL, FAKE))


@pytest.mark.parametrize(
    "name",
    ["minimax", "non_saturating", "least_squares", "hinge", "wasserstein", "relativistic", "relativistic_average"],
)
def test_get_by_name(name):
    loss = losses.get(name)
    assert loss.name == name
    assert losses.get(loss) is loss
    assert type(losses.get(type(loss))) is type(loss)
    assert type(losses.get(keras.saving.serialize_keras_object(loss))) is type(loss)


@pytest.mark.parametrize("unknown", ["hinges", "bce", 3, None, keras.losses.MeanSquaredError()])
def test_get_something_else(unknown):
    with pytest.raises(ValueError, match="Unknown loss.*hinge.*non_saturating.*Received"):
        losses.get(unknown)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0, 2])
def test_smoothing_out_of_range(smoothing):
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        losses.NonSaturating(smoothing)


@pytest.mark.parametrize(
    ("loss", "arguments"),
    [
        ("LeastSquares", {"fake_target": np.nan}),
        ("LeastSquares", {"generator_target": "one"}),
        ("EnergyBased", {"margin": np.inf}),
        ("Fisher", {"rho": np.inf}),
    ],
)
def test_numbers_that_are_not_finite(loss, arguments):
    with pytest.raises(ValueError, match=f"`{next(iter(arguments))}` must be a finite number"):
        getattr(losses, loss)(**arguments)


def test_names_follow_from_the_classes():
    assert type(losses.get("relativistic_average")) is losses.RelativisticAverage
    assert type(losses.get("energy_based")) is losses.EnergyBased
    with pytest.raises(
        ValueError, match=r"Expected one of \['discriminator_only', 'energy_based', 'fisher', 'hinge', 'least_squares'"
    ):
        losses.get("hing")
    with pytest.raises(ValueError, match="Unknown loss"):
        losses.get("feature_matching")  # an auxiliary loss


@every_loss
def test_the_threshold_is_where_real_and_generated_examples_cost_alike(loss):
    """What a score costs a real and a generated example: on the threshold the same, above it the real one less."""
    if loss.threshold is None:
        # Only differences count, or low scores are real.
        kinds = (losses.Wasserstein, losses.Fisher, losses.Relativistic, losses.RelativisticAverage, losses.EnergyBased)
        assert isinstance(getattr(loss, "base", loss), kinds) or loss.get_config().get("real_target") == 0.0
        return
    far = tf.fill((1, 1), loss.threshold)

    def advantage(score):
        """How much less a score costs as that of a real example."""
        score = tf.fill((1, 1), score)
        return float((loss.discriminator(far, score) - loss.discriminator(score, far))[0, 0])

    assert advantage(loss.threshold) == pytest.approx(0.0, abs=1e-6)
    assert advantage(loss.threshold - 0.4) < 0 < advantage(loss.threshold + 0.4)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"discriminator": 0.0}, "`discriminator` must be positive"),
        ({"generator": -1.0}, "`generator` must not be negative"),
        ({"generator": "half"}, "`generator` must be a finite number"),
    ],
)
def test_shares_that_are_none(shares, message):
    with pytest.raises(ValueError, match=message):
        losses.Weighted(**shares)
