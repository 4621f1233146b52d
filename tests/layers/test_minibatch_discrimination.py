import numpy as np
import pytest

from keras_gans.layers import MinibatchDiscrimination

M = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]], "float32")


def identity(**arguments):
    """The layer with T = I, so that M is its input."""
    layer = MinibatchDiscrimination(1, 2, **arguments)
    layer.build((None, 2))
    layer.kernel.assign(np.eye(2))
    return layer


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [1.417667, 1.503215, 1.185122]),
        ({"include_self": False}, [0.417667, 0.503215, 0.185122]),
        ({"include_self": False, "use_bias": True}, [-0.582333, -0.496785, -0.814878]),
    ],
    ids=["paper", "without self", "code"],
)
def test_the_numbers(arguments, expected):
    output = identity(**arguments)(M)
    np.testing.assert_array_equal(output[:, :2], M)
    np.testing.assert_allclose(output[:, 2], expected, atol=1e-6)


@pytest.mark.parametrize(("include_self", "expected"), [(True, 5.0), (False, 4.0)])
def test_identical_examples(include_self, expected):
    layer = MinibatchDiscrimination(7, 3, include_self=include_self)
    np.testing.assert_allclose(layer(np.ones((5, 4), "float32"))[:, 4:], np.full((5, 7), expected), atol=1e-6)


def test_each_kernel_has_its_own_dimensions():
    layer = MinibatchDiscrimination(2, 2)
    layer.build((None, 2))
    layer.kernel.assign([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    output = layer(M).numpy()
    np.testing.assert_allclose(output[:, 2], [1.417667, 1.503215, 1.185122], atol=1e-6)
    np.testing.assert_allclose(output[:, 3], [3.0, 3.0, 3.0])


def test_shapes_and_parameters():
    layer = MinibatchDiscrimination(use_bias=True)
    assert layer(np.ones((2, 6), "float32")).shape == layer.compute_output_shape((2, 6)) == (2, 106)
    assert [tuple(weight.shape) for weight in layer.weights] == [(6, 500), (100,)]


def test_errors():
    with pytest.raises(ValueError, match="must be an int >= 1"):
        MinibatchDiscrimination(0)
    with pytest.raises(ValueError, match="must be an int >= 1"):
        MinibatchDiscrimination(3, kernel_size=0)
    with pytest.raises(ValueError, match="Flatten or pool"):
        MinibatchDiscrimination()(np.ones((2, 4, 4, 3)))
