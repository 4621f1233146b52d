"""Distributions in the plane and on the line, whose every mode is known."""

import numpy as np

from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.numbers import check_not_negative


def ring(samples, modes=8, radius=2.0, sigma=0.02, seed=None):
    """Points of a ring of Gaussians: mode i is at angle 2 pi i / modes.

    Args:
        samples: Int, number of points.
        modes: Int. Default: 8.
        radius: Float. Default: 2.
        sigma: Float, standard deviation of each mode. Default: 0.02.
        seed: Int. Default: none.

    Returns:
        Float32 array `(samples, 2)`.

    Raises:
        ValueError: if a number of points is not an int >= 1.

    Example:

    ```python
    points = keras_gans.data.ring(1000, modes=8, seed=0)
    ```

    Reference:
        Metz et al., Unrolled Generative Adversarial Networks (2016), arXiv:1611.02163 (whose notebook has radius 1, sigma
        0.01 and, by a slip, seven distinct modes).
    """
    return _around(ring_centers(modes, radius), samples, sigma, seed)


def ring_centers(modes=8, radius=2.0):
    """The means of the Gaussians of `ring`, in order of their angles.

    Args:
        modes, radius: As in `ring`.

    Returns:
        Float array `(modes, 2)`.

    Raises:
        ValueError: if a number of modes is not an int >= 1.

    Example:

    ```python
    metric = keras_gans.metrics.ModeCoverage(keras_gans.data.ring_centers(8), sigma=0.02)
    ```
    """
    check_finite_numbers(radius=radius)
    check_ints(1, modes=modes)
    angles = 2 * np.pi * np.arange(modes) / modes
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def grid(samples, positions=(-4.0, -2.0, 0.0, 2.0, 4.0), sigma=0.05, seed=None):
    """Points of a square grid of Gaussians, one at each pair of positions: 25 by default.

    Args:
        samples: Int, number of points.
        positions: Floats, on either axis. Default: -4, -2, 0, 2, 4.
        sigma: Float, standard deviation of each mode. Default: 0.05.
        seed: Int. Default: none.

    Returns:
        Float32 array `(samples, 2)`.

    Raises:
        ValueError: if a number of points is not an int >= 1.

    Example:

    ```python
    points = keras_gans.data.grid(1000, seed=0)
    ```

    Reference:
        Lin et al., PacGAN (2017), arXiv:1712.04086.
    """
    return _around(grid_centers(positions), samples, sigma, seed)


def grid_centers(positions=(-4.0, -2.0, 0.0, 2.0, 4.0)):
    """The means of the Gaussians of `grid`.

    Args:
        positions: As in `grid`.

    Returns:
        Float array `(len(positions) ** 2, 2)`.

    Example:

    ```python
    centers = keras_gans.data.grid_centers()  # (25, 2)
    ```
    """
    return np.stack(np.meshgrid(positions, positions, indexing="ij"), axis=-1).reshape(-1, 2).astype(float)


def swiss_roll(samples, noise=0.25, seed=None):
    """Points of a two-dimensional Swiss roll, (t cos t, t sin t) / 7.5 for t in [1.5 pi, 4.5 pi).

    Args:
        samples: Int, number of points.
        noise: Float, standard deviation of the noise before division. Default: 0.25.
        seed: Int. Default: none.

    Returns:
        Float32 array `(samples, 2)`.

    Raises:
        ValueError: if a number of points is not an int >= 1.

    Example:

    ```python
    points = keras_gans.data.swiss_roll(1000, seed=0)
    ```

    Reference:
        igul222/improved_wgan_training, gan_toy.py.
    """
    check_not_negative(noise=noise)
    check_ints(1, samples=samples)
    rng = np.random.default_rng(seed)
    t = 1.5 * np.pi * (1 + 2 * rng.random(samples))
    points = np.stack([t * np.cos(t), t * np.sin(t)], axis=1) + noise * rng.standard_normal((samples, 2))
    return (points / 7.5).astype("float32")


def mixture(samples, means=(-2.0, 2.0), sigmas=(0.5, 0.5), weights=None, seed=None):
    """Points of a mixture of Gaussians on the line.

    Args:
        samples: Int, number of points.
        means, sigmas: Floats, one a component. Defaults: -2 and 2, 0.5 each.
        weights: Floats that sum to 1. Default: equal.
        seed: Int. Default: none.

    Returns:
        Float32 array `(samples, 1)`.

    Raises:
        ValueError: if a number of points is not an int >= 1.

    Example:

    ```python
    points = keras_gans.data.mixture(1000, weights=(0.25, 0.75), seed=0)
    ```
    """
    check_ints(1, samples=samples)
    rng = np.random.default_rng(seed)
    component = rng.choice(len(means), samples, p=weights)
    points = np.asarray(means)[component] + np.asarray(sigmas)[component] * rng.standard_normal(samples)
    return points[:, None].astype("float32")


def _around(centers, samples, sigma, seed):
    check_not_negative(sigma=sigma)
    check_ints(1, samples=samples)
    rng = np.random.default_rng(seed)
    chosen = centers[rng.integers(len(centers), size=samples)]
    return (chosen + sigma * rng.standard_normal(chosen.shape)).astype("float32")
