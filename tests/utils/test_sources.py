"""Images as networks take them: what is taken, and what the errors advise."""

import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils.sources import checked_source
from keras_gans.utils.sources import how_to_scale
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
        (tf.data.Dataset.from_tensors((IMAGES, [0, 1, 2, 3])), r"Pass one batch after the other: for images, \*_ in dataset"),
        ((IMAGES, np.arange(4)), r"a tuple of 2, as the pair \(images, labels\) is. Pass the images alone, such as batch\[0\]"),
        ((IMAGES, IMAGES), "a tuple of 2, as the pair"),
        ([IMAGES, np.arange(4)], "a list of several things. Pass the images alone"),
        ({"image": IMAGES, "label": np.arange(4)}, r"a dict of \['image', 'label'\]. Pass the images alone"),
        (None, r"an array of images \('batch', 8, 8, 1\). Received: NoneType. Pass such an array"),
        ("faces.png", r"the path 'faces.png'. Pass what is in the file: keras.utils.img_to_array"),
        (["a.png", "b.png"], r"paths. Pass the batches that keras_gans.data.images\(paths, size=\(8, 8\), shuffle=False\)"),
        ([pathlib.Path("a.png")], "Received: paths"),
        ((image for image in IMAGES), "Received: generator"),
        ([IMAGES[0], IMAGES[0, :4]], "several sizes. Resize"),
        ([], "no images. Pass at least one"),
        (IMAGES[:0], "no images. Pass at least one"),
        ([IMAGES, IMAGES], r"Received: \(2, 4, 8, 8, 1\). Join the batches: np.concatenate"),
        (IMAGES[0], r"Received: \(8, 8, 1\). Add a batch axis: image\[None\]"),
        (IMAGES[:, :4], r"Received: \(4, 4, 8, 1\). Resize them"),
        (np.tile(IMAGES, 3), r"Received: \(4, 8, 8, 3\). Pass an array \('batch', 8, 8, 1\)"),
        (np.float32(1), r"Received: \(\). Pass an array"),
        (list((255 * IMAGES).astype("uint8")), r"uint8. Scale them: x / 255\."),
        (2 * IMAGES - 1, r"values from -0.9.*\(x \+ 1\) / 2\."),
    ],
)
def test_what_is_refused(images, message):
    with pytest.raises(ValueError, match=message):
        checked_source(images, WANTED, (0, 1), "encoder takes")


@pytest.mark.parametrize(
    ("least", "greatest", "dtype", "to_signed", "to_unsigned"),
    [
        (0, 255, "uint8", "x / 127.5 - 1.", "x / 255."),
        (0, 9, "uint8", "x / 127.5 - 1.", "x / 255."),
        (0, 0, "uint8", "x / 127.5 - 1.", "x / 255."),
        (0, 4000, "uint16", "x / 32767.5 - 1.", "x / 65535."),
        (0, 250, "int64", "x / 127.5 - 1.", "x / 255."),
        (0, 254.5, "float32", "x / 127.5 - 1.", "x / 255."),
        (0, 1, "uint8", '2. * tf.cast(x, "float32") - 1.', 'tf.cast(x, "float32").'),
        (0, 1, "bool", '2. * tf.cast(x, "float32") - 1.', 'tf.cast(x, "float32").'),
        (-1, 1, "float32", None, "(x + 1) / 2."),
        (-128, 127, "int8", "", ""),
        (0, 16, "int64", "", ""),
        (0, 2.5, "float32", "", ""),
        (-2.1, 2.6, "float32", "", ""),  # mean 0 and standard deviation 1
        (-0.06, 1.04, "float32", "", ""),
    ],
)
def test_the_formula_fits_the_images(least, greatest, dtype, to_signed, to_unsigned):
    images = np.array([least, greatest]).astype(dtype)
    for wanted, formula in {(-1, 1): to_signed, (0, 1): to_unsigned}.items():
        if formula == "":
            assert how_to_scale(images, wanted) == f"Scale them so that black is {wanted[0]}, and white 1."
        elif formula:
            sentence = how_to_scale(tf.constant(images), wanted)
            assert sentence.endswith(": " + formula)


def test_the_first_images_that_an_encoder_takes_are_judged():
    class Encoder:
        pass

    owner = Encoder()
    with pytest.warns(UserWarning, match=r"The source images lie in \[0"):
        checked_source(IMAGES, WANTED, (-1, 1), "encoder takes", owner)
    for arguments in (((-1, 1), "encoder takes", owner), ((0, 1), "encoder takes", Encoder()), ((-1, 1),)):
        checked_source(IMAGES, WANTED, *arguments)
