"""The SavedModel, as a server sees it."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.evaluation import load_generator
from tests import tiny

pytestmark = pytest.mark.slow


def gan(classes=None, **arguments):
    return keras_gans.GAN(tiny.generator(classes), tiny.discriminator(classes), **arguments)


def load(path):
    return tf.saved_model.load(os.fspath(path)).signatures


def test_endpoints(tmp_path):
    model = gan()
    model.export(tmp_path / "1")
    endpoints = load(tmp_path / "1")
    assert set(endpoints) == {"serve", "sample", "sample_png", "latents", "describe", "serving_default"}
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


@keras.saving.register_keras_serializable("tests")
class Conditional(keras.layers.BatchNormalization):
    """Scale and shift that depend on a condition, as the networks of several papers have them."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "scale": False, "center": False})

    def build(self, shapes):
        super().build(shapes[0])
        self.input_spec = None  # of one input
        self.gains = self.add_weight(shape=(shapes[1][-1], shapes[0][-1]), initializer="random_normal", name="gains")

    def call(self, inputs, training=None):
        x, condition = inputs
        return super().call(x, training=training) * (1.0 + keras.ops.matmul(condition, self.gains))

    def compute_output_shape(self, shapes):
        return shapes[0]


def normalized_gan(form=list):
    z, y = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((tiny.CLASSES,), name="condition")
    x = Conditional(momentum=0.9)([keras.layers.Dense(8)(z), y])
    x = keras.layers.Reshape(tiny.SHAPE)(keras.layers.Dense(64, "tanh")(x))
    generator = keras.Model([z, y] if form is list else {"condition": y, "latents": z}, x)
    return keras_gans.GAN(generator, tiny.weighted_discriminator(), ema=0.5, classes=tiny.CLASSES)


def test_standing_statistics(tmp_path):
    model, labels = normalized_gan(), [0, 1, 2]
    before = model.get_weights()
    model.export(tmp_path / "1", statistics="standing", truncation=0.5)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    # The mean over 100 batches of what the normalization sees.
    batches = [model.latents.sample(64, (0, -1 - number), 0.5) for number in range(100)]
    dense = next(layer for layer in model.sampler.layers if isinstance(layer, keras.layers.Dense))
    seen = [np.asarray(dense(z)) for z in batches]
    layer = next(layer for layer in model.sampler.layers if isinstance(layer, Conditional))
    layer.moving_mean.assign(np.mean([x.mean(axis=0) for x in seen], axis=0))
    layer.moving_variance.assign(np.mean([x.var(axis=0) for x in seen], axis=0))
    expected = model.generate(3, labels, truncation=0.5, seed=4)
    signatures = load(tmp_path / "1")
    assert signatures["describe"]()["statistics"].numpy() == b"standing"
    rows = tf.constant(np.eye(3, dtype="float32"))
    np.testing.assert_allclose(sample(signatures, 3, [0, 4], truncation=tf.constant(0.5), condition=rows), expected, atol=1e-4)
    reader = load_generator(tmp_path / "1")
    assert reader.protocol == {"statistics": "standing", "statistics_truncation": 0.5}
    np.testing.assert_allclose(reader.generate(3, labels, truncation=0.5, seed=4), expected, atol=1e-4)
    for other in (None, 0.6):
        with pytest.warns(UserWarning, match=f"made for truncation=0.5. Received: truncation={other}"):
            reader.generate(3, labels, truncation=other, seed=4)
    standing = load_generator(model).with_batch_norm_statistics("standing", truncation=0.5)
    assert standing.protocol == reader.protocol
    np.testing.assert_allclose(standing.generate(3, labels, truncation=0.5, seed=4), expected, atol=1e-4)


@pytest.mark.parametrize("form", [list, dict])
def test_samplers_of_other_statistics(form, tmp_path):
    model = normalized_gan(form)
    sampler = keras_gans.export.Sampler(model.generator, model.latents, model.classes)
    assert sampler.with_batch_norm_statistics("moving") is sampler
    batch = sampler.with_batch_norm_statistics("batch")
    z, rows = sampler.draw_latents(3, 4), np.eye(3, dtype="float32")
    expected = sampler.run(z, rows, training=True)
    np.testing.assert_allclose(batch.generate(3, [0, 1, 2], seed=4), expected, atol=1e-5)
    keras_gans.export.export_sampler(sampler.with_batch_norm_statistics("standing"), tmp_path / "1")
    assert load(tmp_path / "1")["describe"]()["statistics"].numpy() == b"standing"
    reader = load_generator(tmp_path / "1")
    assert reader.protocol == {"statistics": "standing", "statistics_truncation": None}
    assert reader.generate(2, [0, 1], seed=0).shape == (2, *tiny.SHAPE)


def test_statistics_that_do_not_fit(tmp_path):
    for arguments, message in (
        ({"statistics": "batch"}, '`statistics` must be "moving" or "standing". Received'),
        ({"truncation": 0.5}, "`truncation` is the truncation at which standing statistics are computed"),
        ({"statistics": "standing", "truncation": -1.0}, "`truncation` must be >= 0"),
    ):
        with pytest.raises(ValueError, match=message):
            normalized_gan().export(tmp_path / "1", **arguments)
    with pytest.raises(ValueError, match="has no batch normalization"):
        gan().export(tmp_path / "1", statistics="standing")
    assert not (tmp_path / "1").exists()
