"""Codes: the matching, the information, and the analysis of a GAN that knows its codes."""

import itertools
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.evaluation import code_accuracy
from keras_gans.evaluation import code_information
from keras_gans.evaluation import evaluate
from tests import tiny

LN2 = math.log(2)


def test_the_best_matching():
    # Category by category the most frequent class would give both of them class 0: 5 + 4 of 14.
    found = np.repeat([0, 0, 1, 1], [5, 4, 4, 1])
    labels = np.repeat([0, 1, 0, 1], [5, 4, 4, 1])
    result = code_accuracy(found, labels)
    np.testing.assert_array_equal(result.confusion, [[5, 4], [4, 1]])
    np.testing.assert_array_equal(result.matches, [1, 0])
    assert result.accuracy == 8 / 14


def test_equals_the_best_of_all_permutations():
    rng = np.random.default_rng(0)
    found, labels = rng.integers(0, 4, 60), rng.integers(0, 4, 60)
    best = max(np.mean(np.array(order)[found] == labels) for order in itertools.permutations(range(4)))
    assert code_accuracy(found, labels).accuracy == best
    assert code_accuracy(np.eye(4)[found], labels).accuracy == best


def test_other_numbers_of_categories_than_of_classes():
    more = code_accuracy([0, 0, 1, 2], [0, 0, 0, 1])
    assert (more.accuracy, list(more.matches)) == (0.75, [0, -1, 1])
    fewer = code_accuracy(np.array([[0.9, 0.1], [0.2, 0.8], [0.9, 0.1]]), [2, 0, 1])
    assert fewer.accuracy == 2 / 3
    assert fewer.confusion.shape == (2, 3)


def test_information_by_hand():
    certain = code_information([0, 1, 0, 1], np.eye(2)[[0, 1, 0, 1]])
    assert (certain.entropy, certain.bound, certain.estimate) == pytest.approx((LN2, LN2, LN2))
    blind = code_information([0, 1, 0, 1], np.full((4, 2), 0.5))
    assert (blind.bound, blind.estimate) == pytest.approx((0, 0), abs=1e-12)
    # Right in three of four, and as sure of it as that: bound and estimate are ln 2 - H(1/4).
    codes, found = [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 0]
    calibrated = code_information(codes, np.array([[0.75, 0.25], [0.25, 0.75]])[found])
    np.testing.assert_array_equal(calibrated.confusion, [[3, 1], [1, 3]])
    assert (calibrated.bound, calibrated.estimate) == pytest.approx((0.130812, 0.130812), abs=1e-6)
    # As often right, and surer than that: the bound is lower, the estimate the same.
    sure = code_information(np.eye(2)[codes], np.array([[0.99, 0.01], [0.01, 0.99]])[found])
    assert sure.bound == pytest.approx(LN2 + 0.75 * math.log(0.99) + 0.25 * math.log(0.01))
    assert sure.estimate == pytest.approx(0.130812, abs=1e-6)
    # Under the other's number: all is known, and the bound is that of an error.
    swapped = code_information([0, 1], np.eye(2)[[1, 0]])
    assert swapped.estimate == pytest.approx(LN2)
    assert np.isfinite(swapped.bound) and swapped.bound < -80


def test_errors():
    with pytest.raises(ValueError, match=r"Received for found: int64 of shape \(2,\)"):
        code_accuracy([0, 1], [0, 1, 2])
    with pytest.raises(ValueError, match="Received for labels: float64"):
        code_accuracy([0, 1], [0.5, 1.0])
    with pytest.raises(ValueError, match="must be finite"):
        code_accuracy([[np.nan, 1.0]], [0])
    with pytest.raises(ValueError, match=r"Expected codes.*Received: int64 of shape \(3,\) and \(2, 2\)"):
        code_information([0, 1, 0], np.eye(2))
    with pytest.raises(ValueError, match="from 0 to 1, and probabilities >= 0, of sum 1. Received: codes from 0 to 2"):
        code_information([0, 2], np.eye(2))
    with pytest.raises(ValueError, match="sums from 2 to 2"):
        code_information([0, 1], np.ones((2, 2)))


def knowing(noise=2, categories=(3,), continuous=1):
    """An InfoGAN of images of three pixels, those of its code: pixels are 1 at the category, else -1, and logits 2 x."""
    prior = keras_gans.latents.Coded(noise, categories, continuous)
    z, images = keras.Input(prior.shape, name="latents"), keras.Input((1, 3, 1), name="images")
    generator = keras.Model(z, layers.Reshape((1, 3, 1))(layers.Dense(3)(z)))
    kernel = np.zeros((prior.shape[0], 3))
    kernel[noise : noise + 3] = 2 * np.eye(3)
    generator.set_weights([kernel, np.full(3, -1.0)])
    x = layers.Flatten()(images)
    heads = {"scores": 1, "category_logits": sum(categories), "continuous_mean": continuous}
    outputs = {name: layers.Dense(units, use_bias=False, name=name)(x) for name, units in heads.items() if units}
    discriminator = keras.Model(images, outputs)
    discriminator.get_layer("category_logits").set_weights([2 * np.eye(3, sum(categories))])
    return keras_gans.InfoGAN(generator, discriminator, latents=prior)


OPTIONS = {"num_samples": 4, "progress": False}


@pytest.mark.slow
def test_the_analysis():
    # Real images of categories 0, 1, 2, whose classes are 2, 0, 1, but for one.
    real = np.eye(3, dtype="float32")[[0, 1, 2, 2]].reshape(4, 1, 3, 1) * 2 - 1
    found = evaluate(knowing(), (real, np.array([2, 0, 1, 0])), analyses={"codes": {"count": 30}}, **OPTIONS)
    assert (found.failed, found.skipped) == ({}, {})
    analysis = found.analyses["codes"]
    assert analysis.figures["accuracy"] == 0.75
    np.testing.assert_array_equal(analysis.value["accuracy"][0].matches, [2, 0, 1])
    bound = math.log(3) + math.log(math.exp(2) / (math.exp(2) + 2 * math.exp(-2)))
    assert analysis.figures["bound"] == pytest.approx(bound, abs=1e-5)
    counts = np.diag(analysis.value["information"][0].confusion)
    assert counts.sum() == 30
    assert analysis.figures["estimate"] == pytest.approx(-np.sum(counts / 30 * np.log(counts / 30)))
    assert found.records[-1]["protocol"]["samples"] == {"generated": 30, "real": 4}
    assert "0: 2, 1: 0, 2: 1" in "".join(analysis.blocks)


def test_the_bound_is_that_of_the_loss():
    gan = knowing()
    z = gan.latents.sample(20, tf.constant([0, 1]))
    term = keras_gans.losses.MutualInformation(continuous=0.0)
    term.latents = gan.latents
    expected = np.mean(term.information(z, gan.discriminator(gan.generator(z))))
    found = gan.infer_code(gan.generate(latents=z))["categories"][0]
    assert code_information(gan.latents.split(z)["categories"][0], found).bound == pytest.approx(expected, abs=1e-5)


def test_several_codes_without_labels():
    found = evaluate(knowing(1, (3, 2)), None, analyses={"codes": {"count": 10}}, **OPTIONS)
    assert set(found.analyses["codes"].figures) == {f"{name}_{n}" for name in ("entropy", "bound", "estimate") for n in (1, 2)}


def test_skipped_with_the_reason():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    assert "no categorical codes" in evaluate(gan, None, analyses=["codes"], **OPTIONS).skipped["codes"]
    coded = keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=keras_gans.latents.Coded(3, (2,), 1))
    assert "Nothing here finds codes" in evaluate(coded, None, analyses=["codes"], **OPTIONS).skipped["codes"]
