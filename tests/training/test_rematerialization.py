"""GANs whose networks compute their layers again, or whose optimizers accumulate gradients."""

import contextlib

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


def networks(scope):
    keras.utils.set_random_seed(5)
    with keras.RematScope(**scope) if scope else contextlib.nullcontext():
        z = keras.Input((tiny.LATENTS,), name="latents")
        x = layers.BatchNormalization(name="norm")(layers.Dense(16, name="g_dense")(z))
        x = layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh", name="g_out")(layers.ReLU()(x)))
        images = keras.Input(tiny.SHAPE, name="images")
        y = layers.Dropout(0.3)(layers.Conv2D(2, 3, activation="leaky_relu", name="d_conv")(images))
        return keras.Model(z, x), keras.Model(images, layers.Dense(1, name="d_out")(layers.Flatten()(y)))


def trained(scope, cls=keras_gans.GAN, **arguments):
    gan = cls(*networks(scope), ema=0.5)
    gan.seed.assign(3)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **arguments)
    history = gan.fit(tiny.images(16), batch_size=8, shuffle=False, verbose=0).history
    return gan, history


@pytest.mark.parametrize(
    "arguments",
    [
        {"run_eagerly": True},
        {"run_eagerly": True, "update_rule": "alternating"},
        {"run_eagerly": True, "penalties": [keras_gans.penalties.R1(1.0)]},
        pytest.param({}, marks=pytest.mark.slow),
        pytest.param({"jit_compile": True}, marks=pytest.mark.slow),
        pytest.param({"cls": keras_gans.UnrolledGAN, "run_eagerly": True}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_the_losses_are_those_without(arguments):
    kept, expected = trained(None, **arguments)
    again, found = trained({"mode": "full"}, **arguments)
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-5), name
    for variable, other in zip(again.weights, kept.weights, strict=True):
        np.testing.assert_allclose(variable.numpy(), other.numpy(), atol=1e-5, err_msg=variable.path)


def test_a_copy_computes_with_its_own_weights(tmp_path):
    gan = keras_gans.GAN(*networks({"mode": "full"}))
    gan.compile()
    standing = gan.as_sampler().with_batch_norm_statistics("standing")
    assert not np.allclose(standing.generate(3, seed=0), gan.generate(3, seed=0))
    gan.export(tmp_path / "1")
    exported = keras_gans.evaluation.load_generator(tmp_path / "1")
    np.testing.assert_allclose(exported.generate(3, seed=0), gan.generate(3, seed=0), atol=1e-6)


def test_on_two_replicas(strategy):
    with strategy.scope():
        keras.utils.set_random_seed(5)
        with keras.RematScope(mode="full"):
            z, images = keras.Input((tiny.LATENTS,)), keras.Input(tiny.SHAPE)
            x = layers.BatchNormalization(synchronized=True)(layers.Dense(64)(z))
            y = layers.BatchNormalization(synchronized=True)(layers.Flatten()(images))
            made = keras.Model(z, layers.Reshape(tiny.SHAPE)(x)), keras.Model(images, layers.Dense(1)(y))
        gan = keras_gans.GAN(*made)
        gan.compile()
    history = gan.fit(tiny.dataset(tiny.images(16)), verbose=0).history
    assert np.isfinite(list(history.values())).all()
    for variable in gan.weights:
        first, second = strategy.experimental_local_results(variable.value)
        np.testing.assert_array_equal(first, second, err_msg=variable.path)


@pytest.mark.parametrize("remat", [None, {"mode": "full"}], ids=["kept", "recomputed"])
def test_two_accumulated_batches_are_one_step_with_both(remat):
    class Fixed(keras_gans.latents.Latents):
        def sample(self, batch_size, seed, truncation=None):
            return keras.ops.tile(keras.ops.ones((1, *self.shape)) * 0.3, (batch_size, 1))

    def step(count, accumulated):
        keras.utils.set_random_seed(5)
        with keras.RematScope(**remat) if remat else contextlib.nullcontext():
            gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=Fixed(tiny.LATENTS), ema=0.5)
        gan.compile(*(keras.optimizers.SGD(0.1, gradient_accumulation_steps=accumulated) for _ in range(2)), run_eagerly=True)
        gan.fit(tiny.images(16), batch_size=count, shuffle=False, verbose=0)
        return gan

    whole, halves = step(16, None), step(8, 2)
    for variable, other in zip(halves.weights, whole.weights, strict=True):
        if "updates" not in variable.path and "seed" not in variable.path:
            np.testing.assert_allclose(variable.numpy(), other.numpy(), atol=1e-6, err_msg=variable.path)
