"""Stateless random numbers: the same seed gives the same numbers, here, after a restart, and in a SavedModel.

`keras.random` takes no tensor seeds, which noise that is resumed and served needs; hence these wrappers of
`tf.random.stateless_*`. (Compiled by XLA, TensorFlow draws other numbers from the same seed.)
"""

import random
import zlib

import tensorflow as tf

from keras_gans.utils.replicas import replica_id


def normal(shape, seed):
    """Standard normal float32 noise. `seed`: an integer tensor of shape (2,).

    Example:

    ```python
    z = keras_gans.utils.random.normal((16, 100), seed=(0, 1))
    again = keras_gans.utils.random.normal((16, 100), seed=(0, 1))
    print(bool(tf.reduce_all(z == again)))  # True
    ```
    """
    return tf.random.stateless_normal(shape, seed)


def truncated_normal(shape, seed):
    """Standard normal float32 noise redrawn until it lies in [-2, 2]; its standard deviation is 0.8796.

    Example:

    ```python
    z = keras_gans.utils.random.truncated_normal((16, 100), seed=(0, 1))
    print(bool(tf.reduce_all(tf.abs(z) <= 2.0)))  # True
    ```
    """
    return tf.random.stateless_truncated_normal(shape, seed)


def resampled_normal(shape, seed, threshold):
    """Standard normal float32 noise redrawn until it lies in [-threshold, threshold]: zeros for a threshold of 0.

    z = sqrt(2) erfinv(p erf(threshold / sqrt(2))),   p ~ U(-1, 1)

    the inverse of the distribution function, so that nothing is drawn twice. It is computed in float64: in float32, small
    thresholds leave few digits of z, and large ones none of its tails.

    Args:
        threshold: Scalar >= 0, a tensor too.

    Example:

    ```python
    z = keras_gans.utils.random.resampled_normal((16, 100), seed=(0, 1), threshold=0.5)
    print(bool(tf.reduce_all(tf.abs(z) <= 0.5)))  # True; its standard deviation is 0.2839
    ```
    """
    # Odd multiples of 2^-23, exact in float32: symmetric, and never -1 or 1.
    p = 2.0 * tf.random.stateless_uniform(shape, seed) - 1.0 + 2.0**-23
    half = tf.cast(threshold, tf.float64) / tf.sqrt(tf.constant(2.0, tf.float64))
    z = tf.math.erfinv(tf.cast(p, tf.float64) * tf.math.erf(half)) * tf.sqrt(tf.constant(2.0, tf.float64))
    return tf.cast(z, tf.float32)


def uniform(shape, seed, low=0.0, high=1.0):
    """Uniform float32 noise in [low, high).

    Example:

    ```python
    mix = keras_gans.utils.random.uniform((16, 1, 1, 1), seed=(0, 1))
    print(mix.shape)  # (16, 1, 1, 1)
    ```
    """
    return tf.random.stateless_uniform(shape, seed, minval=low, maxval=high)


def fold_in(seed, *data):
    """A new seed that depends on `seed` and on each of `data`: integers (tensors too), or strings.

    Example:

    ```python
    seed = keras_gans.utils.random.make_seed(7)
    noise = keras_gans.utils.random.normal((4,), keras_gans.utils.random.fold_in(seed, "noise", 0))
    other = keras_gans.utils.random.normal((4,), keras_gans.utils.random.fold_in(seed, "noise", 1))
    print(bool(tf.reduce_any(noise == other)))  # False
    ```
    """
    for value in data:
        number = zlib.crc32(value.encode()) if isinstance(value, str) else value
        seed = tf.random.experimental.stateless_fold_in(seed, tf.cast(number, tf.int64))
    return seed


def make_seed(seed=None):
    """The (2,) int32 seed of a user's `seed`: None (a new one, which follows `keras.utils.set_random_seed`), an int s for
    (0, s), or a pair of ints.

    Example:

    ```python
    print(keras_gans.utils.random.make_seed(7).numpy())  # [0 7]
    ```
    """
    if seed is None:
        seed = (random.getrandbits(31), random.getrandbits(31))
    pair = (0, seed) if not hasattr(seed, "__len__") else tuple(seed)
    try:
        valid = len(pair) == 2 and all(-(2**31) <= int(number) < 2**31 and int(number) == number for number in pair)
    except (TypeError, ValueError, OverflowError):  # None, strings, NaN, infinity
        valid = False
    if not valid:
        raise ValueError(f"`seed` must be None, an int or a pair of ints that fit in 32 bits. Received: seed={seed!r}")
    return tf.constant([int(number) for number in pair], tf.int32)


def next_seed(generator):
    """A new seed at each call, other on each replica, of a layer's `keras.random.SeedGenerator`.

    Example:

    ```python
    generator = keras.random.SeedGenerator(7)
    first, second = (keras_gans.utils.random.next_seed(generator) for _ in range(2))
    print(bool(tf.reduce_all(first == second)))  # False
    ```
    """
    return fold_in(tf.cast(generator.next(), tf.int64), replica_id())
