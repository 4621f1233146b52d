import numpy as np
import pytest
import tensorflow as tf

from keras_gans.layers import Bias


@pytest.mark.parametrize("shape", [(2, 3), (2, 4, 4, 3)])
def test_each_channel_gets_its_number(shape):
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    layer = Bias()
    np.testing.assert_array_equal(layer(x), x)
    layer.bias.assign([1.0, -2.0, 0.5])
    with tf.GradientTape() as tape:
        output = layer(x)
    np.testing.assert_array_equal(output, x + np.array([1.0, -2.0, 0.5], "float32"))
    np.testing.assert_array_equal(tape.gradient(output, layer.bias.value), [x.size / 3] * 3)


def test_errors():
    with pytest.raises(ValueError, match="a known number of channels"):
        Bias().build((2, None))
