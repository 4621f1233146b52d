"""The SavedModel, as a server sees it."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny


def gan(classes=None, **arguments):
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), **arguments)


def load(path):
    return tf.saved_model.load(os.fspath(path)).signatures


def test_endpoints(tmp_path):
    model = gan()
    model.export(tmp_path / "1")
    endpoints = load(tmp_path / "1")
    assert set(endpoints) == {"serve", "sample", "describe", "serving_default"}
    z = tf.random.normal((5, tiny.LATENTS))
    for name in ("serve", "serving_default"):
        np.testing.assert_allclose(endpoints[name](latents=z)["images"], model.generate(5, latents=z), atol=1e-6)
    inputs = endpoints["sample"].structured_input_signature[1]
    assert {name: (spec.shape.as_list(), spec.dtype) for name, spec in inputs.items()} == {
        "batch_size": ([], tf.int32),
        "seed": ([2], tf.int32),
        "truncation": ([], tf.float32),
    }


def sample(endpoints, count, seed, **inputs):
    return endpoints["sample"](batch_size=tf.constant(count), seed=tf.constant(seed), **inputs)["images"].numpy()


def test_sampling_is_stateless_and_that_of_generate(tmp_path):
    model = gan()
    model.export(tmp_path / "1")
    endpoints = load(tmp_path / "1")
    none = {"truncation": tf.constant(-1.0)}
    first = sample(endpoints, 3, [0, 5], **none)
    np.testing.assert_array_equal(sample(endpoints, 3, [0, 5], **none), first)
    assert not np.allclose(sample(endpoints, 3, [0, 6], **none), first)
    np.testing.assert_allclose(first, model.generate(3, seed=5), atol=1e-6)
    np.testing.assert_allclose(
        sample(endpoints, 70, [1, 2], truncation=tf.constant(0.5)), model.generate(70, truncation=0.5, seed=(1, 2)), atol=1e-6
    )


def test_conditional(tmp_path):
    model = gan(tiny.CLASSES, latents=keras_gans.latents.Uniform(tiny.LATENTS))
    model.export(tmp_path / "1")
    endpoints = load(tmp_path / "1")
    assert set(endpoints["sample"].structured_input_signature[1]) == {"batch_size", "seed", "condition"}
    assert set(endpoints["serve"].structured_input_signature[1]) == {"latents", "condition"}
    for condition in ([1], [0, 1, 2]):
        served = sample(endpoints, 3, [0, 1], condition=tf.constant(condition))
        np.testing.assert_allclose(served, model.generate(3, condition=condition, seed=1), atol=1e-6)


def test_only_the_sampler_is_written(tmp_path):
    model = gan(ema=0.9)
    model.compile()
    model.train_on_batch(tiny.images())
    model.export(tmp_path / "1")
    loaded = tf.saved_model.load(os.fspath(tmp_path / "1"))
    assert len(loaded.variables) == len(model.ema_generator.weights)
    np.testing.assert_allclose(
        sample(loaded.signatures, 2, [0, 1], truncation=tf.constant(-1.0)), model.generate(2, seed=1), atol=1e-6
    )


SCRIPT = """
import sys
import numpy as np, tensorflow as tf
endpoints = tf.saved_model.load(sys.argv[1]).signatures
images = endpoints["sample"](batch_size=tf.constant(4), seed=tf.constant([0, 3]), truncation=tf.constant(-1.0))["images"]
assert "keras_gans" not in sys.modules
np.save(sys.argv[2], images)
"""


def test_a_fresh_interpreter_needs_no_keras_gans(tmp_path):
    model = keras_gans.DCGAN(image_shape=(28, 28, 1), latents=8)
    model.export(tmp_path / "1")
    subprocess.run([sys.executable, "-c", SCRIPT, tmp_path / "1", tmp_path / "images.npy"], check=True, capture_output=True)
    np.testing.assert_allclose(np.load(tmp_path / "images.npy"), model.generate(4, seed=3), atol=1e-5)


def test_a_model_is_replaced_and_other_files_are_not(tmp_path):
    model = gan()
    model.export(tmp_path / "model" / "1")
    before = sample(load(tmp_path / "model" / "1"), 2, [0, 1], truncation=tf.constant(-1.0))
    model.generator.set_weights([2 * weight for weight in model.generator.get_weights()])
    model.export(tmp_path / "model" / "1")
    assert not np.allclose(sample(load(tmp_path / "model" / "1"), 2, [0, 1], truncation=tf.constant(-1.0)), before)
    assert os.listdir(tmp_path / "model") == ["1"]  # nothing is left beside it
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="not a SavedModel"):
        model.export(tmp_path / "precious")
    assert (tmp_path / "precious" / "thesis.txt").exists()


def test_a_network_with_dropout_and_normalization_is_served_in_inference_mode(tmp_path):
    z = keras.Input((tiny.LATENTS,))
    x = keras.layers.Dropout(0.5)(keras.layers.BatchNormalization()(z))
    generator = keras.Model(z, keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64)(x)))
    model = keras_gans.GAN(generator, tiny.discriminator())
    model.export(tmp_path / "1")
    served = sample(load(tmp_path / "1"), 3, [0, 1], truncation=tf.constant(-1.0))
    np.testing.assert_allclose(served, model.generate(3, seed=1), atol=1e-6)
