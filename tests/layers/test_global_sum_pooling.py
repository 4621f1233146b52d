import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import GlobalSumPooling2D


def test_it_sums():
    np.testing.assert_array_equal(GlobalSumPooling2D()(tf.ones((2, 8, 8, 128))), np.full((2, 128), 64.0))


def test_in_half_precision_it_sums_in_single():
    x = np.full((1, 64, 64, 1), 1.0, "float32")  # bfloat16 counts to 256
    assert float(GlobalSumPooling2D(dtype="mixed_bfloat16")(x)[0, 0]) == 4096
    assert GlobalSumPooling2D(dtype="float32")(tf.cast(x, tf.bfloat16)).dtype == "float32"


def test_errors():
    with pytest.raises(ValueError, match=r"\(batch, height, width, channels\)"):
        GlobalSumPooling2D()(tf.ones((2, 3)))
