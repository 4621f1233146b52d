"""The endpoints of a SavedModel: what they tell, and what they refuse."""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny


class Sphere(keras_gans.latents.Latents):
    """A prior of the user's."""

    def sample(self, batch_size, seed, truncation=None):
        z = keras_gans.utils.random.normal((batch_size, *self.shape), seed)
        return z / tf.norm(z, axis=-1, keepdims=True)


def exported(path, classes=None, latents=None, network=None, **options):
    gan = keras_gans.GAN(network or tiny.generator(classes), tiny.discriminator(classes), latents)
    gan.export(path / "1", **options)
    return gan, tf.saved_model.load(os.fspath(path / "1")).signatures


def drawing(batch_size=3, seed=(0, 4), **more):
    values = {"batch_size": tf.constant(batch_size), "seed": tf.constant(seed)}
    return values | {name: tf.constant(value) for name, value in more.items()}


def test_describe_says_the_limits(tmp_path):
    _, endpoints = exported(tmp_path)
    about = endpoints["describe"]()
    assert about["image_range"].numpy().tolist() == [-1, 1] and about["image_range"].dtype == tf.float32
    assert int(about["max_batch_size"]) == 1024 and about["max_batch_size"].dtype == tf.int32


def test_describe_says_the_range_of_a_sigmoid(tmp_path):
    z = keras.Input((tiny.LATENTS,))
    network = keras.Model(z, keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64, "sigmoid")(z)))
    gan, endpoints = exported(tmp_path, network=network)
    assert endpoints["describe"]()["image_range"].numpy().tolist() == [0, 1] == list(gan.as_sampler().image_range)


def test_latents_of_any_prior(tmp_path):
    gan, endpoints = exported(tmp_path, latents=Sphere(tiny.LATENTS))
    drawn = endpoints["latents"](**drawing())["latents"]
    np.testing.assert_allclose(drawn, gan.as_sampler().draw_latents(3, 4), atol=1e-6)
    np.testing.assert_allclose(endpoints["serve"](latents=drawn)["images"], endpoints["sample"](**drawing())["images"], atol=1e-6)


@pytest.mark.parametrize("truncation", [None, 0.5])
def test_latents_with_a_truncation(tmp_path, truncation):
    gan, endpoints = exported(tmp_path)
    drawn = endpoints["latents"](**drawing(truncation=-1.0 if truncation is None else truncation))["latents"]
    np.testing.assert_allclose(drawn, gan.as_sampler().draw_latents(3, 4, truncation), atol=1e-6)
