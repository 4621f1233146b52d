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


@pytest.mark.parametrize(
    "image_range", [(1, -1), (0, 0), 255, (np.nan, 1), (0, np.inf), ("0", "1"), "01", (0, 1, 2), {0: 1, 1: 2}]
)
def test_a_range_is_a_pair_of_increasing_numbers(tmp_path, image_range):
    images = np.zeros((2, 3, 3, 1))
    for call in (
        lambda: utils.to_uint8(images, image_range),
        lambda: utils.to_uint8(images.astype("uint8"), image_range),
        lambda: utils.image_grid(images, image_range=image_range),
        lambda: utils.save_images(tmp_path / "grid.png", images, image_range=image_range),
        lambda: utils.save_video(tmp_path / "video.gif", images, image_range=image_range),
    ):
        with pytest.raises(ValueError, match="`image_range"):
            call()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"columns": "3"}, "`columns` must be an int >= 1"),
        ({"columns": -2}, "`columns` must be an int >= 1"),
        ({"columns": 2.0}, "`columns` must be an int >= 1"),
        ({"columns": 0}, "`columns` must be an int >= 1"),
        ({"rows": 0}, "`rows` must be an int >= 1"),
        ({"padding": 1.5}, "`padding` must be an int >= 0"),
        ({"padding": -1}, "`padding` must be an int >= 0"),
    ],
)
def test_a_grid_is_of_whole_numbers(tmp_path, arguments, message):
    for call in (utils.image_grid, lambda *args, **kwargs: utils.save_images(tmp_path / "grid.png", *args, **kwargs)):
        with pytest.raises(ValueError, match=message):
            call(np.zeros((4, 3, 3, 1)), **arguments)


def test_columns_of_videos_are_a_whole_number(tmp_path):
    with pytest.raises(ValueError, match="`columns` must be an int >= 1. Received: columns=0"):
        utils.save_video(tmp_path / "video.gif", np.zeros((2, 3, 4, 4, 1)), columns=0)


@pytest.mark.parametrize(
    "images, message",
    [
        ("a.png", "array of real numbers. Received: 'a.png'"),
        (np.zeros((2, 3, 3, 1), "complex64"), "array of real numbers. Received: ndarray, dtype complex64"),
        ([np.zeros((3, 3, 1)), np.zeros((4, 3, 1))], "a list of several sizes"),
        (None, "array of real numbers. Received: NoneType"),
    ],
)
def test_what_is_not_images(tmp_path, images, message):
    for call in (
        lambda: utils.to_uint8(images),
        lambda: utils.image_grid(images),
        lambda: utils.save_images(tmp_path / "grid.png", images),
        lambda: utils.save_video(tmp_path / "video.gif", images),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_no_images():
    with pytest.raises(ValueError, match=r"Expected images of shape .* Received: shape=\(0, 4, 4, 1\)"):
        utils.image_grid(np.zeros((0, 4, 4, 1)))


def test_masks_are_black_and_white():
    np.testing.assert_array_equal(utils.to_uint8([[[True, False]]]), [[[255, 0]]])


@pytest.mark.parametrize("name", ["a.jgp", "a"])
def test_the_ending_of_a_picture_is_checked(tmp_path, name):
    with pytest.raises(ValueError, match=rf"must have an image ending, such as .png or .jpg. Received: '.*{name}'"):
        utils.save_images(tmp_path / "new" / name, np.zeros((1, 3, 3, 1)))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("write", [utils.save_images, utils.save_video])
def test_the_path_comes_first(write):
    with pytest.raises(ValueError, match="`filepath` must be a path, a string. Received: .* ndarray. It comes before the images"):
        write(np.zeros((2, 3, 3, 1)), "a.gif")
