"""The sliced Wasserstein distance against the figures of TF-GAN's tests, and its parts by hand."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics.functions.patches import projected_distances
from keras_gans.metrics.functions.pyramid import binomial_down
from keras_gans.metrics.functions.pyramid import binomial_pyramid
from keras_gans.tfgan import sliced_wasserstein_distance
from keras_gans.tfgan.sliced_wasserstein_distance import draw_patches
from keras_gans.tfgan.sliced_wasserstein_distance import normalized


@pytest.mark.slow
@pytest.mark.parametrize(
    ("use_svd", "floor", "distance"), [(False, [0.014, 0.014], [0.014, 0.020]), (True, [0.013, 0.013], [0.014, 0.019])]
)
def test_figures_of_tfgan(use_svd, floor, distance):
    real, fake = tf.random.uniform((256, 32, 32, 3)), tf.random.normal((256, 32, 32, 3))
    scores = sliced_wasserstein_distance(real, fake, use_svd=use_svd)
    assert [len(pair) for pair in scores] == [2, 2]
    assert scores[0][0].dtype == tf.float32
    np.testing.assert_allclose(np.float32(scores), np.transpose([floor, distance]), rtol=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("use_svd", [False, True])
def test_in_a_function(use_svd):
    function = tf.function(lambda real, fake: sliced_wasserstein_distance(real, fake, patches_per_image=8, use_svd=use_svd))
    real = tf.random.normal((64, 16, 16, 3))
    ((floor, distance),) = function(real, tf.nn.avg_pool2d(real, 7, 1, "SAME"))
    assert float(distance) > 1.5 * float(floor)
    assert float(function(real, real)[0][0]) != float(floor)  # other patches


@pytest.mark.slow
def test_more_sets_of_directions_are_less_random():
    real, fake = tf.random.normal((8, 16, 16, 3)), tf.random.uniform((8, 16, 16, 3))

    def spread(sets):
        arguments = {"patches_per_image": 16, "random_projection_dim": 1, "random_sampling_count": sets}
        function = tf.function(lambda: sliced_wasserstein_distance(real, fake, **arguments)[0][1])
        return np.std([float(function()) for _ in range(20)])

    assert spread(16) < 0.6 * spread(1)


def test_pyramid():
    x = tf.reshape(tf.range(16.0), (1, 4, 4, 1))
    np.testing.assert_allclose(binomial_down(x)[0, ..., 0], [[3.75, 4.875], [8.25, 9.375]], rtol=1e-6)
    fine, coarse = binomial_pyramid(x, 2)
    np.testing.assert_allclose(fine[0, 0, :, 0], [-5.15625, -4.4375, -3.859375, -3.0], rtol=1e-6)
    np.testing.assert_allclose(fine[0, 3, :, 0], [3.46875, 4.1875, 4.765625, 5.625], rtol=1e-6)
    np.testing.assert_allclose(coarse, binomial_down(x))


def test_channels_are_smoothed_apart():
    x = tf.random.normal((2, 8, 8, 3))
    for channel in range(3):
        np.testing.assert_allclose(
            binomial_down(x)[..., channel, None], binomial_down(x[..., channel, None]), rtol=1e-5, atol=1e-6
        )


def test_patches_are_of_their_image():
    count, size = 3, 6
    x = tf.reshape(tf.range(count * size * size * 3), (count, size, size, 3))
    patches = draw_patches(x, 50, 3).numpy().reshape(count, 50, 3, 3, 3)
    first = patches[:, :, :1, :1, :1]
    offsets = np.arange(3)[:, None, None] * size * 3 + np.arange(3)[:, None] * 3 + np.arange(3)
    np.testing.assert_array_equal(patches, first + offsets)
    image, place = np.divmod(first[..., 0, 0, 0], size * size * 3)
    np.testing.assert_array_equal(image, [[0] * 50, [1] * 50, [2] * 50])
    row, column = np.divmod(place // 3, size)
    # TF-GAN's draws leave out the last row and column of centers.
    assert (set(row.flat), set(column.flat)) == ({0, 1, 2, 3}, {0, 1, 2, 3})


def test_patches_are_normalized_one_by_one():
    patches = normalized(tf.constant([[1.0, 3.0], [10.0, 10.0], [0.0, -20.0]]))
    np.testing.assert_allclose(patches, [[-1, 1], [0, 0], [1, -1]], atol=1e-6)


def test_projected_distance():
    a = np.array([[0, 0], [1, 2], [3, 1], [2, 2]], float)
    b = np.array([[1, 1], [0, 3], [4, 0], [2, 5]], float)
    directions = np.array([[1, 0], [0, 1], [0.6, 0.8]]).T
    np.testing.assert_allclose(projected_distances(*map(tf.constant, (a, b, directions))), [0.25, 1.0, 1.05], rtol=1e-9)


def test_levels():
    images = tf.random.uniform((2, 4, 50, 50, 3))
    assert len(sliced_wasserstein_distance(*images)) == 2  # 50, 25: as many as of 32
    assert len(sliced_wasserstein_distance(*images, resolution_min=64)) == 1
    assert len(sliced_wasserstein_distance(*images, resolution_min=8)) == 3


@pytest.mark.parametrize(
    ("real", "fake", "arguments", "message"),
    [
        ((4, 32, 32, 3), (4, 32, 31, 3), {}, "must have equal shapes"),
        ((4, 32, 32, 3), (4, 31, 32, 3), {}, "must have equal shapes"),
        ((4, 32, 32, 3), (3, 32, 32, 3), {}, "must have equal shapes"),
        ((4, 32, 32, 1), (4, 32, 32, 1), {}, r"square images \(n, size, size, 3\)"),
        ((4, 32, 16, 3), (4, 32, 16, 3), {}, r"square images \(n, size, size, 3\)"),
        ((4, 32, 32), (4, 32, 32), {}, r"square images \(n, size, size, 3\)"),
        ((4, 32, 32, 3), (4, 32, 32, 3), {"resolution_min": 4}, "patch_size=7 does not fit .* of size 4"),
    ],
)
def test_errors(real, fake, arguments, message):
    with pytest.raises(ValueError, match=message):
        sliced_wasserstein_distance(tf.zeros(real), tf.zeros(fake), **arguments)
