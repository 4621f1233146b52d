"""Section 4.14 of the facts."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import Blur


def column(values):
    """A map of one column whose rows are all equal, so that what happens along them is all that happens inside it."""
    return tf.tile(tf.reshape(tf.constant(values, "float64"), (1, 1, -1, 1)), (1, 9, 1, 1))


def test_numbers():
    np.testing.assert_allclose(Blur(dtype="float64")(column([1, 2, 4, 8]))[0, 4, :, 0], [1, 2.25, 4.5, 5], rtol=1e-12)
    impulse = np.zeros((1, 5, 5, 2))
    impulse[0, 2, 2, 0] = 16.0
    output = Blur()(impulse).numpy()
    np.testing.assert_array_equal(output[0, 1:4, 1:4, 0], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    assert output[0, :, :, 0].sum() == 16 and not output[0, :, :, 1].any()


def test_four_taps():
    impulse = np.zeros((1, 6, 6, 1))
    impulse[0, 3, 3] = 64.0
    output = Blur((1, 3, 3, 1))(impulse)[0, ..., 0].numpy()
    np.testing.assert_array_equal(output[1:5, 1:5], np.outer([1, 3, 3, 1], [1, 3, 3, 1]))
    assert output.sum() == 64


def test_with_resizing_it_is_the_filter_of_four_taps():
    x = np.random.default_rng(0).normal(size=(1, 6, 6, 1))
    blur = Blur(dtype="float64")
    # Up: zeros between pixels, padded by 2 before and 1 after, gain 4. Down: padded by 1 and 1, each second one kept.
    apart = np.zeros((12, 12))
    apart[::2, ::2] = x[0, ..., 0]
    taps, padded = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64, np.pad(apart, (2, 1))
    up = [[4 * np.sum(taps * padded[i : i + 4, j : j + 4]) for j in range(12)] for i in range(12)]
    np.testing.assert_allclose(blur(np.repeat(np.repeat(x, 2, axis=1), 2, axis=2))[0, ..., 0], up, atol=1e-12)
    padded = np.pad(x[0, ..., 0], 1)
    down = [[np.sum(taps * padded[i : i + 4, j : j + 4]) for j in range(0, 6, 2)] for i in range(0, 6, 2)]
    np.testing.assert_allclose(tf.nn.avg_pool2d(blur(x), 2, 2, "VALID")[0, ..., 0], down, atol=1e-12)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("wrap", [lambda f: f, lambda f: tf.function(f, jit_compile=True)], ids=["eager", "xla"])
def test_it_is_differentiated_twice(wrap, training):
    """As a penalty on a discriminator's gradient does: of sum(blur(x)^2) it is 2 B^T B x, of its square 8 (B^T B)^2 x."""
    x = tf.constant(np.random.default_rng(0).normal(size=(1, 4, 4, 1)))
    blur = Blur(dtype="float64")

    def gradient_of_norm(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.square(blur(x, training=training)))
            norm = tf.reduce_sum(tf.square(inner.gradient(y, x)))
        return outer.gradient(norm, x)

    matrix = np.stack([np.ravel(blur(np.eye(16)[k].reshape(1, 4, 4, 1))) for k in range(16)], axis=1)
    square = matrix.T @ matrix
    np.testing.assert_allclose(np.ravel(wrap(gradient_of_norm)(x)), 8 * square @ square @ np.ravel(x), rtol=1e-9)


@pytest.mark.parametrize("padding", [(0, 0), (2, 2), (1, 3), (5, 0)])
def test_the_gradient_that_is_said_is_that_of_the_filter(padding):
    blur, x = Blur((1, 3, 4, 1), padding, dtype="float64"), tf.constant(np.random.default_rng(0).normal(size=(2, 6, 7, 3)))
    gradients = []
    for training in (False, True):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = blur(x, training=training)
            loss = tf.reduce_sum(y * tf.reshape(tf.range(tf.size(y, tf.int64)), y.shape).numpy())
        gradients.append(tape.gradient(loss, x).numpy())
    assert tuple(y.shape) == blur.compute_output_shape(x.shape)
    np.testing.assert_allclose(*gradients, rtol=1e-9, atol=1e-9)


def test_errors():
    for taps in ((), 3, "121"):
        with pytest.raises(ValueError, match="`taps` must be a tuple of numbers"):
            Blur(taps)
    with pytest.raises(ValueError, match=r"`taps\[1\]` must be a finite number"):
        Blur((1, None))
    with pytest.raises(ValueError, match="must not sum to 0"):
        Blur((1, -1))
