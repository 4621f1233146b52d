"""Latents in parts: what each part is, and how codes are chosen."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.latents import Coded
from keras_gans.latents import NoLatents
from keras_gans.latents import Normal
from keras_gans.latents import Uniform

SEED = tf.constant([3, 4])


def test_the_latents_of_the_paper():
    """62 values of noise, one of ten categories, two continuous codes: 74."""
    prior = Coded()
    assert prior.shape == (74,)
    z = prior.sample(20_000, SEED)
    assert z.shape == (20_000, 74)
    assert z.dtype == tf.float32
    parts = prior.split(z.numpy())
    assert [parts["noise"].shape[1], parts["categories"][0].shape[1], parts["continuous"].shape[1]] == [62, 10, 2]
    np.testing.assert_array_equal(np.concatenate([parts["noise"], *parts["categories"], parts["continuous"]], 1), z)
    for values in (parts["noise"], parts["continuous"][:, :1], parts["continuous"][:, 1:]):
        assert values.min() >= -1
        assert values.max() < 1
        assert values.mean() == pytest.approx(0, abs=0.02)
        assert values.var() == pytest.approx(1 / 3, abs=0.01)
    rows = parts["categories"][0]
    assert set(np.unique(rows)) == {0.0, 1.0}
    np.testing.assert_array_equal(rows.sum(1), np.ones(20_000))
    shares = rows.mean(0)
    assert -np.sum(shares * np.log(shares)) == pytest.approx(np.log(10), abs=1e-3)


def test_parts_are_drawn_independently():
    prior = Coded(2, (2, 2), 2)
    z = prior.sample(20_000, SEED).numpy()
    correlation = np.corrcoef(np.delete(z, [3, 5], axis=1), rowvar=False)  # of two categories, one column says all
    np.testing.assert_allclose(correlation, np.eye(6), atol=0.03)


def test_seeds():
    prior = Coded(3, (4, 2), 1)
    np.testing.assert_array_equal(prior.sample(5, SEED), prior.sample(5, SEED))
    other = prior.split(prior.sample(64, tf.constant([3, 5])))
    mine = prior.split(prior.sample(64, SEED))
    for part in ("noise", "continuous"):
        assert not np.any(np.equal(mine[part], other[part]))
    for k in (0, 1):
        assert np.any(np.not_equal(mine["categories"][k], other["categories"][k]))
    np.testing.assert_array_equal(tf.function(prior.sample)(tf.constant(5), SEED), prior.sample(5, SEED))


def test_parts_may_be_left_out():
    prior = Coded(2, (), 0)
    parts = prior.split(prior.sample(3, SEED))
    assert (parts["noise"].shape, parts["categories"], parts["continuous"].shape) == ((3, 2), [], (3, 0))
    np.testing.assert_array_equal(prior.join(batch_size=3, seed=(3, 4)), prior.sample(3, SEED))


def test_other_noise():
    prior = Coded(Normal(500, "resampling"), (3,), 200)
    assert prior.shape == (703,)
    assert (prior.truncatable, prior.truncation_form) == (True, "TN(-t, t)")
    parts = prior.split(prior.sample(100, SEED, 0.5).numpy())
    assert np.abs(parts["noise"]).max() <= 0.5
    assert np.std(parts["noise"]) == pytest.approx(0.283882, abs=0.003)
    assert np.std(parts["continuous"]) == pytest.approx(1 / 3**0.5, abs=0.01)
    np.testing.assert_array_equal(parts["categories"], prior.split(prior.sample(100, SEED))["categories"])
    copy = Coded.from_config(prior.get_config())
    np.testing.assert_array_equal(copy.sample(2, SEED, 0.5), prior.sample(2, SEED, 0.5))
    assert not Coded(3).truncatable
    with pytest.raises(ValueError, match="no truncation"):
        Coded(3).sample(2, SEED, 0.5)


def test_join_is_the_inverse_of_split():
    prior = Coded(3, (4, 2), 2)
    z = prior.sample(6, SEED)
    np.testing.assert_array_equal(prior.join(**prior.split(z)), z)
    np.testing.assert_array_equal(prior.join(batch_size=6, seed=(3, 4)), z)


def test_chosen_codes():
    prior = Coded(3, (4, 2), 2)
    z = prior.join(categories=[range(4), 1], continuous=[0.5, -2.0], seed=7)
    parts = prior.split(z.numpy())
    np.testing.assert_array_equal(parts["categories"][0], np.eye(4))
    np.testing.assert_array_equal(parts["categories"][1], [[0, 1]] * 4)
    np.testing.assert_array_equal(parts["continuous"], [[0.5, -2.0]] * 4)
    np.testing.assert_array_equal(parts["noise"], prior.split(prior.sample(4, [0, 7]))["noise"])
    again = prior.join(categories=[range(4), None], batch_size=4, seed=7)
    np.testing.assert_array_equal(prior.split(again)["noise"], parts["noise"])
    between = prior.join(categories=[[0.5, 0.5, 0, 0], tf.constant(0)], noise=tf.zeros((1, 3)), batch_size=2)
    np.testing.assert_array_equal(between[:, :9], [[0, 0, 0, 0.5, 0.5, 0, 0, 1, 0]] * 2)
    labels = prior.join(categories=[np.array([3, 0]), None])
    np.testing.assert_array_equal(np.argmax(prior.split(labels)["categories"][0], -1), [3, 0])


def test_a_symbolic_split():
    z = keras.Input((9,))
    parts = Coded(3, (4,), 2).split(z)
    assert [parts["noise"].shape, parts["categories"][0].shape, parts["continuous"].shape] == [(None, 3), (None, 4), (None, 2)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"noise": 0}, "`noise` must be an int >= 1"),
        ({"noise": Uniform((2, 3))}, "`noise` must be"),
        ({"noise": NoLatents()}, "`noise` must be"),
        ({"categories": 10}, r"pass \(10,\)"),
        ({"categories": (10, 1)}, r"`categories\[1\]` must be an int >= 2"),
        ({"continuous": -1}, "`continuous` must be an int >= 0"),
        ({"continuous": 1.5}, "`continuous`"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Coded(**arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"categories": 3}, "one entry for each of 1"),
        ({"categories": [0, 1, 2]}, r"the first code, pass \[\[0, 1\]\]"),
        ({"categories": [[0, 4]]}, "categories from 0 to 3"),
        ({"categories": [-1]}, "categories from 0 to 3"),
        ({"categories": [[0.5, 0.5]]}, r"shape \(batch, 4\)"),
        ({"categories": [[]]}, "shape"),
        ({"noise": np.zeros((2, 2))}, r"`noise` must have the shape \(batch, 3\)"),
        ({"continuous": 0.5}, r"`continuous` must have the shape \(batch, 2\)"),
        ({"noise": np.zeros((2, 3)), "continuous": np.zeros((3, 2))}, "one row, or 3"),
        ({"noise": np.zeros((2, 3)), "batch_size": 1}, "one row, or 1"),
        ({"batch_size": 0}, "`batch_size`"),
    ],
)
def test_bad_codes(arguments, message):
    with pytest.raises(ValueError, match=message):
        Coded(3, (4,), 2).join(**arguments)


def test_latents_of_another_width():
    with pytest.raises(ValueError, match=r"Expected latents of shape \(batch, 74\)"):
        Coded().split(np.zeros((2, 73)))
