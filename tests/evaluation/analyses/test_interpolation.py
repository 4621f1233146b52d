"""Interpolation against values by hand."""

import numpy as np
import pytest

from keras_gans.evaluation.analyses.interpolation import interpolate
from keras_gans.evaluation.analyses.interpolation import lerp
from keras_gans.evaluation.analyses.interpolation import slerp
from tests.evaluation.fakes import Function


@pytest.mark.parametrize(
    ("start", "end", "t", "expected"),
    [
        ([1, 0], [0, 1], 0.25, [0.9238795325, 0.3826834324]),
        ([1, 0], [0, 1], 0.5, [0.7071067812, 0.7071067812]),
        ([2, 0], [0, 1], 0.5, [1.4142135624, 0.7071067812]),
        (np.divide([1, 2, 2], 3), np.divide([2, -1, 0], 5**0.5), 0.5, [0.8681577924, 0.1551767548, 0.4714045208]),
        ([1, 0], [3, 0], 0.5, [2, 0]),  # parallel
        ([1, 0], [-1, 0], 0.25, [0.5, 0]),  # opposite
        ([0, 0], [0, 4], 0.25, [0, 2.8284271247 * np.sin(np.pi / 8) / np.sin(np.pi / 4)]),  # no direction: taken as orthogonal
    ],
)
def test_slerp(start, end, t, expected):
    np.testing.assert_allclose(slerp(start, end, t), expected, atol=1e-10)


def test_lerp():
    np.testing.assert_allclose(lerp([0.0, 2.0], [4.0, 0.0], 0.25), [1.0, 1.5])


@pytest.mark.parametrize("method", [lerp, slerp])
def test_batches_and_ends(method):
    a, b = np.random.default_rng(0).normal(size=(2, 5, 2, 3)).astype("float32")
    np.testing.assert_allclose(method(a, b, 0.0), a, atol=1e-7)
    np.testing.assert_allclose(method(a, b, 1.0), b, atol=1e-7)
    t = np.linspace(0, 1, 5)
    rows = np.stack([method(x.ravel(), y.ravel(), s).reshape(2, 3) for x, y, s in zip(a, b, t, strict=True)])
    batch = method(a, b, t)
    assert batch.dtype == np.float32
    np.testing.assert_allclose(batch, rows, atol=1e-6)


def test_norms_in_the_middle():
    a, b = np.random.default_rng(0).normal(size=(2, 4000, 100))
    assert np.linalg.norm(lerp(a, b, 0.5), axis=1).mean() == pytest.approx(7.06, abs=0.03)
    assert np.linalg.norm(slerp(a, b, 0.5), axis=1).mean() == pytest.approx(9.99, abs=0.03)


def test_slerp_leaves_the_cube():
    a, b = np.random.default_rng(0).uniform(-1, 1, (2, 500, 100))
    assert (np.abs(slerp(a, b, 0.5)).max(axis=1) > 1).all()
    assert np.abs(lerp(a, b, 0.5)).max() <= 1


def image(latents, condition=0):
    return np.reshape(np.sum(latents, axis=1) + condition, (-1, 1, 1, 1))


def test_images_of_paths():
    start, end = np.float32([[0, 0], [1, 0]]), np.float32([[1, 1], [0, 1]])
    images = interpolate(Function(image), start, end, steps=3, method="lerp")
    assert images.shape == (2, 3, 1, 1, 1)
    np.testing.assert_allclose(images[..., 0, 0, 0], [[0, 1, 2], [1, 1, 1]])
    arc = interpolate(Function(image), start[1:], end[1:], steps=3)
    np.testing.assert_allclose(arc.ravel(), [1, 2**0.5, 1], rtol=1e-6)
    conditional = interpolate(Function(image), start, end, 3, "lerp", condition=[10, 20])
    np.testing.assert_allclose(conditional[..., 0, 0, 0], [[10, 11, 12], [21, 21, 21]])


def test_paths_between_classes():
    start, weights = np.float32([[0, 0], [1, 0]]), np.eye(3)[[0, 2]]
    value = Function(lambda latents, condition: image(latents) + image(condition * [1.0, 10.0, 100.0]))
    images = interpolate(value, start, start, 3, "lerp", condition=weights, end_condition=np.eye(3)[[1, 1]])
    np.testing.assert_allclose(images[..., 0, 0, 0], [[1, 5.5, 10], [101, 56, 11]])
    both = interpolate(value, start, start + 1, 3, "lerp", condition=weights, end_condition=np.eye(3)[[1, 1]])
    np.testing.assert_allclose(both[..., 0, 0, 0], [[1, 6.5, 12], [101, 57, 13]])
    for wrong in (None, [0, 2], weights[:1], np.eye(3, dtype=int)[[0, 2]]):
        with pytest.raises(ValueError, match=r"floats \(2, classes\).*np.eye\(classes\)\[labels\]"):
            interpolate(value, start, start, 3, condition=wrong, end_condition=weights)


def test_errors():
    with pytest.raises(ValueError, match=r"one shape.*\(2,\) and \(3,\)"):
        lerp([1, 2], [1, 2, 3], 0.5)
    with pytest.raises(ValueError, match="`t` must be a float, or 2"):
        slerp(np.eye(2), np.eye(2), [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="`method` must be one of"):
        interpolate(Function(image), np.eye(2), np.eye(2), method="spline")
    with pytest.raises(ValueError, match="`steps` must be an int >= 2"):
        interpolate(Function(image), np.eye(2), np.eye(2), steps=1)
    with pytest.raises(ValueError, match="Expected 2 conditions"):
        interpolate(Function(image), np.eye(2), np.eye(2), condition=[1, 2, 3])


@pytest.mark.parametrize("function", [lerp, slerp])
def test_latents_that_are_not_numbers(function):
    for arguments, name in (
        (([1, np.nan], [1, 2], 0.5), "start"),
        (([1, 2], [1, np.inf], 0.5), "end"),
        (([1, 2], [1, 2], np.nan), "t"),
    ):
        with pytest.raises(ValueError, match=f"`{name}` must be finite"):
            function(*arguments)
