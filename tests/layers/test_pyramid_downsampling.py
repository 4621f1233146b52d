import numpy as np
import pytest

from keras_gans.layers import PyramidDownSampling2D
from keras_gans.utils import laplacian_pyramid

IMAGES = np.random.default_rng(0).normal(size=(2, 14, 10, 3)).astype("float32")


def test_makes_what_a_pyramid_makes():
    np.testing.assert_allclose(PyramidDownSampling2D((8, 5))(IMAGES), laplacian_pyramid(IMAGES, ((8, 5),))[1], atol=1e-6)
    row = np.reshape([3.0, 6, 9], (1, 1, 3, 1)).astype("float32")
    np.testing.assert_allclose(np.ravel(PyramidDownSampling2D((1, 2))(row)), [4, 8], atol=1e-6)  # (3 + 6/2) / 1.5
    assert PyramidDownSampling2D(7).compute_output_shape((None, 14, 10, 3)) == (None, 7, 7, 3)
    np.testing.assert_array_equal(PyramidDownSampling2D([14, 10])(IMAGES), IMAGES)


def test_refuses():
    for size in (0, 2.5, (4, 4, 4), "8"):
        with pytest.raises(ValueError, match="`size` must be an int"):
            PyramidDownSampling2D(size)
    for shape in ((None, 6, 10, 3), (None, None, 10, 3), (None, 14, 3)):
        with pytest.raises(ValueError, match="of a known size that is not smaller"):
            PyramidDownSampling2D(8).build(shape)
