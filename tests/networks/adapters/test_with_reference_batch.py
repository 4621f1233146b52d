import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.layers import VirtualBatchNormalization
from keras_gans.networks import with_reference_batch
from tests import tiny

REFERENCE = np.random.default_rng(1).normal(size=(5, tiny.LATENTS)).astype("float32")
LATENTS = np.random.default_rng(2).normal(size=(3, tiny.LATENTS)).astype("float32")


def network(classes=None, reference_size=5):
    z = keras.Input((tiny.LATENTS,), name="latents")
    inputs, x = z, z
    if classes:
        y = keras.Input((), dtype="int32", name="condition")
        inputs, x = [z, y], keras.layers.Concatenate()([z, keras.layers.Embedding(classes, 4)(y)])
    x = keras.layers.ReLU()(VirtualBatchNormalization(reference_size)(keras.layers.Dense(16)(x)))
    x = keras.layers.Dense(64, "tanh", dtype="float32")(x)
    return keras.Model(inputs, keras.layers.Reshape(tiny.SHAPE, dtype="float32")(x))


def test_the_reference_goes_first_and_its_rows_are_dropped():
    inner = network()
    generator = with_reference_batch(inner, REFERENCE)
    assert generator.input_shape == inner.input_shape
    assert generator.output_shape == inner.output_shape
    np.testing.assert_allclose(generator(LATENTS), inner(np.concatenate([REFERENCE, LATENTS]))[5:], atol=1e-6)
    assert [weight.shape for weight in generator.non_trainable_weights] == [(5, tiny.LATENTS)]
    assert len(generator.trainable_weights) == len(inner.trainable_weights)


def test_an_image_does_not_depend_on_its_batch():
    generator = with_reference_batch(network(), REFERENCE)
    np.testing.assert_allclose(generator(LATENTS)[1], generator(LATENTS[1:2])[0], atol=1e-6)


def test_with_a_condition():
    inner, labels = network(tiny.CLASSES), np.arange(5) % tiny.CLASSES
    generator = with_reference_batch(inner, (REFERENCE, labels))
    together = inner([np.concatenate([REFERENCE, LATENTS]), np.concatenate([labels, [2, 1, 0]])])
    np.testing.assert_allclose(generator([LATENTS, np.array([2, 1, 0])]), together[5:], atol=1e-6)


def test_outputs_in_a_dict():
    x = keras.Input((3,))
    hidden = VirtualBatchNormalization(2)(keras.layers.Dense(4)(x))
    inner = keras.Model(x, {"scores": keras.layers.Dense(1)(hidden), "features": hidden})
    outputs = with_reference_batch(inner, np.eye(3)[:2])(np.ones((6, 3)))
    assert {name: tuple(output.shape) for name, output in outputs.items()} == {"scores": (6, 1), "features": (6, 4)}


@pytest.mark.slow
def test_as_the_generator_of_a_gan(tmp_path):
    gan = keras_gans.GAN(with_reference_batch(network(), REFERENCE), tiny.discriminator(), ema=0.9)
    gan.compile()
    gan.train_on_batch(tiny.images())
    np.testing.assert_array_equal(gan.sampler.get_layer("reference_latents").reference, REFERENCE)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    images = gan.generate(4, seed=(1, 2))
    np.testing.assert_array_equal(loaded.generate(4, seed=(1, 2)), images)
    assert loaded.train_on_batch(tiny.images(), return_dict=True) == gan.train_on_batch(tiny.images(), return_dict=True)
    images = gan.generate(4, seed=(1, 2))
    gan.export(tmp_path / "1")
    sample = tf.saved_model.load(tmp_path / "1").signatures["sample"]
    inputs = {"batch_size": tf.constant(4), "seed": tf.constant([1, 2]), "truncation": tf.constant(-1.0)}
    np.testing.assert_allclose(sample(**inputs)["images"], images, atol=1e-6)


@pytest.mark.slow
def test_as_the_discriminator_of_a_conditional_gan_in_half_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        x, y = keras.Input(tiny.SHAPE), keras.Input((), dtype="int32")
        features = keras.layers.Concatenate()([keras.layers.Flatten()(x), keras.layers.Embedding(tiny.CLASSES, 4)(y)])
        features = VirtualBatchNormalization(4)(keras.layers.Dense(8)(features))
        inner = keras.Model([x, y], keras.layers.Dense(1, dtype="float32")(features))
        discriminator = with_reference_batch(inner, (tiny.images(4), tiny.labels(4)))
        gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), discriminator)
    finally:
        keras.config.set_dtype_policy("float32")
    gan.compile(penalties=[keras_gans.penalties.R1()])
    logs = gan.train_on_batch(tiny.images(), tiny.labels(), return_dict=True)
    assert np.isfinite(list(logs.values())).all()


def test_errors():
    with pytest.raises(ValueError, match="a batch for each input of the network"):
        with_reference_batch(network(), REFERENCE[:, :2])
    with pytest.raises(ValueError, match="a batch for each input of the network"):
        with_reference_batch(network(tiny.CLASSES), REFERENCE)
    with pytest.raises(ValueError, match=r"as many rows as the `reference_size`.*Received: \[4, 5\]"):
        with_reference_batch(network(), REFERENCE[:4])
    with pytest.raises(ValueError, match="`network` must be"):
        with_reference_batch(keras.Sequential([keras.layers.Dense(3)]), REFERENCE)
