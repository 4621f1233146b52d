"""The regression of latents: both forms against float64, at the ends of the range, and where neither is meant."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans import latents
from keras_gans import losses
from tests import tiny
from tests.conformance import stand_ins

Z, LOGITS = np.random.default_rng(0).uniform([[[-1.0]], [[-6.0]]], [[[1.0]], [[6.0]]], (2, 5, 7))


def of(form, low=-1.0, high=1.0):
    """The loss, for a GAN of latents in [low, high) whose encoder ends in a tanh."""
    term, prior = losses.LatentRegression(form=form), latents.Uniform(7, low, high)
    term.build_for(types.SimpleNamespace(latents=prior, encoder=stand_ins.encoding()))
    return term


def value(term, z, codes):
    outputs = {"latents_again": tf.convert_to_tensor(codes, tf.float32)}
    return term.generator(types.SimpleNamespace(latents=tf.constant(z, tf.float32), outputs=outputs))


def test_the_squared_error_in_numbers():
    codes = np.tanh(LOGITS)
    np.testing.assert_allclose(value(of("squared"), Z, codes), 0.5 * np.mean((Z - codes) ** 2, axis=1), rtol=1e-6)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (-3.0, 2.0)])
def test_the_cross_entropy_is_the_releases_of_logits(low, high):
    """-(p log q + (1 - p) log(1 - q)), p = (z - low) / (high - low), q = sigmoid(l), for codes low + (high - low) q."""
    p, sigmoid = (Z + 1) / 2, 1 / (1 + np.exp(-LOGITS))
    expected = -np.mean(p * np.log(sigmoid) + (1 - p) * np.log1p(-sigmoid), axis=1)
    found = value(of("cross_entropy", low, high), low + (high - low) * p, low + (high - low) * sigmoid)
    np.testing.assert_allclose(found, expected, rtol=2e-5)


def test_the_gradient_of_logits_is_the_releases():
    """sigmoid(l) - p for each logit, over the dimensions, also where float32 codes are near 1."""
    for logits in (LOGITS, np.sign(LOGITS) * np.linspace(6, 13, 7)):
        variable = tf.Variable(logits, dtype=tf.float32)
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(value(of("cross_entropy"), Z, 2 * tf.sigmoid(variable) - 1))
        expected = (1 / (1 + np.exp(-logits)) - (Z + 1) / 2) / 7
        np.testing.assert_allclose(tape.gradient(total, variable), expected, atol=0.02 / 7)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_codes_at_the_ends_cost_a_finite_amount(jit_compile):
    """log(2^25) of the half that is wrong, and no gradient: the code is as far as float32 goes."""
    term = of("cross_entropy")
    codes, z = tf.constant([[1.0], [-1.0], [1.0]]), tf.constant([[-1.0], [0.0], [1.0]])

    @tf.function(autograph=False, jit_compile=jit_compile)
    def both():
        with tf.GradientTape() as tape:
            tape.watch(codes)
            found = value(term, z, codes)
        return found, tape.gradient(found, codes)

    found, gradient = both()
    np.testing.assert_allclose(found, np.log(2) * np.array([25, 12.5, 0]), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(gradient, np.zeros((3, 1)))


def test_perfect_codes_cost_their_entropy():
    """1/2 on average over U(-1, 1), the least there is; the squared error is then 0."""
    z = np.random.default_rng(1).uniform(-1, 1, (1, 200_000))
    np.testing.assert_allclose(value(of("cross_entropy"), z, z), 0.5, atol=2e-3)
    assert value(of("squared"), z, z).numpy().max() == 0
    for step in (-0.1, 0.1):
        assert value(of("cross_entropy"), z, np.clip(z + step, -1, 1)) > 0.5


def regressor(prior=None, ending="tanh", loss=None, stochastic=False, **arguments):
    images = keras.Input(tiny.SHAPE, name="images")
    code = layers.Dense(tiny.LATENTS, ending)(layers.Flatten()(images))
    encoder = keras.Model(images, {"mean": code, "log_scale": code} if stochastic else code)
    prior = latents.Uniform(tiny.LATENTS) if prior is None else prior
    gan = keras_gans.LatentRegressor(tiny.generator(), encoder, tiny.discriminator(), latents=prior, **arguments)
    gan.compile(**({} if loss is None else {"auxiliary_losses": [loss]}))
    return gan


@pytest.mark.parametrize(("joint", "weight"), [(False, 1.0), (True, 0.25)])
def test_the_prior_chooses_the_recipe(joint, weight):
    """Of uniform latents the cross-entropy, whatever their range; of others the squared error."""
    for prior, ending, form in (
        (None, "tanh", "cross_entropy"),
        (latents.Uniform(tiny.LATENTS, 0.0, 1.0), "sigmoid", "cross_entropy"),
        (latents.Normal(tiny.LATENTS), None, "squared"),
    ):
        term = regressor(prior, ending, joint=joint).auxiliary_losses["latent_regression"]
        assert (term.form, term.weight) == (form, weight)
        if form == "cross_entropy":
            assert (term.low, term.high) == ((-1, 1) if prior is None else (0, 1))


def test_what_the_cross_entropy_is_not_for():
    with pytest.raises(ValueError, match="`form` must be one of .*Received: form='l2'"):
        losses.LatentRegression(form="l2")
    wanted = losses.LatentRegression(form="cross_entropy")
    with pytest.raises(ValueError, match='needs uniform latents. Received: latents Normal.*form="squared"'):
        regressor(latents.Normal(tiny.LATENTS), loss=wanted)
    message = r'codes in \[-1.0, 1.0\], the range of the latents. Received: an encoder of codes in \[-inf, inf\].*tanh.*"squared"'
    for arguments in ({"ending": None}, {"ending": "tanh", "stochastic": True}):
        with pytest.raises(ValueError, match=message):
            regressor(**arguments)
    assert regressor(ending=None, loss=losses.LatentRegression(form="squared")).auxiliary_losses


def test_a_gan_without_such_codes_is_refused():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile(auxiliary_losses=[losses.LatentRegression()])
    with pytest.raises(ValueError, match="LatentRegression needs a GAN whose encoder sees generated images"):
        gan.train_on_batch(tiny.images(4))
