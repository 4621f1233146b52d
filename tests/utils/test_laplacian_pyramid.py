"""Section 3.5 of the facts: bands and images, there and back; and what Torch's `image.scale` computes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils import from_laplacian_pyramid
from keras_gans.utils import laplacian_pyramid
from keras_gans.utils.laplacian_pyramid import pyramid_down
from keras_gans.utils.laplacian_pyramid import pyramid_up

IMAGES = np.random.default_rng(0).uniform(-1, 1, (2, 28, 28, 3)).astype("float32")


def row(values):
    return np.asarray(values, "float32").reshape(1, 1, -1, 1).repeat(3, axis=1)


def test_downwards_the_average_of_the_area():
    np.testing.assert_allclose(pyramid_down(row([1, 3, 5, 9]), (3, 2))[0, 0, :, 0], [2, 7])
    np.testing.assert_allclose(pyramid_down(row([3, 6, 9]), (3, 2))[0, 0, :, 0], [4, 8])  # (3 + 6/2) / 1.5, (6/2 + 9) / 1.5
    np.testing.assert_allclose(pyramid_down(row([1, 2, 3, 4, 5]), (3, 3))[0, 1, :, 0], [1.4, 3, 4.6], rtol=1e-6)
    np.testing.assert_allclose(
        pyramid_down(IMAGES, (14, 14)), IMAGES.reshape(2, 14, 2, 14, 2, 3).mean((2, 4)), rtol=1e-5, atol=1e-6
    )


def test_upwards_linear_between_the_corners():
    np.testing.assert_allclose(pyramid_up(row([0, 3]), (3, 4))[0, 0, :, 0], [0, 1, 2, 3], atol=1e-6)
    np.testing.assert_allclose(pyramid_up(row([0, 2, 10]), (3, 5))[0, 2, :, 0], [0, 1, 2, 6, 10], atol=1e-6)
    np.testing.assert_allclose(pyramid_up(row([5]), (3, 3))[0, 0, :, 0], [5, 5, 5])
    small = np.arange(8, dtype="float32").reshape(1, 4, 2, 1)
    large = pyramid_up(small, (7, 3)).numpy()
    np.testing.assert_allclose(large[:, ::2, ::2], small, atol=1e-6)
    np.testing.assert_allclose(large[0, 1, 1, 0], small[0, :2].mean(), atol=1e-6)


def test_the_same_size_and_constants_stay():
    np.testing.assert_array_equal(pyramid_up(IMAGES, (28, 28)), IMAGES)
    np.testing.assert_array_equal(pyramid_down(IMAGES, (28, 28)), IMAGES)
    constant = np.full((1, 14, 14, 2), 0.3, "float32")
    for image in (pyramid_down(constant, (8, 5)), pyramid_up(constant, (28, 31))):
        np.testing.assert_allclose(image, 0.3, rtol=1e-6)


@pytest.mark.parametrize(
    ("levels", "sizes"), [(1, [28]), (3, [28, 14, 7]), ((14, 8), [28, 14, 8]), (((20, 9), (5, 9)), [28, (20, 9), (5, 9)])]
)
def test_there_and_back(levels, sizes):
    bands = laplacian_pyramid(IMAGES, levels)
    assert [tuple(band.shape[1:3]) for band in bands] == [size if isinstance(size, tuple) else (size, size) for size in sizes]
    np.testing.assert_allclose(from_laplacian_pyramid(bands), IMAGES, atol=5e-7)


def test_bands_are_what_is_lost_and_the_last_is_the_small_image():
    fine, middle, coarse = laplacian_pyramid(IMAGES, (14, 8))
    half = pyramid_down(IMAGES, (14, 14))
    np.testing.assert_array_equal(fine, IMAGES - pyramid_up(half, (28, 28)))
    np.testing.assert_array_equal(coarse, pyramid_down(half, (8, 8)))
    np.testing.assert_array_equal(middle, half - pyramid_up(coarse, (14, 14)))
    bands = laplacian_pyramid(np.full((1, 8, 8, 1), 0.7, "float32"), 3)
    np.testing.assert_allclose(bands[0], 0, atol=1e-6)
    np.testing.assert_allclose(bands[-1], 0.7, rtol=1e-6)
    # Without details there is only the enlarged small image.
    plain = from_laplacian_pyramid([0 * fine, 0 * middle, coarse])
    np.testing.assert_array_equal(plain, pyramid_up(pyramid_up(coarse, (14, 14)), (28, 28)))


@pytest.mark.slow
def test_in_a_graph_and_in_xla():
    def there_and_back(images):
        return from_laplacian_pyramid(laplacian_pyramid(images, (3, 2)))

    images = tf.constant(IMAGES[:, :5, :5])
    for compiled in (False, True):
        made = tf.function(there_and_back, jit_compile=compiled)(images)
        np.testing.assert_allclose(made, images, atol=5e-7)


def test_gradients_and_symbolic_images():
    images = tf.constant(IMAGES[:, :5, :5])
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(pyramid_down(images, (2, 3)))
    np.testing.assert_allclose(tape.gradient(total, images), np.full(images.shape, 6 / 25), rtol=1e-5)
    x = keras.Input((5, 5, 3))
    assert [band.shape[1] for band in laplacian_pyramid(x, 2)] == [5, 3]


def test_what_is_refused():
    for levels in (0, 7, (), 2.5, "2", (28,), (14, 14), (14, 20), ((14, 29),), ((14, 14, 3),), (0,)):
        with pytest.raises(ValueError, match="`levels` must be"):
            laplacian_pyramid(IMAGES, levels)
    for images in (IMAGES[0], keras.Input((None, None, 3)), IMAGES.astype("uint8")):
        with pytest.raises(ValueError, match=r"\(batch, height, width, channels\), floats of known sizes"):
            laplacian_pyramid(images, 2)
    for bands in ([], [IMAGES[0]], [IMAGES[:, :14, :14], IMAGES]):
        with pytest.raises(ValueError, match="`bands`"):
            from_laplacian_pyramid(bands)
