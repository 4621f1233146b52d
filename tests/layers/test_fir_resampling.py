"""Doubling and halving with a filter, against the steps of the released operation written out in NumPy."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import FIRDownSampling2D
from keras_gans.layers import FIRUpSampling2D

LAYERS = {FIRUpSampling2D: True, FIRDownSampling2D: False}
KERNELS = [(1, 3, 3, 1), (1, 1), (1, 2, 1), (5, 1, -2, 0.5), (1, 0, 2, 3, 7), (1, 2, 3, 4, 5, 6)]
every = pytest.mark.parametrize(("cls", "kernel"), list(itertools.product(LAYERS, KERNELS)))


def upfirdn2d(x, kernel, up, down, before, after, gain):
    """Insert zeros, pad, convolve, keep every n-th pixel: of images (batch, height, width, channels), in float64."""
    batch, height, width, channels = x.shape
    spread = np.zeros((batch, height * up, width * up, channels))
    spread[:, ::up, ::up] = x
    spread = np.pad(spread, [(0, 0), (before, after), (before, after), (0, 0)])
    taps, flipped = len(kernel), gain * np.outer(kernel, kernel)[::-1, ::-1] / np.sum(kernel) ** 2
    rows, columns = spread.shape[1] - taps + 1, spread.shape[2] - taps + 1
    y = sum(flipped[i, j] * spread[:, i : i + rows, j : j + columns] for i in range(taps) for j in range(taps))
    return y[:, ::down, ::down]


def expected(cls, x, kernel):
    """As `upsample2d` and `downsample2d` pad: for four taps (2, 1) and (1, 1)."""
    taps = len(kernel)
    if LAYERS[cls]:
        return upfirdn2d(x, kernel, 2, 1, (taps + 1) // 2, (taps - 2) // 2, 4.0)
    return upfirdn2d(x, kernel, 1, 2, (taps - 1) // 2, (taps - 2) // 2, 1.0)


def normal(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype("float32")


@every
def test_it_is_the_released_operation(cls, kernel):
    x = normal(2, 6, 4, 3)
    layer = cls(kernel)
    y = layer(x)
    np.testing.assert_array_equal(layer(x, training=True), y)
    wanted = expected(cls, x, kernel)
    assert y.shape == wanted.shape == ((2, 12, 8, 3) if LAYERS[cls] else (2, 3, 2, 3))
    np.testing.assert_allclose(y, wanted, atol=2e-5)


def test_four_taps():
    """FIR [1,3,3,1]: the outer product / 64 sums to 1; gain 4 where zeros are inserted."""
    impulse = np.zeros((1, 6, 6, 1), "float32")
    impulse[0, 3, 2] = 1.0
    y = FIRUpSampling2D()(impulse)[0, :, :, 0].numpy()
    np.testing.assert_allclose(y[5:9, 3:7], 4 * np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64)
    assert y.sum() == 4.0
    inside = slice(1, -1)
    np.testing.assert_allclose(FIRUpSampling2D()(np.ones((1, 5, 5, 1)))[0, inside, inside], np.ones((8, 8, 1)))
    np.testing.assert_allclose(FIRDownSampling2D()(np.ones((1, 8, 8, 1)))[0, inside, inside], np.ones((2, 2, 1)))
    ramp = np.tile(np.arange(6.0, dtype="float32").reshape(1, 1, 6, 1), (1, 4, 1, 1))
    np.testing.assert_allclose(FIRUpSampling2D()(ramp)[0, 3, 1:-1, 0], np.arange(10) / 2 + 0.25)


# In graphs, where the code is the same: two taps, an even and an odd number of taps that are not symmetric.
IN_GRAPHS = [KERNELS[k] for k in (1, 3, 4)]


@pytest.mark.slow
@pytest.mark.parametrize("cls", LAYERS)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    ("way", "kernel"),
    [(way, kernel) for way in ("eager", "graph", "xla") for kernel in (KERNELS if way == "eager" else IN_GRAPHS)],
)
def test_derivatives_of_first_and_second_order(cls, kernel, way, training):
    """Of L = sum((w y)^3), y = A x: g = A^T (3 w^3 y^2), and the gradient of ||g||^2 is 2 A^T (6 w^3 y A g)."""
    x, layer = normal(1, 6, 4, 1), cls(kernel)
    basis = np.eye(24, dtype="float32").reshape(24, 6, 4, 1)
    a = expected(cls, basis, kernel).reshape(24, -1).T
    w = normal(len(a)).astype("float64")

    def derivatives(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = tf.reduce_sum((tf.cast(w, x.dtype) * tf.reshape(layer(x, training=training), [-1])) ** 3)
            gradient = inner.gradient(loss, x)
            norm = tf.reduce_sum(gradient**2)
        return gradient, outer.gradient(norm, x)

    wrap = {"eager": lambda call: call, "graph": tf.function, "xla": lambda call: tf.function(call, jit_compile=True)}[way]
    first, second = wrap(derivatives)(tf.constant(x))
    y = a @ x.reshape(-1).astype("float64")
    gradient = a.T @ (3 * w**3 * y**2)
    np.testing.assert_allclose(np.ravel(first), gradient, rtol=1e-3, atol=1e-4 * abs(gradient).max())
    curvature = 2 * a.T @ (6 * w**3 * y * (a @ gradient))
    np.testing.assert_allclose(np.ravel(second), curvature, rtol=1e-3, atol=1e-4 * abs(curvature).max())


@pytest.mark.parametrize("cls", LAYERS)
def test_the_batch_may_be_unknown_or_empty(cls):
    images = keras.Input((8, 6, 2))
    model = keras.Model(images, cls()(images))
    assert model.output_shape == ((None, 16, 12, 2) if LAYERS[cls] else (None, 4, 3, 2))
    call = tf.function(model, input_signature=[tf.TensorSpec((None, 8, 6, 2))])
    for batch in (0, 1, 3):
        assert call(tf.zeros((batch, 8, 6, 2))).shape == (batch, *model.output_shape[1:])


@pytest.mark.slow
@pytest.mark.parametrize("cls", LAYERS)
def test_a_saved_model_has_all_derivatives(cls, tmp_path):
    images = keras.Input((4, 4, 1))
    model, x = keras.Model(images, cls()(images)), tf.constant(normal(1, 4, 4, 1))
    model.export(tmp_path, verbose=False)
    found = []
    for call in (model, tf.saved_model.load(tmp_path).serve):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = tf.reduce_sum(call(x) ** 3)
            norm = tf.reduce_sum(inner.gradient(loss, x) ** 2)
        found.append(outer.gradient(norm, x))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("cls", LAYERS)
def test_errors(cls):
    for kernel in ((1,), 4, None, "13"):
        with pytest.raises(ValueError, match="`kernel` must be a tuple of two numbers or more"):
            cls(kernel)
    with pytest.raises(ValueError, match=r"`kernel\[1\]` must be a finite number"):
        cls((1, "3"))
    with pytest.raises(ValueError, match="sum, which must not be 0"):
        cls((1, -1))
    for shape in ((8, 8, 1), (1, None, 8, 1)):
        with pytest.raises(ValueError, match=r"takes \(batch, height, width, channels\), of known sizes"):
            cls().build(shape)
    with pytest.raises(ValueError, match="that are even"):
        FIRDownSampling2D()(tf.zeros((1, 8, 7, 1)))
