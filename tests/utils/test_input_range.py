"""Which range the images have that a classifier takes."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.utils.input_range import as_model_takes
from keras_gans.utils.input_range import input_range

IMAGENET = [0.485, 0.456, 0.406], [0.229**2, 0.224**2, 0.225**2]
IN_255 = [255 * mean for mean in IMAGENET[0]], [255**2 * variance for variance in IMAGENET[1]]


def classifier(*first):
    """A model that begins with layers, or with a function."""
    x = inputs = keras.Input((8, 8, 3))
    for layer in first:
        x = layer(x)
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(layers.Conv2D(2, 3)(x))), name="given")


def sequential(*first):
    return keras.Sequential([keras.Input((8, 8, 3)), *first, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)])


def caffe(x):
    return x[..., ::-1] - np.float32([103.939, 116.779, 123.68])


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ([], (-1, 1)),
        ([layers.Rescaling(1 / 255)], (0, 255)),
        ([layers.Rescaling(1 / 127.5, -1)], (0, 255)),
        ([layers.Rescaling(1 / 128, -1)], (0, 255)),
        ([layers.Rescaling(1 / 255, -0.5)], (0, 255)),
        ([layers.Rescaling(0.5, 0.5)], (-1, 1)),
        ([layers.Rescaling(127.5, 127.5)], (-1, 1)),
        ([layers.Rescaling(2.0, -1.0)], (0, 1)),
        ([layers.Rescaling(255.0)], (0, 1)),
        ([layers.Rescaling(1.0)], (-1, 1)),
        ([layers.RandomFlip(), layers.Resizing(9, 9), layers.Rescaling(1 / 255)], (0, 255)),
        ([layers.Rescaling(1 / 255), layers.Normalization(mean=IMAGENET[0], variance=IMAGENET[1])], (0, 255)),
        ([layers.Normalization(mean=IN_255[0], variance=IN_255[1])], (0, 255)),
        ([layers.Normalization(mean=[-0.1, 0.0, -0.2], variance=[0.2, 0.2, 0.2])], (-1, 1)),
        ([layers.Normalization(mean=[0.5] * 3, variance=[0.25] * 3)], (0, 1)),
        ([layers.Conv2D(3, 1, name="first"), layers.Rescaling(1 / 255)], (-1, 1)),
    ],
)
def test_layers(first, expected):
    for build in (classifier, sequential):
        assert input_range(build(*first), "") == expected


def test_scaling_in_a_model_inside():
    scaling = keras.Sequential([keras.Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.Rescaling(2.0, -1.0)])
    assert input_range(classifier(scaling), "") == input_range(sequential(scaling), "") == (0, 255)
    halves = keras.Sequential([keras.Input((8, 8, 3)), layers.Rescaling(1 / 127.5)])
    assert input_range(classifier(halves, layers.Rescaling(1.0, -1.0)), "") == (0, 255)
    assert input_range(keras.Sequential([keras.Input((8, 8, 3)), classifier(layers.Rescaling(1 / 255))]), "") == (0, 255)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x / 255.0, (0, 255)),
        (lambda x: x * (1 / 255), (0, 255)),
        (lambda x: x / 127.5 - 1.0, (0, 255)),
        (lambda x: 1.0 - x / 255.0, (0, 255)),
        (lambda x: (x + 1.0) / 2.0, (-1, 1)),
        (lambda x: 2.0 * x - 1.0, (0, 1)),
        (caffe, (0, 255)),
        (lambda x: 1.0 / x, (-1, 1)),
        (lambda x: x + x, (-1, 1)),
    ],
)
def test_arithmetic(function, expected):
    assert input_range(classifier(function), "") == expected


@pytest.mark.parametrize(
    "layer",
    [layers.Normalization(mean=IMAGENET[0], variance=IMAGENET[1]), layers.Rescaling(3.0), layers.Rescaling([2.0, 3.0, 4.0])],
)
def test_what_does_not_tell_is_taken_as_usual_with_a_warning(layer):
    with pytest.warns(UserWarning, match=r"given scales its input itself, to \[.*does not tell.*-1 and 1. Say it"):
        assert input_range(classifier(layer), "Say it") == (-1, 1)


def test_a_model_that_is_not_functional_tells_nothing():
    class Mine(keras.Model):
        def call(self, x):
            return x

    assert input_range(Mine(), "") == (-1, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("EfficientNetB0", {}, (0, 255)),
        ("EfficientNetV2B0", {}, (0, 255)),
        ("MobileNetV3Small", {}, (0, 255)),
        ("MobileNetV3Small", {"include_preprocessing": False}, (-1, 1)),
        ("ConvNeXtTiny", {}, (0, 255)),
        ("ResNet50", {}, (-1, 1)),
    ],
)
def test_published_classifiers(name, arguments, expected):
    assert input_range(getattr(keras.applications, name)(weights=None, **arguments), "") == expected


def test_images_as_a_model_takes_them():
    images = np.float32([-1, 0, 1])
    assert as_model_takes(images, (-1, 1)) is images
    np.testing.assert_allclose(as_model_takes(images, (0, 255)), [0, 127.5, 255])
    np.testing.assert_allclose(as_model_takes(images, (0, 1)), [0, 0.5, 1])
