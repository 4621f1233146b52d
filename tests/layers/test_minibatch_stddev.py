import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import MinibatchStdDev

X = np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 6.0], [1.0, 0.0]], "float32").reshape(4, 1, 1, 2)


@pytest.mark.parametrize(
    ("group_size", "expected"), [(4, [1.918881] * 4), (8, [1.918881] * 4), (None, [1.918881] * 4), (2, [2.0, 1.0, 2.0, 1.0])]
)
def test_the_numbers(group_size, expected):
    output = MinibatchStdDev(group_size)(X)
    np.testing.assert_array_equal(output[..., :2], X)
    np.testing.assert_allclose(output[:, 0, 0, 2], expected, atol=1e-4)
    np.testing.assert_allclose(MinibatchStdDev(group_size)(X[:, 0, 0])[:, 2], expected, atol=1e-4)


def test_identical_examples():
    output = MinibatchStdDev()(np.ones((4, 3, 3, 2), "float32"))
    np.testing.assert_allclose(output[..., 2], np.full((4, 3, 3), 1e-4), rtol=1e-5)


def test_constant_images():
    """The members of a group are not neighbours."""
    images = np.broadcast_to(np.array([1.0, 2.0, 3.0, 4.0]).reshape(4, 1, 1, 1), (4, 3, 3, 2)).astype("float32")
    np.testing.assert_allclose(MinibatchStdDev()(images)[..., 2], np.full((4, 3, 3), 1.118034), rtol=1e-6)
    strided = np.stack([images, np.zeros_like(images)], axis=1).reshape(8, 3, 3, 2)  # group 0: samples 0, 2, 4, 6
    np.testing.assert_allclose(MinibatchStdDev()(strided)[:, 0, 0, 2], [1.118034, 1e-4] * 4, rtol=1e-5)
    whole = MinibatchStdDev(None)(strided)[:, 0, 0, 2]
    np.testing.assert_allclose(whole, [np.std([1.0, 2, 3, 4, 0, 0, 0, 0])] * 8, rtol=1e-6)


def test_the_mean_over_parts_of_the_channels():
    x = np.random.default_rng(0).normal(size=(4, 3, 2, 6)).astype("float32")
    output = MinibatchStdDev(4, features=2)(x)
    deviation = np.sqrt(x.var(axis=0) + 1e-8)
    assert output.shape == (4, 3, 2, 8)
    for part, channels in ((6, slice(0, 3)), (7, slice(3, 6))):
        np.testing.assert_allclose(output[..., part], np.full((4, 3, 2), deviation[..., channels].mean()), rtol=1e-5)


@pytest.mark.parametrize("batch", [1, 3, 5, 6, 7, 9])
@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
def test_any_batch_size(batch, jit):
    """Example i is in group i modulo ceil(batch / 4)."""
    layer = MinibatchStdDev(4)
    x = np.random.default_rng(0).normal(size=(batch, 2, 2, 3)).astype("float32")
    call = tf.function(layer, jit_compile=jit, input_signature=[tf.TensorSpec((None, 2, 2, 3))])
    groups = -(-batch // 4)
    for example, output in enumerate(call(x)):
        expected = np.sqrt(x[example % groups :: groups].var(axis=0) + 1e-8).mean()
        np.testing.assert_allclose(output[..., 3], np.full((2, 2), expected), rtol=1e-5)


def test_an_empty_batch():
    assert MinibatchStdDev()(np.zeros((0, 2, 2, 3), "float32")).shape == (0, 2, 2, 4)


def test_errors():
    for size in (0, 2.5, "4"):
        with pytest.raises(ValueError, match="`group_size` must be an int >= 1, or None"):
            MinibatchStdDev(size)
    with pytest.raises(ValueError, match="`features` must be an int >= 1"):
        MinibatchStdDev(features=0)
    with pytest.raises(ValueError, match="must divide the number of channels"):
        MinibatchStdDev(features=2)(np.ones((2, 3)))
