"""What the priors draw."""

import math

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


# The standard deviations of a standard normal value, redrawn while it lies outside [-t, t].
THRESHOLDS = {2.0: 0.8796257, 1.5: 0.742647, 1.0: 0.539560, 0.5: 0.283882, 0.1: 0.057697}


@pytest.mark.parametrize(("threshold", "std"), THRESHOLDS.items())
def test_resampling_is_that_of_the_paper(threshold, std):
    z = latents.Normal(100, truncate_by="resampling").sample(10_000, SEED, threshold).numpy()
    assert z.dtype == np.float32
    assert np.abs(z).max() <= threshold
    assert np.std(z) == pytest.approx(std, rel=0.003)
    assert np.mean(z) == pytest.approx(0, abs=0.004 * std)


@pytest.mark.parametrize("threshold", [1e-4, 0.1, 1.0, 4.0, 50.0])
def test_resampling_has_the_quantiles_of_the_distribution(threshold):
    """By the normal distribution function, a sample becomes uniform."""
    z = np.sort(latents.Normal(100, truncate_by="resampling").sample(2000, SEED, threshold).numpy().ravel())
    erf = np.vectorize(math.erf)
    share = 0.5 + 0.5 * erf(z.astype("float64") / 2**0.5) / math.erf(threshold / 2**0.5)
    places = (np.arange(len(z)) + 0.5) / len(z)
    assert np.abs(share - places).max() < 1.63 / len(z) ** 0.5  # Kolmogorov and Smirnov, 1 %
    assert np.isfinite(z).all()
    assert len(np.unique(z)) > 0.95 * len(z)
    tail = share[places < 0.001]
    assert np.mean(tail) == pytest.approx(0.0005, rel=0.25)


@pytest.mark.slow
def test_both_forms_without_truncation_and_with_none_of_it():
    scaling, resampling = latents.Normal(5), latents.Normal(5, truncate_by="resampling")
    for truncation in (None, -1.0):
        np.testing.assert_array_equal(resampling.sample(4, SEED, truncation), scaling.sample(4, SEED))
    for prior in (scaling, resampling):
        np.testing.assert_array_equal(prior.sample(4, SEED, 0.0), np.zeros((4, 5)))
        traced = tf.function(prior.sample)(tf.constant(4), SEED, tf.constant(0.5))
        np.testing.assert_allclose(traced, prior.sample(4, SEED, 0.5), atol=1e-7)
    assert (scaling.truncation_form, resampling.truncation_form) == ("t * TN(-2, 2)", "TN(-t, t)")
    assert latents.Normal.from_config(resampling.get_config()).truncate_by == "resampling"
    with pytest.raises(ValueError, match="`truncate_by` must be one of .*Received: truncate_by='clipping'"):
        latents.Normal(5, truncate_by="clipping")


def test_a_normal_prior_that_is_not_truncated():
    prior = latents.Normal(5, truncate_by=None)
    np.testing.assert_array_equal(prior.sample(4, SEED), latents.Normal(5).sample(4, SEED))
    assert (prior.truncatable, prior.truncation_form, latents.Normal(5).truncatable) == (False, None, True)
    assert latents.Normal.from_config(prior.get_config()).truncate_by is None
    with pytest.raises(ValueError, match="This prior has no truncation. Received: truncation=0.5"):
        prior.sample(4, SEED, 0.5)
    with pytest.raises(ValueError, match="nothing is truncated, so there is no default. Received: default_truncation=1.0"):
        latents.Normal(5, truncate_by=None, default_truncation=1.0)
