"""What the priors draw."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans import latents

SEED = tf.constant([3, 4])


def test_normal():
    z = latents.Normal(100).sample(2000, SEED)
    assert z.shape == (2000, 100)
    assert z.dtype == tf.float32
    assert np.mean(z) == pytest.approx(0, abs=0.01)
    assert np.std(z) == pytest.approx(1, abs=0.01)
    assert np.abs(z).max() > 3


@pytest.mark.parametrize(("truncation", "std"), [(1.0, 0.879626), (0.5, 0.439813), (0.0, 0.0)])
def test_truncation_is_that_of_the_published_modules(truncation, std):
    z = latents.Normal(100).sample(2000, SEED, truncation)
    assert np.std(z) == pytest.approx(std, abs=0.005)
    assert np.abs(z).max() <= 2 * truncation


def test_a_negative_truncation_is_none():
    prior = latents.Normal(5)
    np.testing.assert_array_equal(prior.sample(4, SEED, -1.0), prior.sample(4, SEED))


def test_uniform():
    z = latents.Uniform(100, -3.0, 1.0).sample(2000, SEED).numpy()
    assert z.min() >= -3
    assert z.max() < 1
    assert z.mean() == pytest.approx(-1, abs=0.02)
    assert z.std() == pytest.approx(4 / 12**0.5, abs=0.01)


@pytest.mark.parametrize("prior", [latents.Normal((2, 3)), latents.Uniform((2, 3))], ids=["Normal", "Uniform"])
def test_the_same_seed_gives_the_same_latents(prior):
    np.testing.assert_array_equal(prior.sample(4, SEED), prior.sample(4, SEED))
    assert not np.allclose(prior.sample(4, SEED), prior.sample(4, tf.constant([3, 5])))
    assert prior.sample(tf.constant(4), SEED).shape == (4, 2, 3)


def test_uniform_has_no_truncation():
    with pytest.raises(ValueError, match="no truncation"):
        latents.Uniform(5).sample(2, SEED, 0.5)


@pytest.mark.parametrize("shape", [0, -1, (), (3, 0), (2.5,)])
def test_bad_shapes(shape):
    with pytest.raises(ValueError, match="`shape` must be"):
        latents.Normal(shape)


def test_bad_bounds():
    with pytest.raises(ValueError, match="`low` must be below `high`"):
        latents.Uniform(5, 1.0, 1.0)
