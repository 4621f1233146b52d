"""LeNet, trained on real digits."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.features import ClassifierFeatures
from keras_gans.features import lenet
from keras_gans.features import train_classifier

pytestmark = pytest.mark.slow


def test_lenet():
    model = lenet((28, 28, 1), 10)
    assert model.output_shape == (None, 10)
    # 416 + 12,832 for the convolutions; 188,280 + 10,164 + 850 for the dense layers.
    assert model.count_params() == 212_542
    extractor = ClassifierFeatures(model)
    assert (extractor.dimensions, extractor.classes) == (84, 10)
    assert lenet((8, 9, 3), 2).output_shape == (None, 2)


@pytest.mark.parametrize(
    ("shape", "classes", "message"), [((28, 28), 10, "height, width"), ((3, 8, 1), 10, "at least 4"), ((8, 8, 1), 1, "`classes`")]
)
def test_lenet_errors(shape, classes, message):
    with pytest.raises(ValueError, match=message):
        lenet(shape, classes)


def test_digits():
    digits = keras_gans.data.load("mnist_5k", batch_size=500, shuffle=False)
    model, accuracy = train_classifier(digits, steps=400, batch_size=64)
    assert 0.95 < accuracy < 1
    images, labels = (np.concatenate(parts) for parts in zip(*digits.as_numpy_iterator(), strict=True))
    outputs = ClassifierFeatures(model)(images)
    assert np.mean(np.argmax(outputs["logits"], axis=-1) == labels) > accuracy - 0.02
    # Half of the classes are farther away than other real digits.
    features = outputs["features"].numpy()
    distances = [keras_gans.metrics.FID(None) for _ in range(2)]
    distances[0].update_state(features[::2], features[1::2])
    distances[1].update_state(features[::2], features[labels < 5])
    assert float(distances[0].result()) < 0.05 * float(distances[1].result())


def blocks(count=200):
    """Images with one of two halves white."""
    labels = np.arange(count) % 2
    images = np.zeros((count, 8, 8), "uint8")
    images[labels == 1, :4] = 255
    images[labels == 0, 4:] = 255
    return images, labels


def test_arrays_and_seed():
    images, labels = blocks()
    accuracies, weights = [], []
    for _ in range(2):
        keras.utils.set_random_seed(1)
        model, accuracy = train_classifier(images, labels, steps=20, batch_size=16)
        accuracies.append(accuracy)
        weights.append(model.get_weights())
    assert accuracies == [1, 1]
    for first, second in zip(*weights, strict=True):
        np.testing.assert_allclose(first, second, atol=1e-6)


def test_another_model():
    images, labels = blocks()
    own = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    model, accuracy = train_classifier(images[..., None] / 127.5 - 1, labels, model=own, steps=50)
    assert model is own
    assert accuracy == 1


IMAGES, LABELS = blocks(20)


@pytest.mark.parametrize(
    ("images", "labels", "arguments", "message"),
    [
        (IMAGES[0], LABELS, {}, "Images must be"),
        (IMAGES.astype("int64"), LABELS, {}, "Images must be"),
        (IMAGES.astype("float32"), LABELS, {}, "Images must be"),
        (IMAGES, LABELS[:5], {}, "Labels must be"),
        (IMAGES, LABELS / 2, {}, "Labels must be"),
        (IMAGES, LABELS - 1, {}, "Labels must be"),
        (IMAGES, LABELS * 0, {}, "Labels must be"),
        (IMAGES, None, {}, "Labels must be"),
        (IMAGES, LABELS, {"held_out": 0.0}, "both sides"),
        (IMAGES, LABELS, {"held_out": 1.0}, "both sides"),
        (keras_gans.data.images(IMAGES), None, {}, "batches of images and labels"),
    ],
)
def test_errors(images, labels, arguments, message):
    with pytest.raises(ValueError, match=message):
        train_classifier(images, labels, **arguments)


def test_a_pair_is_not_images():
    with pytest.raises(ValueError, match=r"a tuple of 2, as the pair \(images, labels\) is. Pass train_classifier\("):
        train_classifier((np.zeros((4, 8, 8, 1), "uint8"), np.arange(4)))
