"""Functions as feature extractors."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.features import FunctionFeatures

IMAGES = np.random.default_rng(0).uniform(-1, 1, (5, 4, 4, 1)).astype("float32")


def both(images):
    return {"features": tf.reduce_mean(images, axis=(1, 2)), "logits": images[:, 0, :, 0]}


def test_pixels():
    extractor = FunctionFeatures(lambda images: images, name="pixels", quantize=False)
    np.testing.assert_array_equal(extractor(IMAGES)["features"], IMAGES.reshape(5, 16))
    assert extractor.protocol == {"extractor": "FunctionFeatures", "quantized": False, "function": "pixels"}
    assert (extractor.dimensions, extractor.classes) == (None, None)


@pytest.mark.slow
def test_features_and_logits():
    extractor = FunctionFeatures(both, dimensions=1, classes=4, quantize=False)
    for outputs in (extractor(IMAGES), tf.function(extractor)(tf.constant(IMAGES))):
        np.testing.assert_allclose(outputs["features"], IMAGES.mean(axis=(1, 2)), rtol=1e-6)
        np.testing.assert_array_equal(outputs["logits"], IMAGES[:, 0, :, 0])
    assert extractor.protocol["function"] == "both"


def test_of_numpy():
    def sums(images):
        return images.numpy().sum(axis=(1, 2))

    np.testing.assert_allclose(FunctionFeatures(sums, quantize=False)(IMAGES)["features"], IMAGES.sum(axis=(1, 2)), rtol=1e-5)


@pytest.mark.slow
def test_in_a_metric_of_a_gan():
    z, x = keras.Input((2,)), keras.Input((4, 4, 1))
    generator = keras.Model(z, keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16, "tanh")(z)))
    gan = keras_gans.GAN(generator, keras.Model(x, keras.layers.Dense(1)(keras.layers.Flatten()(x))), latents=2)
    pixels = FunctionFeatures(lambda images: images, dimensions=16, name="pixels")
    gan.compile(metrics=[keras_gans.metrics.FID(pixels), keras_gans.metrics.KID(pixels, subset_size=9)])
    logs = gan.evaluate(np.repeat(IMAGES, 8, axis=0), batch_size=8, return_dict=True, verbose=0)
    assert all(np.isfinite(value) for value in logs.values())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"function": 3}, "must take images"),
        ({"function": lambda images: images}, "pass `name`"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        FunctionFeatures(**arguments)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (both, {}, "Pass the number of `classes`"),
        (lambda images: images, {"classes": 3}, r"\['features', 'logits'\]"),
        (lambda images: images, {"dimensions": 15}, "promised 15 features"),
        (both, {"classes": 3}, "promised 3 logits"),
    ],
)
def test_outputs_that_do_not_fit(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        FunctionFeatures(function, name="function", **arguments)(IMAGES)


def test_shape_that_is_not_known():
    @tf.function(input_signature=[tf.TensorSpec(None)])
    def features(images):
        return FunctionFeatures(lambda x: tf.py_function(lambda y: y, [x], tf.float32), name="hidden")(
            tf.ensure_shape(images, (None,) * 4)
        )

    with pytest.raises(ValueError, match="Pass `dimensions`"):
        features(IMAGES)
