"""Generators without latents: a condition alone makes the image."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.latents import NoLatents
from tests import tiny


def refiner(name="source"):
    source = keras.Input(tiny.SHAPE, name=name)
    return keras.Model(source, layers.Conv2D(1, 3, padding="same", activation="tanh")(source))


def made():
    gan = keras_gans.GAN(refiner(), tiny.discriminator(), latents=NoLatents())
    gan.compile(**tiny.sgd())
    return gan


@pytest.mark.slow
def test_the_generator_sees_the_source():
    gan = made()
    target, source = tiny.images(8), tiny.images(8, seed=1)
    gan.fit(target, source, verbose=0)
    expected = gan.generator(source).numpy()
    np.testing.assert_allclose(gan.generate(condition=source), expected, atol=1e-6)
    np.testing.assert_allclose(gan.predict(source, verbose=0), expected, atol=1e-6)
    minibatch = gan.draw(tf.constant(target), tf.constant(source), gan.noise_seed("generator"))
    np.testing.assert_allclose(minibatch.fake, expected, atol=1e-6)
    assert minibatch.latents is None


def test_an_image_as_the_only_input_is_not_taken_for_latents():
    for name in ("source", None):
        with pytest.raises(ValueError, match="NoLatents"):
            keras_gans.GAN(refiner(name), tiny.discriminator())
    with pytest.raises(ValueError, match="input 'latents'"):
        keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=NoLatents())


def test_how_many_images():
    gan = made()
    assert gan.generate(condition=tiny.images(3)).shape == (3, *tiny.SHAPE)
    assert gan.generate(2, condition=tiny.images(1)).shape == (2, *tiny.SHAPE)
    assert gan.generate(condition=tiny.images(1)[0]).shape == (1, *tiny.SHAPE)
    plain = keras_gans.GAN(tiny.generator(3), tiny.discriminator(3))
    assert plain.generate(condition=[0, 1, 2, 0]).shape == (4, *tiny.SHAPE)
    with pytest.raises(ValueError, match="How many images"):
        plain.generate(condition=1)
    with pytest.raises(ValueError, match="takes no latents"):
        gan.generate(condition=tiny.images(3), latents=np.zeros((3, 6)))
    with pytest.raises(ValueError, match="is truncated|truncation"):
        gan.generate(condition=tiny.images(3), truncation=0.5)
    with pytest.raises(ValueError, match="Received: a pair"):
        gan.predict(tf.data.Dataset.from_tensors((tiny.images(3), tiny.images(3))), verbose=0)


def test_it_is_saved_and_loaded(tmp_path):
    gan = made()
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert isinstance(loaded.latents, NoLatents)
    np.testing.assert_array_equal(loaded.generate(condition=tiny.images(2)), gan.generate(condition=tiny.images(2)))
