"""Images as networks take them: what is taken, and what the errors advise."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils.sources import checked_source
from keras_gans.utils.sources import scaling
from tests import tiny

IMAGES = 0.5 * tiny.images(4) + 0.5
WANTED = keras.KerasTensor((None, *tiny.SHAPE))


def test_lists_are_arrays():
    for images in (IMAGES, tf.constant(IMAGES), list(IMAGES), IMAGES.tolist(), [tf.constant(image) for image in IMAGES]):
        np.testing.assert_allclose(checked_source(images, WANTED, (0, 1)), IMAGES)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (tf.data.Dataset.from_tensors(IMAGES), "Received: .*Dataset. Pass one batch after the other: for batch in dataset"),
        (None, r"an array of images \('batch', 8, 8, 1\). Received: NoneType. Pass such an array"),
        ("faces.png", "Received: str"),
        ((image for image in IMAGES), "Received: generator"),
        ([IMAGES[0], IMAGES[0, :4]], "several sizes. Resize"),
        ([], r"Received: \(0,\)"),
        (list((255 * IMAGES).astype("uint8")), r"uint8. Scale them: x / 255\."),
        (2 * IMAGES - 1, r"values from -0.9.*\(x \+ 1\) / 2\."),
    ],
)
def test_what_is_refused(images, message):
    with pytest.raises(ValueError, match=message):
        checked_source(images, WANTED, (0, 1), "encoder takes")


@pytest.mark.parametrize(
    ("least", "greatest", "wanted", "formula"),
    [
        (0, 255, (-1, 1), "x / 127.5 - 1."),
        (0, 255, (0, 1), "x / 255."),
        (0, 65535, (-1, 1), "x / 32767.5 - 1."),
        (3, 4000, (0, 1), "x / 65535."),
        (-1, 1, (0, 1), "(x + 1) / 2."),
        (-128, 127, (-1, 1), "2 * (x - a) / (b - a) - 1, where"),
        (-2.1, 2.6, (0, 1), "1 * (x - a) / (b - a), where"),
    ],
)
def test_the_formula_fits_the_values(least, greatest, wanted, formula):
    assert scaling(np.array([least, greatest]), wanted).startswith(formula)
