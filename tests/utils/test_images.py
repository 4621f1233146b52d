"""uint8, grids, files."""

import numpy as np
import pytest
from PIL import Image

from keras_gans import utils


def test_to_uint8_inverts_the_scaling_exactly():
    every = np.arange(256, dtype="uint8")
    np.testing.assert_array_equal(utils.to_uint8(every / 127.5 - 1), every)
    np.testing.assert_array_equal(utils.to_uint8((every / 127.5 - 1).astype("float32")), every)
    np.testing.assert_array_equal(utils.to_uint8([-3.0, 3.0]), [0, 255])
    assert utils.to_uint8(every) is every


def test_grid():
    images = np.arange(5, dtype="uint8")[:, None, None, None] * np.ones((1, 2, 3, 3), "uint8")
    grid = utils.image_grid(images, columns=2, padding=1)
    assert grid.shape == (3 * 3 - 1, 2 * 4 - 1, 3)
    assert (grid[3:5, 4:7] == 3).all()  # row 1, column 1
    assert (grid[6:8, 4:7] == 255).all()  # nobody is there
    assert utils.image_grid(images).shape == (2 * 4 - 2, 3 * 5 - 2, 3)


def test_save(tmp_path):
    utils.save_images(tmp_path / "new" / "grey.png", -np.ones((4, 3, 3, 1)), rows=2)
    utils.save_images(tmp_path / "new" / "color.png", np.zeros((1, 3, 3, 3)))
    assert np.asarray(Image.open(tmp_path / "new" / "grey.png")).shape == (8, 8)
    assert np.asarray(Image.open(tmp_path / "new" / "color.png")).shape == (3, 3, 3)


@pytest.mark.parametrize("shape", [(3, 3, 1), (2, 3, 3, 2), (2, 9)])
def test_bad_shapes(shape):
    with pytest.raises(ValueError, match="Expected images of shape"):
        utils.image_grid(np.zeros(shape))


def test_too_many():
    with pytest.raises(ValueError, match="5 images do not fit into a grid of 2 x 2"):
        utils.image_grid(np.zeros((5, 2, 2, 1)), rows=2, columns=2)


def test_floats_of_256_values_are_asked_for_their_range(tmp_path):
    pixels = np.array([0.0, 100.0, 255.0, 7.0]).reshape(1, 2, 2, 1)
    for call in (
        lambda: utils.to_uint8(pixels),
        lambda: utils.save_images(tmp_path / "grid.png", pixels),
        lambda: utils.save_video(tmp_path / "video.gif", pixels),
    ):
        with pytest.raises(ValueError, match=r"floats in \[-1, 1\]. Received: floats from 0 to 255. Pass image_range=\(0, 255\)"):
            call()
    np.testing.assert_array_equal(utils.to_uint8(pixels, (0, 255)), pixels)
    np.testing.assert_array_equal(utils.to_uint8(pixels, (-1, 1)).ravel(), [128, 255, 255, 255])
