import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.layers import AdaptiveAugment
from keras_gans.layers import InstanceNoise
from keras_gans.networks import with_augmentation
from tests import tiny


@keras.saving.register_keras_serializable("tests")
class Negated(keras.layers.Layer):
    """In training."""

    def call(self, x, training=False):
        return -x if training else x


def test_the_images_go_through_the_layer_first():
    inner = tiny.discriminator()
    discriminator = with_augmentation(inner, Negated())
    x = tiny.images(4)
    np.testing.assert_array_equal(discriminator(x, training=True), inner(-x))
    np.testing.assert_array_equal(discriminator(x), inner(x))
    assert discriminator.input_shape == inner.input_shape
    assert [layer.name for layer in discriminator.layers[2:]] == [layer.name for layer in inner.layers[1:]]
    assert all(a is b for a, b in zip(discriminator.trainable_weights, inner.trainable_weights, strict=True))


def test_conditions_do_not():
    inner, x, y = tiny.discriminator(tiny.CLASSES), tiny.images(4), tiny.labels(4)
    discriminator = with_augmentation(inner, Negated())
    np.testing.assert_array_equal(discriminator([x, y], training=True), inner([-x, y]))
    pairs = tiny.pair_discriminator()
    source = tiny.images(4, seed=1)
    np.testing.assert_array_equal(with_augmentation(pairs, Negated())([x, source], training=True), pairs([-x, source]))


def test_dicts_and_sequential_models():
    images, y = keras.Input((4,), name="images"), keras.Input((2,), name="condition")
    x = keras.layers.Concatenate()([images, y])
    inner = keras.Model({"condition": y, "images": images}, {"scores": keras.layers.Dense(1)(x), "features": x})
    batch = {"images": np.ones((3, 4), "float32"), "condition": np.full((3, 2), 2.0, "float32")}
    output = with_augmentation(inner, Negated())(batch, training=True)
    np.testing.assert_array_equal(output["features"], [[-1, -1, -1, -1, 2, 2]] * 3)
    assert set(output) == {"scores", "features"}
    row = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    np.testing.assert_array_equal(with_augmentation(row, Negated())(batch["images"], training=True), row(-batch["images"]))


def test_layers_inside_are_found():
    discriminator = keras_gans.networks.with_features(with_augmentation(tiny.discriminator(), InstanceNoise()))
    assert discriminator(tiny.images(2))["features"].shape == (2, 16)


@pytest.mark.slow
def test_published_discriminators_are_saved_with_it(tmp_path):
    inner = keras_gans.networks.progan.discriminator((16, 16, 3), base_filters=16, max_filters=4)
    discriminator = with_augmentation(inner, AdaptiveAugment(0.5, seed=1))
    x = tiny.images(4, (16, 16, 3))
    discriminator(x, training=True)
    discriminator.save(tmp_path / "discriminator.keras")
    loaded = keras.saving.load_model(tmp_path / "discriminator.keras")
    np.testing.assert_array_equal(loaded(x)["scores"], discriminator(x)["scores"])
    assert len(loaded.weights) == len(discriminator.weights) == len(inner.weights) + 4


def test_a_layer_that_does_not_fit():
    with pytest.raises(ValueError, match="takes images"):
        with_augmentation(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]), AdaptiveAugment())


def test_arguments_in_the_other_order():
    discriminator = tiny.discriminator()
    for layer in (discriminator, AdaptiveAugment, "flip"):
        with pytest.raises(ValueError, match="`layer`, the second argument, must be a layer for images, an object"):
            with_augmentation(AdaptiveAugment(), layer)
    with pytest.raises(ValueError, match="`discriminator` must be a functional or Sequential"):
        with_augmentation(AdaptiveAugment(), AdaptiveAugment())
