"""Latent arithmetic against values by hand."""

import numpy as np
import pytest

from keras_gans.evaluation.analyses.arithmetic import arithmetic
from keras_gans.evaluation.analyses.arithmetic import arithmetic_panel
from keras_gans.evaluation.analyses.arithmetic import attribute_vector
from keras_gans.evaluation.analyses.arithmetic import noise_panel
from keras_gans.evaluation.analyses.arithmetic import traverse
from tests.evaluation.fakes import Function

A, B, C = np.random.default_rng(0).normal(size=(3, 3, 4)).astype("float32")


def squares(latents, condition=0):
    return (np.reshape(latents, (-1, 2, 2, 1)) ** 2 + np.reshape(condition, (-1, 1, 1, 1))).astype("float32")


def test_means_of_three():
    np.testing.assert_allclose(arithmetic(A, B, C), A.mean(0) - B.mean(0) + C.mean(0), rtol=1e-5)
    np.testing.assert_allclose(arithmetic(A, A, C), C.mean(0), rtol=1e-5)
    np.testing.assert_allclose(arithmetic([[1, 2]], [[0, 1], [2, 1]], [[5, 5]]), [5, 6])


def test_noise():
    panel = noise_panel(A[0], seed=3)
    assert panel.shape == (9, 4)
    np.testing.assert_array_equal(panel[4], A[0])
    offsets = np.delete(panel, 4, axis=0) - A[0]
    assert (np.abs(offsets) > 0).all()
    assert 0.2 < np.abs(offsets).max() <= 0.25
    np.testing.assert_array_equal(panel, noise_panel(A[0], seed=3))
    assert not np.allclose(panel, noise_panel(A[0], seed=4))
    with pytest.raises(ValueError, match="must be odd"):
        noise_panel(A[0], count=8)


def test_panel_and_control():
    panel, control = arithmetic_panel(Function(squares), 0.3 * A, 0.3 * B, 0.3 * C, seed=1)
    result = 0.3 * arithmetic(A, B, C)
    np.testing.assert_allclose(panel, squares(noise_panel(result, seed=1)), rtol=1e-5)
    np.testing.assert_allclose(panel[4], squares(result)[0], rtol=1e-5)
    # In pixels it is another image.
    pixels = [squares(0.3 * part).mean(axis=0) for part in (A, B, C)]
    np.testing.assert_allclose(control, np.clip(pixels[0] - pixels[1] + pixels[2], -1, 1), rtol=1e-5)
    assert not np.allclose(control, panel[4], atol=1e-2)


def test_the_control_stays_an_image():
    _, control = arithmetic_panel(Function(squares), 5 * A, B, 5 * C, condition=[0])
    assert control.max() == 1.0


def test_attribute_vector():
    np.testing.assert_allclose(attribute_vector(A, B), A.mean(0) - B.mean(0), rtol=1e-5)
    others = [np.float32([1, 0, 0, 0]), np.float32([1, 1, 0, 0])]
    expected = A.mean(0) - B.mean(0)
    expected[:2] = 0
    np.testing.assert_allclose(attribute_vector(A, B, others), expected, atol=1e-6)


def test_what_goes_along_is_projected_out():
    """In the plane: (3, 1) less its projection (2, 2) on the diagonal is (1, -1)."""
    present, absent, diagonal = [[4.0, 2.0], [2.0, 0.0]], [[0.0, 0.0]], [[5.0, 5.0]]
    np.testing.assert_allclose(attribute_vector(present, absent), [3, 1])
    np.testing.assert_allclose(attribute_vector(present, absent, diagonal), [1, -1], atol=1e-6)
    np.testing.assert_allclose(attribute_vector(present, absent, [[0.0, 2.0]]), [3, 0], atol=1e-6)
    # Not one after the other: these two are not orthogonal to each other.
    space = attribute_vector([[1.0, 2.0, 3.0]], [[0.0, 0.0, 0.0]], [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    np.testing.assert_allclose(space, [0, 0, 3], atol=1e-6)
    # Two that are the same but for rounding are one direction, and leave the one between them alone.
    twins = [np.float32([1.0, 1e-8]), np.float32([1.0, 0.0])]
    np.testing.assert_allclose(attribute_vector(present, absent, twins), [0, 1], atol=1e-6)


@pytest.mark.parametrize("others", [[[0.0, 2.0], [1.0, 1.0]], [[-3.0, -1.0]], np.random.default_rng(0).normal(size=(9, 2))])
def test_an_attribute_that_the_others_explain_has_no_vector(others):
    """In the plane two others are enough, or its complement: what is left are rounding errors."""
    message = rf"{len(others)} others explain the vector: less than 1e-06 of its length.*Leave out"
    with pytest.raises(ValueError, match=message):
        attribute_vector([[4.0, 2.0], [2.0, 0.0]], [[0.0, 0.0]], others)
    same = [[1.0, 2.0]]  # an attribute that changes nothing has a vector of 0, whatever the others
    np.testing.assert_array_equal(attribute_vector(same, same, others), [0, 0])


def test_turning():
    left, right = np.zeros((4, 4)), np.tile([2.0, 0, 0, 0], (4, 1))
    images = traverse(Function(lambda z: z[:, None, None]), A[:2], attribute_vector(right, left), amounts=[-1, 0, 1])
    assert images.shape == (2, 3, 1, 1, 4)
    np.testing.assert_allclose(images[:, :, 0, 0] - A[:2, None], [[[-2, 0, 0, 0], [0] * 4, [2, 0, 0, 0]]] * 2, atol=1e-6)
    conditional = traverse(Function(squares), A[:2], A[0], condition=[1, 2])
    np.testing.assert_allclose(conditional[1, 4], squares(A[1:2], 2)[0], rtol=1e-5)


def test_errors():
    with pytest.raises(ValueError, match="`a` and `c` must be"):
        arithmetic(A, B, C[:, :2])
    with pytest.raises(ValueError, match="`present` and `absent` must be"):
        attribute_vector(A, B[:0])
    with pytest.raises(ValueError, match="`vector` must have the shape of a latent"):
        traverse(Function(squares), A, A)
