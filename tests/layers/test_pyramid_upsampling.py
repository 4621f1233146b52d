import numpy as np
import pytest

from keras_gans.layers import PyramidUpSampling2D
from keras_gans.utils import laplacian_pyramid

IMAGES = np.random.default_rng(0).uniform(-1, 1, (2, 14, 10, 3)).astype("float32")


def test_undoes_what_a_pyramid_takes_away():
    band, coarse = laplacian_pyramid(IMAGES, ((8, 5),))
    np.testing.assert_allclose(PyramidUpSampling2D((14, 10))(coarse) + band, IMAGES, atol=5e-7)


def test_values_and_sizes():
    row = np.array([0, 2, 10], "float32").reshape(1, 1, 3, 1)
    np.testing.assert_allclose(np.ravel(PyramidUpSampling2D((1, 5))(row)), [0, 1, 2, 6, 10], atol=1e-6)
    assert PyramidUpSampling2D(20).compute_output_shape((None, 14, 10, 3)) == (None, 20, 20, 3)
    np.testing.assert_array_equal(PyramidUpSampling2D([14, 10])(IMAGES), IMAGES)


def test_errors():
    for size in (0, (4,), (4, 2.5), "4", None):
        with pytest.raises(ValueError, match="`size` must be"):
            PyramidUpSampling2D(size)
    for shape in ((None, 14, 10), (None, None, 10, 3), (None, 14, 21, 3)):
        with pytest.raises(ValueError, match="known size that is not larger"):
            PyramidUpSampling2D(20).build(shape)
