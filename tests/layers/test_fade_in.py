import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import FadeIn


def pair():
    random = np.random.default_rng(0)
    return [(random.normal(size=(2, 3, 3, 4)) * 10.0 ** random.integers(-6, 6, 4)).astype("float32") for _ in range(2)]


@pytest.mark.parametrize(
    "wrap", [lambda f: f, tf.function, lambda f: tf.function(f, jit_compile=True)], ids=["eager", "graph", "xla"]
)
def test_the_ends_are_the_tensors_to_the_bit(wrap):
    old, new = pair()
    layer = FadeIn()
    call = wrap(lambda old, new: layer([old, new]))
    np.testing.assert_array_equal(call(tf.constant(old), tf.constant(new)), new)
    layer.fade.assign(0.0)
    np.testing.assert_array_equal(call(tf.constant(old), tf.constant(new)), old)


def test_between_them():
    layer = FadeIn(0.25)
    old, new = tf.constant([0.0, 4.0]), tf.constant([1.0, 8.0])
    np.testing.assert_allclose(layer([old, new]), [0.25, 5.0])
    layer.fade.assign(0.75)
    np.testing.assert_allclose(layer([old, new]), [0.75, 7.0])
    assert layer.trainable_variables == []


def test_both_get_a_gradient():
    old, new = tf.constant([1.0]), tf.constant([3.0])
    for fade in (0.0, 0.25, 1.0):
        with tf.GradientTape() as tape:
            tape.watch([old, new])
            output = FadeIn(fade)([old, new])
        np.testing.assert_array_equal(tape.gradient(output, [old, new]), [[1 - fade], [fade]])


def test_half_precision_keeps_a_small_share():
    layer = FadeIn(2.0**-10, dtype="mixed_bfloat16")
    output = layer([tf.zeros(1), 1024 * tf.ones(1)])
    assert (output.dtype, float(output[0])) == ("bfloat16", 1.0)
    assert layer.fade.dtype == "float32"
    assert float(FadeIn(1 - 2.0**-10, dtype="mixed_bfloat16")([tf.zeros(1), 1024 * tf.ones(1)])[0]) == 1024  # 1023, rounded
    assert float(layer.fade) == 2.0**-10


def test_errors():
    with pytest.raises(ValueError, match=r"`fade` must be in \[0, 1\]"):
        FadeIn(1.5)
    for inputs in (np.ones((2, 3)), [np.ones((2, 3)), np.ones((2, 4))], [np.ones((2, 3))] * 3):
        with pytest.raises(ValueError, match=r"called on \[old, new\]"):
            FadeIn()(inputs)
