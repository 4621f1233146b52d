"""Amplifies the bands of frequencies of images."""

import functools

import numpy as np
import tensorflow as tf

from keras_gans.utils.symlets import SYMLET_2

BANDS = 4


def amplify_bands(images, gains):
    """Images whose four bands of frequencies are amplified, along rows and along columns.

    From the highest frequencies down, bands 3, 2 and 1 have one octave each, and band 0 has all lower frequencies. Their sum is
    the image. They are separated by the symlet of two vanishing moments, applied forwards and backwards, so that nothing moves.
    Beyond its edges, an image is mirrored.

    Args:
        images: Float32 tensor `(batch, height, width, channels)`, of a known size.
        gains: Float32 tensor `(batch, 4)`, of bands 0 to 3.

    Returns:
        Float32 tensor of the shape of `images`.
    """
    height, width = images.shape[1:3]
    down, across = (tf.einsum("bn,npq->bpq", gains, bands_as_matrices(size)) for size in (height, width))
    return tf.einsum("bqw,bpwc->bpqc", across, tf.einsum("bph,bhwc->bpwc", down, images))


@functools.cache
def bands_as_matrices(size):
    """Matrices `(bands, size, size)`: each band of a row of pixels that goes on as in a mirror."""
    taps = taps_of_bands()
    reach = taps.shape[1] // 2
    matrices = np.zeros((BANDS, size, size))
    for place, pixel in enumerate(np.pad(np.arange(size), reach, mode="reflect")):
        for output in range(max(0, place - 2 * reach), min(size, place + 1)):
            matrices[:, output, pixel] += taps[:, place - output]
    return matrices.astype("float32")


def taps_of_bands():
    """The filters of the bands `(bands, taps)`, symmetric: of band 0 the lowest frequencies, of the others those of an octave."""
    low = np.convolve(SYMLET_2, SYMLET_2[::-1]) / 2
    high = low * (-1.0) ** np.arange(-(len(low) // 2), len(low) // 2 + 1)
    taps = np.ones((1, 1))
    for _ in range(BANDS - 1):
        # At half the frequencies, those of before, of what the low-pass leaves; and a new highest octave.
        spread = np.zeros((len(taps), 2 * taps.shape[1] - 1))
        spread[:, ::2] = taps
        lower = np.array([np.convolve(row, low) for row in spread])
        octave = np.pad(high, (lower.shape[1] - len(high)) // 2)
        taps = np.concatenate([lower, octave[None]])
    return taps
