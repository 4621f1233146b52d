"""The filters against their definition, and against a construction from the roots of Daubechies' polynomial."""

import itertools
import math

import numpy as np
import pytest

from keras_gans.utils.symlets import SYMLET_2
from keras_gans.utils.symlets import SYMLET_6


def filters(moments):
    """All orthogonal filters of so many vanishing moments, and how far the phase of each is from a straight line."""
    polynomial = [math.comb(moments - 1 + k, k) for k in range(moments)][::-1]
    # Each root y = (2 - z - 1/z) / 4 is one of two numbers z, for a complex one together with its conjugate.
    pairs = []
    for y in np.roots(polynomial):
        if y.imag > -1e-9:
            z = min(np.roots([1, 4 * y - 2, 1]), key=abs)
            pairs.append(
                [[1 / z] * (1 + conjugate) if not conjugate else [1 / z, 1 / np.conj(z)] for conjugate in [y.imag > 1e-9]]
            )
            pairs[-1].append([z, np.conj(z)] if y.imag > 1e-9 else [z])
    for roots in itertools.product(*pairs):
        taps = np.real(np.poly([*itertools.chain(*roots), *[-1] * moments]))
        taps *= 2**0.5 / taps.sum()
        frequencies = np.linspace(0.01, 0.9 * np.pi, 200)
        phase = np.unwrap(np.angle(np.exp(-1j * np.outer(frequencies, np.arange(len(taps)))) @ taps))
        line = np.polyval(np.polyfit(frequencies, phase, 1), frequencies)
        yield taps, np.abs(phase - line).max()


@pytest.mark.parametrize(("taps", "moments"), [(SYMLET_2, 2), (SYMLET_6, 6)])
def test_the_filter_is_orthogonal_and_its_moments_vanish(taps, moments):
    assert len(taps) == 2 * moments
    assert taps.sum() == pytest.approx(2**0.5, abs=1e-14)
    for k in range(moments):
        assert taps[2 * k :] @ taps[: len(taps) - 2 * k] == pytest.approx(float(k == 0), abs=1e-14)
        n = np.arange(len(taps)) - moments
        assert np.sum((-1.0) ** n * n**k * taps) == pytest.approx(0, abs=1e-14 * moments**k)


@pytest.mark.parametrize(("taps", "moments"), [(SYMLET_2, 2), (SYMLET_6, 6)])
def test_it_is_one_of_the_two_least_asymmetric_ones(taps, moments):
    first, second, *_ = sorted(filters(moments), key=lambda pair: pair[1])
    np.testing.assert_allclose(first[0], second[0][::-1], atol=1e-10)  # one and its mirror image
    assert min(np.abs(taps - found).max() for found, _ in (first, second)) < 1e-10
