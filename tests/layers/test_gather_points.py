import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers.affine_resampling import copy_pixels
from keras_gans.layers.affine_resampling import resample
from keras_gans.layers.band_filters import amplify_bands
from keras_gans.layers.diff_augment import translate
from keras_gans.layers.gather_points import gather_points

X = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")
TURNED = np.array([[[0.6, -0.8, 0.3], [0.8, 0.6, 0], [0, 0, 1]]] * 2, "float32")


def test_the_points():
    numbers = np.array([[[0, 19]], [[7, 7]]])
    expected = X.reshape(2, 20, 3)[np.arange(2)[:, None, None], numbers]
    np.testing.assert_array_equal(gather_points(tf.constant(X), tf.constant(numbers, tf.int32)), expected)


def test_a_point_that_is_taken_twice_has_both_gradients():
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        points = gather_points(x, tf.constant([[[0, 19, 0]], [[7, 7, 7]]]))
    expected = np.zeros((2, 20, 3))
    expected[0, 0], expected[0, 19], expected[1, 7] = 2, 1, 3
    np.testing.assert_array_equal(tape.gradient(points, x), expected.reshape(X.shape))


@pytest.mark.slow
@pytest.mark.parametrize(
    "function",
    [
        lambda x: translate(x, tf.constant([[1, -1], [0, 2]])),
        lambda x: copy_pixels(x, tf.constant(TURNED)),
        lambda x: resample(x, tf.constant(TURNED)),
        lambda x: amplify_bands(x, tf.constant([[1.0, 2.0, 3.0, 4.0]] * 2)),
    ],
    ids=["translate", "copy_pixels", "resample", "amplify_bands"],
)
def test_xla_compiles_second_derivatives_inside_a_branch(function):
    """What a lazy penalty on input gradients takes, whose branch depends on a counter."""
    updates, kernel = tf.Variable(0), tf.Variable(np.ones((60, 1), "float32"))

    @tf.function(jit_compile=True, input_signature=[tf.TensorSpec((None, 4, 5, 3))])
    def compiled(x):
        def penalty():
            with tf.GradientTape() as tape:
                tape.watch(x)
                scores = tf.tanh(tf.reshape(function(x), (-1, 60)) @ kernel)
            return tf.reduce_sum(tape.gradient(scores, x) ** 2)

        with tf.GradientTape() as outer:
            value = tf.cond(updates % 2 == 0, penalty, lambda: tf.constant(0.0))
        return value, outer.gradient(value, kernel)

    value, gradient = compiled(X)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as tape:
            x = tf.constant(X)
            tape.watch(x)
            scores = tf.tanh(tf.reshape(function(x), (-1, 60)) @ kernel)
        expected = tf.reduce_sum(tape.gradient(scores, x) ** 2)
    assert float(value) == pytest.approx(float(expected), rel=1e-3) != 0
    np.testing.assert_allclose(gradient, outer.gradient(expected, kernel), rtol=1e-2, atol=1e-4)
    updates.assign(1)
    assert float(compiled(X)[0]) == 0
