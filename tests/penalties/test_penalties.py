"""Penalties on critics whose gradient is known in closed form."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import penalties
from keras_gans.utils import random
from tests import tiny


def linear(*w):
    """D(x) = w . x on points, or on images of as many pixels. Its gradient is w everywhere."""
    inputs = keras.Input((len(w),))
    critic = keras.Model(inputs, keras.layers.Dense(1, use_bias=False)(inputs))
    critic.set_weights([np.array(w, "float32")[:, None]])
    return critic


def minibatch(critic, real, fake):
    """A minibatch of given points, scored by `critic`: a Keras model, or a function."""
    real, fake = tf.constant(real, tf.float32), tf.constant(fake, tf.float32)
    discriminate = lambda x, condition, training: ({"scores": critic(x)}, [])  # noqa: E731
    return keras_gans.Minibatch(discriminate, real, fake, None, None, tf.constant([1, 2]), True)


def value_and_gradient(penalty, critic, real, fake):
    with tf.GradientTape() as tape:
        value = penalty.weight * tf.reduce_mean(penalty.discriminator(minibatch(critic, real, fake)))
    return float(value), np.ravel(tape.gradient(value, critic.trainable_variables[0]))


REAL, FAKE = [[1.0, 0.0], [0.0, 1.0]], [[3.0, 0.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("penalty", "w", "value", "gradient"),
    [
        (penalties.GradientPenalty(), (3, 4), 160, (48, 64)),
        (penalties.GradientPenalty(), (0.3, 0.4), 2.5, (-6, -8)),
        (penalties.GradientPenalty(), (2, 0), 10, (20, 0)),
        (penalties.GradientPenalty(), (0.6, 0.8), 0, (0, 0)),
        (penalties.GradientPenalty(one_sided=True), (3, 4), 160, (48, 64)),
        (penalties.GradientPenalty(one_sided=True), (0.3, 0.4), 0, (0, 0)),
        (penalties.GradientPenalty(target=0.0), (3, 4), 250, (60, 80)),
        (penalties.GradientPenalty(weight=10 / 4, target=2.0), (3, 4), 22.5, (9, 12)),
        (penalties.DRAGAN(), (3, 4), 160, (48, 64)),
        (penalties.DRAGAN(), (0.3, 0.4), 2.5, (-6, -8)),
        (penalties.DRAGAN(noise="uniform"), (3, 4), 160, (48, 64)),
        (penalties.DRAGAN(noise="symmetric"), (3, 4), 160, (48, 64)),
        (penalties.DRAGAN(noise="centered", clip=(-1.0, 1.0)), (3, 4), 160, (48, 64)),
        (penalties.DRAGAN(form="hinge"), (3, 4), 240, (60, 80)),
        (penalties.DRAGAN(form="hinge"), (0.3, 0.4), 0, (0, 0)),
        (penalties.R1(), (3, 4), 125, (30, 40)),
        (penalties.R1(), (0.3, 0.4), 1.25, (3, 4)),
        (penalties.R1(), (1, 0), 5, (10, 0)),
        (penalties.R2(), (3, 4), 125, (30, 40)),
    ],
    ids=str,
)
def test_linear_critic(penalty, w, value, gradient):
    got, got_gradient = value_and_gradient(penalty, linear(*w), REAL, FAKE)
    assert got == pytest.approx(value, rel=1e-5, abs=1e-9)
    np.testing.assert_allclose(got_gradient, gradient, rtol=1e-4, atol=1e-4)


def test_curved_critic(monkeypatch):
    """D(x) = x1^2 + 2 x2 with fake weights .25 and .5: interpolates (1.5, 0) and (1, 1.5), norms 3.605551 and 2.828427."""
    monkeypatch.setattr(random, "uniform", lambda shape, seed: tf.constant([[0.25], [0.5]]))
    batch = minibatch(lambda x: x[:, :1] ** 2 + 2 * x[:, 1:], REAL, FAKE)
    assert 10 * np.mean(penalties.GradientPenalty().discriminator(batch)) == pytest.approx(50.660216, rel=1e-5)
    assert 10 * np.mean(penalties.GradientPenalty(one_sided=True).discriminator(batch)) == pytest.approx(50.660216, rel=1e-5)
    assert 10 * np.mean(penalties.R1().discriminator(batch)) == pytest.approx(30)
    assert 10 * np.mean(penalties.R2().discriminator(batch)) == pytest.approx(150)


def pairs(critic):
    """A minibatch of pairs: points, and codes of three numbers beside them."""
    discriminate = lambda x, condition, training: ({"scores": critic(x, condition)}, [])  # noqa: E731
    batch = keras_gans.Minibatch(discriminate, tf.constant(REAL), tf.constant(FAKE), None, None, tf.constant([1, 2]), True)
    batch.real_condition, batch.fake_condition = tf.zeros((2, 3)), tf.constant([[4.0, 0, 0], [0, 2.0, 0]])
    batch.of_pairs = True
    return batch


@pytest.mark.parametrize("cls", [penalties.GradientPenalty, penalties.DRAGAN, penalties.R1, penalties.R2])
def test_the_gradient_of_a_pair_has_both_halves(cls):
    """D(x, z) = (3, 4) . x + (0, 12, 0) . z: a norm of 13. Of a half alone, the other one has none."""
    of_points, of_codes = (lambda x, z: x @ [[3.0], [4.0]]), (lambda x, z: z @ [[0.0], [12.0], [0.0]])
    for critic, norm in ((lambda x, z: of_points(x, z) + of_codes(x, z), 13), (of_points, 5), (of_codes, 12)):
        expected = (norm - 1) ** 2 if cls in (penalties.GradientPenalty, penalties.DRAGAN) else norm**2 / 2
        np.testing.assert_allclose(cls().discriminator(pairs(critic)), [expected] * 2, rtol=1e-5)


def test_where_the_gradients_of_pairs_are_taken(monkeypatch):
    """D(x, z) = |x|^2 / 2 + |z|^2 / 2, whose gradient is the pair itself: at (1.5, 0; 1, 0, 0) and (1, 1.5; 0, 1, 0) between."""
    monkeypatch.setattr(random, "uniform", lambda shape, seed: tf.constant([[0.25], [0.5]]))
    batch = pairs(lambda x, z: (tf.reduce_sum(x**2, axis=1) + tf.reduce_sum(z**2, axis=1)) / 2)
    squares = [1.5**2 + 1, 1 + 1.5**2 + 1]
    np.testing.assert_allclose(penalties.GradientPenalty().discriminator(batch), (np.sqrt(squares) - 1) ** 2, rtol=1e-5)
    np.testing.assert_allclose(penalties.R1().discriminator(batch), [0.5, 0.5], rtol=1e-5)
    np.testing.assert_allclose(penalties.R2().discriminator(batch), [(9 + 16) / 2, (8 + 4) / 2], rtol=1e-5)
    noise = [random.normal((2, n), random.fold_in(batch.seed_for("dragan"), *name)) for n, name in ((2, []), (3, ["condition"]))]
    squares = np.sum((REAL + 10**0.5 * noise[0]) ** 2, axis=1) + np.sum((10**0.5 * noise[1]) ** 2, axis=1)
    np.testing.assert_allclose(penalties.DRAGAN().discriminator(batch), (np.sqrt(squares) - 1) ** 2, rtol=1e-4)


def test_a_condition_that_is_no_half_of_a_pair_stays_as_it_is():
    """That of the real points, beside points between; it has no gradient."""
    batch = pairs(lambda x, z: x @ [[3.0], [4.0]] * z[:, :1])
    batch.of_pairs, batch.real_condition = False, tf.constant([[2.0, 0, 0], [1.0, 0, 0]])
    for cls in (penalties.GradientPenalty, penalties.DRAGAN):
        np.testing.assert_allclose(cls().discriminator(batch), [81, 16], rtol=1e-5)
    np.testing.assert_allclose(penalties.R1().discriminator(batch), [50, 12.5], rtol=1e-5)
    np.testing.assert_allclose(penalties.R2().discriminator(batch), [200, 0], atol=1e-5)


@pytest.mark.parametrize("cls", [penalties.GradientPenalty, penalties.DRAGAN, penalties.R1, penalties.R2])
def test_images_have_one_norm_each(cls):
    """The norm is over height, width and channels together, for each image of a batch."""
    w = np.random.default_rng(0).normal(size=(4, 5, 3)).astype("float32")
    critic = lambda x: tf.reduce_sum(x * w, axis=[1, 2, 3])[:, None]  # noqa: E731
    real, fake = np.random.default_rng(1).normal(size=(2, 6, 4, 5, 3))
    norm = np.linalg.norm(w)
    expected = (norm - 1) ** 2 if cls in (penalties.GradientPenalty, penalties.DRAGAN) else norm**2 / 2
    np.testing.assert_allclose(cls().discriminator(minibatch(critic, real, fake)), [expected] * 6, rtol=1e-5)


@pytest.mark.parametrize("cls", [penalties.GradientPenalty, penalties.DRAGAN, penalties.R1, penalties.R2])
def test_zero_gradient_is_finite(cls):
    """A constant critic: norm 0, and a gradient of the penalty that is finite."""
    value, gradient = value_and_gradient(cls(), linear(0, 0), REAL, FAKE)
    assert value == (10 if cls in (penalties.GradientPenalty, penalties.DRAGAN) else 0)
    assert np.isfinite(gradient).all()


def test_patch_scores():
    """The gradient is that of the sum of an image's scores."""
    critic = lambda x: tf.stack([x, x], axis=1)  # noqa: E731
    np.testing.assert_allclose(penalties.R1().discriminator(minibatch(critic, REAL, FAKE)), [4.0, 4.0])


def test_interpolates_lie_between_one_weight_an_example():
    seen = []

    def critic(x):
        seen.append(x.numpy())
        return tf.reduce_sum(x, axis=[1, 2, 3])[:, None]

    real, fake = np.zeros((50, 2, 2, 3)), np.ones((50, 2, 2, 3))
    penalties.GradientPenalty().discriminator(minibatch(critic, real, fake))
    points = seen[0].reshape(50, -1)
    assert (points == points[:, :1]).all()
    assert len(np.unique(points[:, 0])) == 50
    assert 0 <= points.min() < 0.2 < 0.8 < points.max() < 1


def test_dragan_noise():
    real = np.random.default_rng(0).normal(2.0, 3.0, size=(200, 4, 4, 1)).astype("float32")
    normal = penalties.DRAGAN().perturbation(real, tf.constant([0, 1])).numpy()
    assert normal.std() == pytest.approx(10**0.5, rel=0.05)
    uniform = penalties.DRAGAN(noise="uniform").perturbation(real, tf.constant([0, 1])).numpy()
    assert 0 <= uniform.min() < uniform.max() < 0.5 * real.std()
    assert uniform.mean() == pytest.approx(0.5 * real.std() / 4, rel=0.1)


@pytest.mark.slow
def test_lazy_penalty_counts_k_times_every_kth_update():
    def history(every):
        keras.utils.set_random_seed(0)
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
        frozen = keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0)
        gan.compile(*frozen, penalties=[penalties.R1(every=every)])
        return [gan.train_on_batch(tiny.images(), return_dict=True)["d_r1"] for _ in range(7)], gan

    (eager, _), (lazy, gan) = history(1), history(3)
    np.testing.assert_allclose(lazy, np.array(eager) * [3, 0, 0, 3, 0, 0, 3], rtol=1e-5)
    # In evaluation it is always due, and counts once.
    assert gan.test_on_batch(tiny.images(), return_dict=True)["d_r1"] == pytest.approx(eager[0], rel=1e-5)


@pytest.mark.slow
def test_a_second_penalty_of_a_kind_gets_a_number():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(penalties=[penalties.R1(1.0), penalties.R2(), penalties.R1(2.0)])
    logs = gan.train_on_batch(tiny.images(), return_dict=True)
    assert {"d_r1", "d_r1_2", "d_r2", "d_adversarial"} <= set(logs)
    assert logs["d_r1_2"] == pytest.approx(2 * logs["d_r1"], rel=1e-5)
    assert logs["d_loss"] == pytest.approx(sum(logs[f"d_{name}"] for name in ("adversarial", "r1", "r2", "r1_2")), rel=1e-5)


@pytest.mark.parametrize("arguments", [{"every": 0}, {"every": 1.5}, {"weight": "a lot"}, {"weight": None}])
def test_arguments_out_of_range(arguments):
    with pytest.raises(ValueError, match=f"`{next(iter(arguments))}` must be"):
        penalties.R1(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"noise": "salt"},
        {"scale": 0},
        {"scale": np.inf},
        {"target": np.nan},
        {"clip": 1.0},
        {"clip": (1, -1)},
    ],
)
def test_dragan_arguments(arguments):
    with pytest.raises(ValueError, match=f"`{next(iter(arguments))}` must be"):
        penalties.DRAGAN(**arguments)


def test_numbers_that_are_not_finite():
    with pytest.raises(ValueError, match="`target` must be a finite number. Received: target=nan"):
        penalties.GradientPenalty(target=float("nan"))
    with pytest.raises(ValueError, match=r"`clip\[0\]` must be a finite number. Received: clip\[0\]=nan"):
        penalties.DRAGAN(clip=(float("nan"), 1))
    assert penalties.DRAGAN(clip=[-1, np.float32(1)]).clip == [-1, 1]


@pytest.mark.parametrize("penalty", [penalties.R1, penalties.R2, penalties.PathLength, penalties.Drift, penalties.DRAGAN])
def test_negative_weights(penalty):
    with pytest.raises(ValueError, match="weight of a penalty must not be negative. Received: weight=-1.0"):
        penalty(-1.0)


def test_a_drift_term_in_three_lines():
    class Drift(penalties.Penalty):
        def discriminator(self, minibatch):
            return minibatch.real_scores**2

    batch = minibatch(lambda x: x, [[2.0], [-1.0], [0.5]], [[0.0]] * 3)
    assert 0.001 * np.mean(Drift(0.001).discriminator(batch)) == pytest.approx(0.001750)
