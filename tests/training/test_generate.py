"""Sampling: reproducible, in chunks, and the same as what is served."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny


def gan(classes=None, **arguments):
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), **arguments)


def test_seeds():
    model = gan()
    images = model.generate(4, seed=5)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(model.generate(4, seed=5), images)
    np.testing.assert_array_equal(model.generate(4, seed=(0, 5)), images)
    assert not np.allclose(model.generate(4, seed=(5, 0)), images)
    assert not np.allclose(model.generate(4), model.generate(4))


def test_without_a_seed_it_follows_set_random_seed():
    model = gan()
    keras.utils.set_random_seed(1)
    first = model.generate(3)
    keras.utils.set_random_seed(1)
    np.testing.assert_array_equal(model.generate(3), first)


def test_many_images_are_the_images_of_their_latents():
    model = gan()
    images = model.generate(200, seed=1)
    z = model.latents.sample(200, tf.constant([0, 1]))
    np.testing.assert_allclose(images, model.generator(z), atol=1e-6)
    np.testing.assert_allclose(model.generate(200, latents=z), images, atol=1e-6)


def test_truncation():
    model = gan()
    np.testing.assert_allclose(model.generate(2, truncation=0.0), model.generate(2, latents=np.zeros((2, 6))), atol=1e-6)
    z = model.latents.sample(3, tf.constant([0, 2]), 0.5)
    np.testing.assert_allclose(model.generate(3, truncation=0.5, seed=2), model.generate(3, latents=z), atol=1e-6)
    uniform = gan(latents=keras_gans.latents.Uniform(tiny.LATENTS))
    with pytest.raises(ValueError, match="no truncation"):
        uniform.generate(2, truncation=0.5)


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_latents_that_are_not_finite_are_refused(broken):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    latents = np.zeros((2, tiny.LATENTS), "float32")
    latents[1, 3] = broken
    for given in (latents, tf.constant(latents)):
        with pytest.raises(ValueError, match="`latents` must be finite. Received: 1 of 12 values are NaN or infinite"):
            gan.generate(latents=given)


def test_conditions():
    model = gan(tiny.CLASSES)
    images = model.generate(3, condition=[1, 1, 1], seed=1)
    np.testing.assert_array_equal(model.generate(3, condition=[1], seed=1), images)
    np.testing.assert_array_equal(model.generate(3, condition=1, seed=1), images)
    assert not np.allclose(model.generate(3, condition=2, seed=1), images)


@pytest.mark.slow
def test_an_image_as_condition():
    z, c = keras.Input((tiny.LATENTS,)), keras.Input(tiny.SHAPE)
    x = keras.layers.Concatenate()([z, keras.layers.Flatten()(c)])
    generator = keras.Model([z, c], keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64, "tanh")(x)))
    model = keras_gans.GAN(generator, tiny.discriminator())
    model.compile(run_eagerly=True)
    model.fit(tiny.images(), tiny.images(seed=1), verbose=0)
    assert model.generate(4, condition=tiny.images(4)).shape == (4, *tiny.SHAPE)
    np.testing.assert_array_equal(
        model.generate(4, condition=tiny.images(1)[0], seed=1),
        model.generate(4, condition=np.repeat(tiny.images(1), 4, 0), seed=1),
    )


@pytest.mark.slow
def test_sampling_moves_no_training_noise():
    runs = []
    for sample in (False, True):
        keras.utils.set_random_seed(0)
        model = gan()
        model.compile(run_eagerly=True)
        model.train_on_batch(tiny.images())
        if sample:
            model.generate(3)
        model.train_on_batch(tiny.images())
        runs.append(tiny.weights(model))
    np.testing.assert_array_equal(*runs)


def _enable_lora(model):
    layer = dense_of(model.generator)
    layer.enable_lora(2)
    layer.lora_kernel_b.assign(np.ones(layer.lora_kernel_b.shape))


def dense_of(network):
    return next(layer for layer in network.layers if isinstance(layer, keras.layers.Dense))


@pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize` method")
@pytest.mark.parametrize("model", [lambda: gan(), lambda: vae()], ids=["gan", "vae"])
@pytest.mark.parametrize(
    "change",
    [
        _enable_lora,
        lambda model: model.quantize("int8"),
        lambda model: setattr(dense_of(model.generator), "activation", keras.activations.tanh),
    ],
    ids=["lora", "quantized", "activation"],
)
def test_layers_that_change_are_sampled_as_they_are(model, change):
    model = model()
    z = np.random.default_rng(0).normal(size=(3, tiny.LATENTS)).astype("float32")
    before = model.generate(latents=z)
    model.predict(z if isinstance(model, keras_gans.GAN) else tiny.images(3), verbose=0)
    change(model)
    expected = model.generator(z)
    assert np.abs(before - expected).max() > 1e-4
    np.testing.assert_allclose(model.generate(latents=z), expected, atol=1e-6)
    if isinstance(model, keras_gans.GAN):
        np.testing.assert_allclose(model.predict(z, verbose=0), expected, atol=1e-6)
        np.testing.assert_allclose(model.predict_on_batch(z), expected, atol=1e-6)


def vae():
    x = images = keras.Input(tiny.SHAPE)
    x = keras.layers.Flatten()(x)
    heads = {name: keras.layers.Dense(tiny.LATENTS, name=name)(x) for name in ("mean", "log_scale")}
    return keras_gans.VAE(tiny.generator(), keras.Model(images, heads), likelihood="gaussian")


@pytest.mark.parametrize("model", [lambda: gan(), lambda: vae()], ids=["gan", "vae"])
def test_layers_that_change_are_evaluated_as_they_are(model):
    model = model()
    model.compile()
    images = tiny.images(8)
    before = model.evaluate(images, verbose=0, return_dict=True)
    dense_of(model.generator).activation = keras.activations.tanh
    after = model.evaluate(images, verbose=0, return_dict=True)
    assert after != before
    assert model.test_on_batch(images, return_dict=True) == pytest.approx(after)


def test_a_chunk_is_traced_once_while_nothing_changes():
    model = gan()
    traces = []
    run = model.as_sampler().run
    model.as_sampler().run = lambda *args, **kwargs: traces.append(1) or run(*args, **kwargs)
    for _ in range(3):
        model.generate(4)
    assert len(traces) == 1
