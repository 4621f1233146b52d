"""Images laid out as one."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics import tfgan

IMAGES = np.random.default_rng(0).uniform(size=(6, 4, 5, 3)).astype("float32")
EXPECTED = np.concatenate([np.concatenate(IMAGES[:3], 1), np.concatenate(IMAGES[3:], 1)], 0)


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("images", [IMAGES, IMAGES.reshape(6, -1)])
def test_image_grid(images, graph):
    def grid(x):
        return tfgan.image_grid(x, (2, 3), image_shape=(4, 5))

    np.testing.assert_array_equal((tf.function(grid) if graph else grid)(tf.constant(images)), EXPECTED[None])


def test_image_grid_of_one_channel():
    grid = tfgan.image_grid(IMAGES[..., :1], [6, 1], image_shape=[4, 5], num_channels=1)
    np.testing.assert_array_equal(grid, IMAGES[..., :1].reshape(1, 24, 5, 1))


def test_python_image_grid():
    np.testing.assert_array_equal(tfgan.python_image_grid(IMAGES, (2, 3)), EXPECTED)


@pytest.mark.parametrize("images", [tf.constant(IMAGES[:5]), list(IMAGES[:5])])
def test_image_reshaper(images):
    grid = tfgan.image_reshaper(images)
    assert grid.shape == (1, 8, 15, 3)
    np.testing.assert_array_equal(grid[0, :, :10], EXPECTED[:, :10])
    assert not np.any(grid[0, 4:, 10:])
    assert tfgan.image_reshaper(images, num_cols=5).shape == (1, 4, 25, 3)


def test_errors():
    with pytest.raises(ValueError, match="6 images do not fill a grid of 2 x 2"):
        tfgan.image_grid(IMAGES, (2, 2), (4, 5))
    with pytest.raises(ValueError, match=r"Expected images \(n, 32, 32, 3\), or flat ones"):
        tfgan.image_grid(IMAGES, (2, 3))
    with pytest.raises(ValueError, match="Expected images"):
        tfgan.image_grid(IMAGES.reshape(6, 4, 15), (2, 3), (4, 5))
    with pytest.raises(ValueError, match="6 images do not fill"):
        tfgan.python_image_grid(IMAGES, (2, 2))
    with pytest.raises(ValueError, match=r"Expected images \(n, height, width, channels\)"):
        tfgan.python_image_grid(IMAGES[0], (2, 2))
    with pytest.raises(ValueError, match="1 or 3 channels"):
        tfgan.image_reshaper(IMAGES[..., :2])
    with pytest.raises(ValueError, match="at least one image"):
        tfgan.image_reshaper([])
