"""Resampling against its parts done one after the other in NumPy and SciPy, in float64."""

import numpy as np
import pytest
import scipy.ndimage
import tensorflow as tf

from keras_gans.layers.affine_resampling import copy_pixels
from keras_gans.layers.affine_resampling import resample
from keras_gans.utils.symlets import SYMLET_6

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (2, 12, 9, 3)).astype("float32")


def affine(xx=1.0, xy=0.0, x=0.0, yx=0.0, yy=1.0, y=0.0, count=2):
    return np.tile(np.array([[xx, xy, x], [yx, yy, y], [0, 0, 1]], "float32"), (count, 1, 1))


def turn(degrees, zoom=1.0, **moved):
    sine, cosine = zoom * np.sin(np.radians(degrees)), zoom * np.cos(np.radians(degrees))
    return affine(cosine, -sine, yx=sine, yy=cosine, **moved)


def along(axis, x, function):
    return np.apply_along_axis(function, axis, x)


def by_hand(image, matrix):
    """One image `(height, width)`, padded by all that a mirror shows, enlarged, moved, filtered and reduced."""
    sizes = image.shape
    padding = [size - 1 for size in sizes]
    large = np.pad(image.astype("float64"), [(pad, pad) for pad in padding], mode="reflect")
    for axis in (0, 1):
        spread = np.repeat(large, 2, axis=axis) * np.expand_dims(np.arange(2 * large.shape[axis]) % 2 == 0, 1 - axis)
        large = along(axis, spread, lambda row: np.convolve(row, 2**0.5 * SYMLET_6)[5 : 5 + len(row)])
    # At twice the size, each pixel lies on an even position.
    grids = np.meshgrid(*(np.arange(-10, 2 * size + 10) / 2 - (size - 1) / 2 for size in sizes), indexing="ij")
    y, x = (row[0] * grids[1] + row[1] * grids[0] + row[2] for row in (matrix[1], matrix[0]))
    positions = [2 * (p + (size - 1) / 2 + pad) for p, size, pad in zip((y, x), sizes, padding, strict=True)]
    moved = scipy.ndimage.map_coordinates(large, positions, order=1, mode="constant")
    for axis in (0, 1):
        moved = along(axis, moved, lambda row: np.correlate(row, SYMLET_6 / 2**0.5)[5 : 5 + len(row) - 20 : 2])
    return moved


def whole(images, transforms):
    return np.stack(
        [
            np.stack([by_hand(image[..., c], matrix) for c in range(image.shape[-1])], -1)
            for image, matrix in zip(images, transforms, strict=True)
        ]
    )


@pytest.mark.parametrize(
    "transforms",
    [affine(), turn(5, 0.6), turn(-20, 0.5, x=0.3, y=-0.7), affine(0.5, 0.1, 0.2, -0.1, 0.7, 0.4)],
    ids=["as it is", "turned", "turned and moved", "any"],
)
def test_inside_the_image(transforms):
    np.testing.assert_allclose(resample(tf.constant(IMAGES), transforms), whole(IMAGES, transforms), atol=1e-5)


@pytest.mark.parametrize(
    "transforms",
    [turn(40, 1.2), affine(x=2.6, y=-3.3), turn(130, 0.9, x=-2.5)],
    ids=["turned", "moved", "turned and moved"],
)
def test_beyond_its_edges_a_smooth_image_is_mirrored(transforms):
    y, x = np.meshgrid(np.arange(12) - 5.5, np.arange(9) - 4.0, indexing="ij")
    images = np.stack([np.cos(0.3 * y + 0.2 * x), np.sin(0.2 * y - 0.3 * x)])[..., None].astype("float32")
    moved = resample(tf.constant(images), transforms).numpy()
    np.testing.assert_allclose(moved, whole(images, transforms), atol=0.05)
    assert np.abs(moved - images).max() > 0.3


def test_an_image_that_does_not_move_stays():
    np.testing.assert_allclose(resample(tf.constant(IMAGES), affine()), IMAGES, atol=1e-6)


def test_whole_pixels_are_copied():
    moved = copy_pixels(tf.constant(IMAGES), affine(x=2, y=-3)).numpy()  # two to the left, three down
    np.testing.assert_array_equal(moved[:, 3:, :-2], IMAGES[:, :-3, 2:])
    np.testing.assert_array_equal(moved[:, 2, :-2], IMAGES[:, 1, 2:])  # a mirror
    np.testing.assert_array_equal(moved[:, 3:, -1], IMAGES[:, :-3, -3])
    filtered = resample(tf.constant(IMAGES), affine(x=2, y=-3)).numpy()
    np.testing.assert_allclose(filtered[:, 6:, :-5], moved[:, 6:, :-5], atol=1e-5)


def test_a_mirror_between_mirrors():
    row = np.arange(4, dtype="float32").reshape(1, 1, 4, 1) * np.ones((1, 2, 1, 1), "float32")
    shown = [copy_pixels(tf.constant(row), affine(x=shift, count=1)).numpy()[0, 0, :, 0] for shift in range(-9, 10)]
    waves = np.array([0, 1, 2, 3, 2, 1] * 10)
    np.testing.assert_array_equal(shown, [waves[30 + shift : 34 + shift] for shift in range(-9, 10)])


def test_flips_and_quarter_turns():
    np.testing.assert_array_equal(copy_pixels(tf.constant(IMAGES), affine(xx=-1)), IMAGES[:, :, ::-1])
    squares = IMAGES[:, :9]
    for quarters in range(4):
        turned = copy_pixels(tf.constant(squares), turn(90 * quarters)).numpy()
        np.testing.assert_array_equal(turned, np.rot90(squares, quarters, axes=(1, 2)))


def test_a_quarter_turn_between_pixels_takes_each_once():
    image = np.arange(8 * 5, dtype="float32").reshape(1, 8, 5, 1)
    turned = copy_pixels(tf.constant(image), turn(90, count=1)).numpy()[0, :, :, 0]
    assert all(len(set(row)) == 5 for row in turned)
    assert len(set(turned[1:6].ravel())) == 25


@pytest.mark.slow
@pytest.mark.parametrize("function", [resample, copy_pixels], ids=lambda function: function.__name__)
@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "xla"])
def test_derivatives(function, compiled):
    """What is linear is a matrix F: the gradient of |F x|^2 / 2 is F'F x, that of the gradient's square F'F F'F x times 2."""
    transforms = tf.constant(turn(33, 1.1, x=0.4, y=1.3, count=1))
    basis = tf.reshape(tf.eye(30), (30, 6, 5, 1))
    matrix = np.reshape(function(basis, tf.repeat(transforms, 30, axis=0)), (30, 30)).T.astype("float64")
    x = RANDOM.normal(size=(1, 6, 5, 1)).astype("float32")

    def gradients(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                value = 0.5 * tf.reduce_sum(function(x, transforms) ** 2)
            first = tape.gradient(value, x)
            norm = tf.reduce_sum(first**2)
        return value, first, outer.gradient(norm, x)

    value, first, second = (tf.function(gradients, jit_compile=True) if compiled else gradients)(tf.constant(x))
    square = matrix.T @ matrix
    assert float(value) == pytest.approx(0.5 * x.ravel() @ square @ x.ravel(), rel=1e-4)
    np.testing.assert_allclose(np.ravel(first), square @ x.ravel(), atol=1e-4)
    np.testing.assert_allclose(np.ravel(second), 2 * square @ square @ x.ravel(), atol=1e-3)
