"""Perceptual path lengths that have a closed form."""

import numpy as np
import pytest

import keras_gans
from keras_gans.evaluation.analyses.path_length import perceptual_path_length
from keras_gans.features import FeatureExtractor
from tests import tiny
from tests.evaluation.fakes import Function
from tests.evaluation.fakes import Mean

MATRIX = np.float64([[1, 2], [0, 1]])


def linear(latents):
    return (latents @ MATRIX.T.astype(latents.dtype)).reshape(-1, 1, 1, 2)


def identity(latents):
    return latents.reshape(-1, 1, 1, latents.shape[1])


@pytest.mark.parametrize("epsilon", [1e-4, 1e-3, 1e-2, 0.1])
def test_a_linear_generator_has_the_same_length_for_every_epsilon(epsilon):
    found = perceptual_path_length(Function(linear), np.zeros((300, 2)), np.ones((300, 2)), epsilon, method="lerp")
    assert found.mean == pytest.approx(10.0, rel=1e-3)
    assert found.lengths.shape == (300,)
    assert found.standard_deviation < 0.05


def test_on_the_circle():
    start, end = np.tile([1.0, 0.0], (500, 1)), np.tile([0.0, 1.0], (500, 1))
    assert perceptual_path_length(Function(identity), start, end).mean == pytest.approx(2.467401095, rel=1e-3)
    # (2 sin(angle epsilon / 2) / epsilon)^2
    large = perceptual_path_length(Function(identity), start, end, epsilon=0.5).mean
    assert large == pytest.approx((4 * np.sin(np.pi / 8)) ** 2, rel=1e-6)


def test_where():
    def square(latents):
        return (latents**2).reshape(-1, 1, 1, 1)

    start, end = np.zeros((2000, 1)), np.ones((2000, 1))
    arguments = {"epsilon": 1e-2, "method": "lerp", "percentiles": (0, 100)}
    # ((t + e)^2 - t^2)^2 / e^2 = (2 t + e)^2
    assert perceptual_path_length(Function(square), start, end, where="end", **arguments).mean == pytest.approx(1e-4, rel=1e-4)
    full = perceptual_path_length(Function(square), start, end, where="full", seed=1, **arguments)
    assert full.mean == pytest.approx(4 / 3, abs=0.1)
    assert full.mean == perceptual_path_length(Function(square), start, end, seed=1, **arguments).mean
    assert full.mean != perceptual_path_length(Function(square), start, end, seed=2, **arguments).mean


def test_outliers_are_dropped():
    start, end = np.zeros((1001, 1)), np.arange(1001.0)[:, None]
    start[-1], end[-1] = 0.0, 1e5
    found = perceptual_path_length(Function(identity), start, end, epsilon=0.5, method="lerp")
    squares = np.arange(1001.0) ** 2
    assert found.mean == pytest.approx(squares[10:991].mean(), rel=1e-5)
    assert found.lengths.max() == pytest.approx(1e10, rel=1e-5)


def test_distance_and_extractor():
    start, end = np.zeros((64, 2)), np.ones((64, 2))
    arguments = {"start": start, "end": end, "method": "lerp", "epsilon": 1e-2}
    found = perceptual_path_length(Function(linear), extractor=Mean(), **arguments)
    assert found.mean == pytest.approx(40.0, rel=1e-3)  # twice the image is the feature
    absolute = perceptual_path_length(Function(linear), distance=lambda x, y: np.abs(x - y).sum(axis=(1, 2, 3)), **arguments)
    assert absolute.mean == pytest.approx(4 / 1e-2, rel=1e-3)


def test_conditions_are_those_of_the_pair():
    def steps(latents, condition):
        return (latents * np.reshape(condition, (-1, 1))).reshape(-1, 1, 1, 1)

    condition = np.arange(100)
    found = perceptual_path_length(
        Function(steps), np.zeros((100, 1)), np.ones((100, 1)), 0.5, "lerp", condition=condition, batch_size=7
    )
    np.testing.assert_allclose(found.lengths, condition**2, rtol=1e-5)


def test_of_a_gan():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), latents=tiny.LATENTS)
    a, b = (gan.latents.sample(200, seed=(0, index)) for index in (1, 2))
    small, large = (perceptual_path_length(gan, a, b, epsilon).mean for epsilon in (1e-4, 1e-2))
    assert small == pytest.approx(large, rel=0.03)


def test_a_warning_when_only_rounding_is_left():
    start, end = np.full((10, 1), 1.0), np.full((10, 1), 1.001)
    with pytest.warns(UserWarning, match="hardly differ in float32.*Use a larger epsilon, such as 0.01"):
        perceptual_path_length(Function(identity), start, end, method="lerp")
    found = perceptual_path_length(Function(identity), start, end, epsilon=0.5, method="lerp")
    assert found.mean == pytest.approx(1e-6, rel=1e-2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "spline"}, "`method` must be one of"),
        ({"distance": "lpips"}, "`distance` must be a function"),
        ({"distance": lambda a, b: np.mean(a - b)}, r"`distance` must return \d+ distances, one a pair. It returned: shape \(\)"),
        ({"start": np.zeros(3), "end": np.zeros(3)}, r"`start` and `end` must have one shape, \(n, \*latent_shape\)"),
        ({"where": "start"}, '`where` must be "full" or "end"'),
        ({"epsilon": 0.0}, "`epsilon` must be positive"),
        ({"batch_size": 0}, "`batch_size` must be an int >= 1"),
        ({"percentiles": (99, 1)}, "`percentiles` must be a pair"),
        ({"percentiles": 5}, "`percentiles` must be a pair"),
        ({"extractor": FeatureExtractor()}, "Make it with `quantize=False`"),
        ({"extractor": Mean(), "distance": max}, "not both"),
        ({"condition": [1]}, "Expected 3 conditions"),
        ({"start": np.zeros((0, 2))}, "are empty"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        perceptual_path_length(**{"generator": Function(linear), "start": np.zeros((3, 2)), "end": np.ones((3, 2)), **arguments})


def test_images_and_distances_that_are_not_finite():
    start, end = np.zeros((3, 2)), np.ones((3, 2))
    with pytest.raises(ValueError, match="The images of the generator must be finite"):
        perceptual_path_length(Function(lambda z: z * np.nan), start, end, method="lerp")
    with pytest.raises(ValueError, match="Distances between images must be finite. Received: 3 of 3 values"):
        perceptual_path_length(Function(linear), start, end, distance=lambda x, y: np.full(len(x), np.inf), method="lerp")
