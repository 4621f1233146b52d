"""The numbers of three ways to resize, and their common behavior."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.features.resize import resize


def resized(values, size, method):
    return resize(tf.constant(values, tf.float32)[None, ..., None], size, method)[0, ..., 0].numpy()


SMALL = [[0, 1], [2, 3]]
FOUR = np.arange(16).reshape(4, 4)
EIGHT = np.arange(64).reshape(8, 8)


@pytest.mark.parametrize(
    ("values", "size", "method", "rows"),
    [
        (SMALL, 4, "tensorflow", [[0, 0.5, 1, 1], [1, 1.5, 2, 2]]),
        (SMALL, 4, "pytorch", [[0, 0.25, 0.75, 1], [0.5, 0.75, 1.25, 1.5]]),
        (FOUR, 2, "tensorflow", [[0, 2], [8, 10]]),
        (FOUR, 2, "pytorch", [[2.5, 4.5], [10.5, 12.5]]),
        (FOUR, 2, "clean", [[2.9338841, 4.7603304], [10.2396697, 12.0661159]]),
        (
            EIGHT,
            3,
            "clean",
            [[8.0681858, 10.6717205, 13.2752552], [28.8964653, 31.5, 34.1035347], [49.7247448, 52.3282795, 54.9318142]],
        ),
    ],
)
def test_values(values, size, method, rows):
    np.testing.assert_allclose(resized(values, size, method)[: len(rows)], rows, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("size", [13, 96])
def test_clean_is_pillow(size):
    x = np.random.default_rng(0).uniform(0, 255, (32, 24)).astype("float32")
    expected = np.asarray(Image.fromarray(x).resize((size, size), Image.Resampling.BICUBIC))
    np.testing.assert_allclose(resized(x, size, "clean"), np.clip(expected, 0, 255), atol=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["tensorflow", "pytorch", "clean"])
def test_in_functions(method):
    x = tf.random.uniform((3, 10, 12, 3), maxval=255.0)
    expected = resize(x, 17, method)
    assert expected.shape == (3, 17, 17, 3)
    compiled = tf.function(lambda x: resize(x, 17, method), jit_compile=True)
    np.testing.assert_allclose(compiled(x), expected, atol=1e-3)
    unknown = tf.function(lambda x: resize(x, 17, method), input_signature=[tf.TensorSpec((None, None, None, 3))])
    np.testing.assert_allclose(unknown(x), expected, atol=1e-3)
    any_number = tf.function(lambda x: resize(x, 17, method), input_signature=[tf.TensorSpec((None, 10, 12, 3))])
    np.testing.assert_allclose(any_number(x), expected, atol=1e-3)


def test_unknown():
    with pytest.raises(ValueError, match="Unknown resize method"):
        resize(tf.zeros((1, 2, 2, 3)), 4, "nearest")
