import numpy as np
import pytest

from keras_gans.layers import PixelShuffle


def test_channels_go_to_rows_then_columns():
    x = np.arange(2 * 2 * 3 * 8, dtype="float32").reshape(2, 2, 3, 8)
    y = PixelShuffle(2)(x).numpy()
    assert y.shape == (2, 4, 6, 2)
    for i in range(2):
        for j in range(2):
            np.testing.assert_array_equal(y[:, i::2, j::2], x[..., 2 * (2 * i + j) : 2 * (2 * i + j) + 2])


def test_pytorchs_order_is_another():
    """PyTorch's channel (c, i, j) is here (i, j, c): what its convolution gives must be permuted so."""
    x = np.arange(8, dtype="float32").reshape(1, 1, 1, 8)  # C = 2, scale 2
    pytorch = np.stack([x.reshape(2, 2, 2)[c] for c in range(2)], axis=-1)
    assert not np.array_equal(PixelShuffle(2)(x)[0], pytorch)
    order = np.arange(8).reshape(2, 2, 2).transpose(1, 2, 0).ravel()
    np.testing.assert_array_equal(PixelShuffle(2)(x[..., order])[0], pytorch)


def test_sizes_may_be_unknown_and_scale_one_is_the_identity():
    assert PixelShuffle(3).compute_output_shape((None, None, 5, 18)) == (None, None, 15, 2)
    x = np.ones((1, 2, 2, 5), "float32")
    np.testing.assert_array_equal(PixelShuffle(1)(x), x)


def test_errors():
    with pytest.raises(ValueError, match="`scale` must be an int >= 1"):
        PixelShuffle(0)
    with pytest.raises(ValueError, match="channels a multiple of 4"):
        PixelShuffle(2)(np.ones((1, 2, 2, 6)))
