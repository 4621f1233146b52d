"""Networks, a GAN and optimizers that are not of the distribution strategy that runs."""

import contextlib

import keras
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny

SMALL = {"image_shape": tiny.SHAPE, "latents": 3, "units": 4}


@pytest.fixture
def scope():
    return tf.distribute.MirroredStrategy(["/cpu:0"]).scope


def outside(*_):
    return contextlib.nullcontext()


def build(model, networks, whole):
    with networks():
        if model == "gan":
            made = tiny.generator(), tiny.discriminator()
        else:
            made = keras_gans.networks.vae.generator(**SMALL), keras_gans.networks.vae.encoder(**SMALL)
    with whole():
        return keras_gans.GAN(*made) if model == "gan" else keras_gans.VAE(*made)


def compile_with(made, optimizer):
    made.compile(**{"generator_optimizer" if isinstance(made, keras_gans.GAN) else "optimizer": optimizer})


MESSAGE = "`{}` was not made in the scope of the distribution strategy .* Expected: that of {}. Make networks, optimizers and"


@pytest.mark.parametrize("model", ["gan", "vae"])
def test_what_was_made_outside_the_scope(model, scope):
    of_one = "MirroredStrategy"
    made = build(model, outside, scope)
    with pytest.raises(ValueError, match=MESSAGE.format("(discriminator|generator)", of_one)):
        made.compile()
    made = build(model, outside, outside)
    with scope(), pytest.raises(ValueError, match=MESSAGE.format("(discriminator|generator)", of_one)):
        made.compile()
    made.compile()
    x = 0.5 * tiny.images(8) + 0.5
    for run in (made.fit, made.evaluate, made.train_on_batch, made.test_on_batch):
        with scope(), pytest.raises(ValueError, match=MESSAGE.format(model, of_one)):
            run(x)
    made = build(model, scope, scope)
    with pytest.raises(ValueError, match=MESSAGE.format("(generator_)?optimizer", of_one)):
        compile_with(made, keras.optimizers.SGD())
    assert not made.compiled


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "vae"])
def test_what_was_made_inside_the_scope(model, scope):
    made = build(model, scope, scope)
    with scope():
        compile_with(made, keras.optimizers.SGD())
    made.compile()  # the recipe's optimizers are made in the scope
    made.fit(tiny.images(8) if model == "gan" else 0.5 * tiny.images(8) + 0.5, verbose=0)
    made = build(model, scope, outside)
    with pytest.raises(ValueError, match="was not made in the scope .* Expected: that of _DefaultDistributionStrategy"):
        made.compile()


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gan", "vae"])
def test_one_device_trains_what_was_compiled_in_no_scope(model):
    made, x = build(model, outside, outside), tiny.images(8) if model == "gan" else 0.5 * tiny.images(8) + 0.5
    made.compile(run_eagerly=model == "vae")
    with tf.distribute.OneDeviceStrategy("/cpu:0").scope():
        made.fit(x, verbose=0)
        made.evaluate(x, verbose=0)
        made.train_on_batch(x)
