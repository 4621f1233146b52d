"""The endpoints of a SavedModel: what they tell, and what they refuse."""

import io
import os

import keras
import numpy as np
import pytest
import scipy.stats
import tensorflow as tf
from PIL import Image

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


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


def test_png_files_are_those_of_save_images(tmp_path):
    gan, endpoints = exported(tmp_path)
    files = endpoints["sample_png"](**drawing(truncation=-1.0))["image_bytes"].numpy()
    pixels = np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])
    expected = keras_gans.utils.to_uint8(gan.generate(3, seed=4), image_range=(-1, 1))[..., 0]
    # The last digit of a float may fall on the other side of a half.
    assert pixels.dtype == np.uint8 and np.abs(pixels.astype(int) - expected).max() <= 1 and np.mean(pixels != expected) < 0.01


def test_no_png_files_of_what_is_no_picture(tmp_path):
    z = keras.Input((tiny.LATENTS,))
    keras_gans.GAN(keras.Model(z, keras.layers.Dense(2)(z)), keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])).export(
        tmp_path / "1"
    )
    assert "sample_png" not in tf.saved_model.load(os.fspath(tmp_path / "1")).signatures


def test_what_clients_send_is_refused(tmp_path):
    _, endpoints = exported(tmp_path, classes=tiny.CLASSES, max_batch_size=4)
    z, nan = np.zeros((2, tiny.LATENTS), "float32"), float("nan")
    labels = tf.constant([0, 1])
    for name, inputs, message in (
        ("sample", drawing(5, truncation=-1.0, condition=[0]), r"`batch_size` must be from 1 to 4, what this export.*\[5\]"),
        ("sample", drawing(0, truncation=-1.0, condition=[0]), r"`batch_size` must be from 1 to 4"),
        ("sample_png", drawing(-1, truncation=-1.0, condition=[0]), r"`batch_size` must be from 1 to 4"),
        ("latents", drawing(5, truncation=-1.0), r"`batch_size` must be from 1 to 4"),
        ("sample", drawing(truncation=nan, condition=[0]), "`truncation` must be finite"),
        ("sample", drawing(truncation=-1.0, condition=[3]), "`condition` must be a class from 0 to 2"),
        ("sample", drawing(truncation=-1.0, condition=[0, 1]), "a row for each image"),
        ("serve", {"latents": z[:0], "condition": labels[:0]}, r"the number of `latents` must be from 1 to 4"),
        ("serve", {"latents": np.zeros((5, tiny.LATENTS), "float32"), "condition": labels}, r"the number of `latents` must be"),
        ("serve", {"latents": z + nan, "condition": labels}, "`latents` must be finite"),
        ("serve", {"latents": z + np.inf, "condition": labels}, "`latents` must be finite"),
        ("serve", {"latents": z, "condition": -labels}, "`condition` must be a class from 0 to 2"),
    ):
        inputs = {key: tf.constant(value) for key, value in inputs.items()}
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            endpoints[name](**inputs)
    assert endpoints["serve"](latents=tf.constant(z), condition=labels)["images"].shape == (2, *tiny.SHAPE)


def test_a_truncation_is_clamped(tmp_path):
    z, t = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((1,), name="truncation")
    x = keras.layers.Concatenate()([z, tiny.TruncationTable()(t)])
    network = keras.Model([z, t], keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64, "tanh")(x)))
    gan, endpoints = exported(tmp_path, network=network)
    latents = gan.as_sampler().draw_latents(2, 0)
    for sent, meant in ((7.0, 1.0), (1.0, 1.0), (0.5, 0.5), (-1.0, None)):
        drawn = endpoints["sample"](**drawing(truncation=sent))["images"]
        np.testing.assert_allclose(drawn, gan.generate(3, seed=4, truncation=meant), atol=1e-6)
        served = endpoints["serve"](latents=latents, truncation=tf.constant(sent))["images"]
        np.testing.assert_allclose(served, gan.generate(2, latents=latents, truncation=meant), atol=1e-6)


def biggan(path, truncation=(1,), network=None, discriminator=None):
    gan = keras_gans.GAN(
        network or tiny.weighted_generator(truncation=truncation),
        discriminator or tiny.weighted_discriminator(),
        classes=tiny.CLASSES,
    )
    return gan, gan.export(path / "1", signature="biggan")


def test_the_signature_of_the_biggan_modules(tmp_path):
    gan, path = biggan(tmp_path)
    signature = tf.saved_model.load(path).signatures["default"]
    inputs = {name: (spec.shape.as_list(), spec.dtype.name) for name, spec in signature.structured_input_signature[1].items()}
    assert inputs == {
        "z": ([None, tiny.LATENTS], "float32"),
        "y": ([None, tiny.CLASSES], "float32"),
        "truncation": ([], "float32"),
    }
    z, y = gan.latents.sample(4, (0, 1), 0.4), np.eye(3, dtype="float32")[[0, 2, 1, 0]]
    mixed = 0.5 * y + 0.5 * y[::-1]
    for rows in (y, mixed):
        images = signature(z=z, y=tf.constant(rows), truncation=tf.constant(0.4))["default"]
        np.testing.assert_allclose(images, gan.generate(4, rows, latents=z, truncation=0.4), atol=1e-6)


def test_the_signature_of_the_biggan_modules_for_labels(tmp_path):
    gan, path = biggan(tmp_path, network=tiny.generator(tiny.CLASSES), discriminator=tiny.discriminator(tiny.CLASSES))
    signature = tf.saved_model.load(path).signatures["default"]
    z, y = gan.latents.sample(3, (0, 1), 0.4), np.eye(3, dtype="float32")[[0, 2, 1]]
    images = signature(z=z, y=tf.constant(y), truncation=tf.constant(0.4))["default"]
    np.testing.assert_allclose(images, gan.generate(3, [0, 2, 1], latents=z), atol=1e-6)
    with pytest.raises(tf.errors.InvalidArgumentError, match="`y` must be one-hot rows"):
        signature(z=z, y=tf.constant(0.5 * y), truncation=tf.constant(0.4))


def test_a_script_for_the_published_modules(tmp_path):
    """As the notebook of the BigGAN modules samples, with the names of TensorFlow 2."""
    hub = pytest.importorskip("tensorflow_hub")
    _, path = biggan(tmp_path)
    module = hub.load(path)
    signature = module.signatures["default"]
    inputs = signature.structured_input_signature[1]
    dim_z, vocab_size = inputs["z"].shape.as_list()[1], inputs["y"].shape.as_list()[1]
    truncation = 0.5
    z = truncation * scipy.stats.truncnorm.rvs(-2, 2, size=(8, dim_z), random_state=np.random.RandomState(0))
    y = np.eye(vocab_size)[np.full(8, 1)]
    images = signature(z=z, y=y, truncation=truncation)["default"]
    assert np.isfinite(np.clip((images + 1) / 2 * 256, 0, 255)).all() and images.shape == (8, *tiny.SHAPE)


class Named(keras.layers.Layer):
    """Latents times an embedding of the class: any number of classes for one latent, where nobody looks."""

    def build(self, shape):
        self.table = self.add_weight(shape=(3, 64))

    def call(self, inputs):
        z, label = inputs
        return keras.ops.sum(z, axis=1, keepdims=True) * keras.ops.take(self.table, label, axis=0)


def test_as_many_conditions_as_images(tmp_path):
    z, label = keras.Input((4,), name="latents"), keras.Input((), dtype="int32", name="condition")
    network = keras.Model([z, label], keras.layers.Reshape((8, 8, 1))(Named()([z, label])))
    path = keras_gans.export.export_sampler(keras_gans.export.Sampler(network, keras_gans.latents.Normal(4), 3), tmp_path / "1")
    model = tf.saved_model.load(path)
    with pytest.raises(tf.errors.InvalidArgumentError, match="`condition` must have a row for each image. Received"):
        model.signatures["serve"](latents=tf.ones((1, 4)), condition=tf.zeros(5000, tf.int32))
    drawing = {"batch_size": tf.constant(4), "seed": tf.constant([0, 1]), "truncation": tf.constant(-1.0)}
    with pytest.raises(tf.errors.InvalidArgumentError, match="a row for each image, or one for all"):
        model.signatures["sample"](**drawing, condition=tf.zeros(3, tf.int32))
    assert model.signatures["sample"](**drawing, condition=tf.zeros(1, tf.int32))["images"].shape == (4, 8, 8, 1)


def test_a_condition_called_y_is_warmed_up(tmp_path):
    z, y, color = (
        keras.Input(shape, dtype=dtype, name=name)
        for shape, dtype, name in (((4,), "float32", "latents"), ((), "int32", "y"), ((), "int32", "color"))
    )
    x = keras.layers.Concatenate()([z, keras.layers.Embedding(3, 2)(y), keras.layers.Embedding(3, 2)(color)])
    network = keras.Model([z, y, color], keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64)(x)))
    sampler = keras_gans.export.Sampler(network, keras_gans.latents.Normal(4), {"y": 3, "color": 3})
    assert keras_gans.export.export_sampler(sampler, tmp_path / "1")
