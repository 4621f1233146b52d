"""Checks of the arguments of data loaders."""

import os

import numpy as np

from keras_gans.utils.choices import check_bools
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int


def check_seed(seed):
    """Raises a ValueError if `seed` is neither None nor an int >= 0."""
    if seed is not None:
        check_ints(0, seed=seed)


def check_size(size, name="size"):
    """`size` as a pair of ints, or None.

    Raises:
        ValueError: if it is neither an int >= 1 nor a pair of such ints; it names the argument.
    """
    if size is None:
        return None
    pair = tuple(size) if isinstance(size, (tuple, list, np.ndarray)) else (size, size)
    if len(pair) != 2 or not all(is_int(n) and n >= 1 for n in pair):
        raise ValueError(f"`{name}` must be an int >= 1, or a pair (height, width) of such ints. Received: {name}={size!r}")
    return tuple(int(n) for n in pair)


def check_load_size(load_size, size, ratio, multiple=1):
    """The size to resize to before a crop of `size`: a pair of ints.

    Args:
        load_size: Int, pair of ints, or None: `ratio` times `size`, rounded, and then up to a multiple of `multiple`.
        size: Pair of ints.
        ratio: Float.
        multiple: Int. Default: 1.

    Raises:
        ValueError: if it is smaller than `size`, or not a multiple.
    """
    load_size = check_size(load_size, "load_size")
    if load_size is None:
        return tuple(-(-round(n * ratio) // multiple) * multiple for n in size)
    if any(load < n or load % multiple for load, n in zip(load_size, size, strict=True)):
        multiples = f", and a multiple of scale={multiple}" if multiple > 1 else ""
        raise ValueError(f"`load_size` must be at least the size {size}{multiples}. Received: load_size={load_size!r}")
    return load_size


def check_pair(value, check, name):
    """The results of `check` for a pair of values, or for one value that stands for both."""
    both = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2:
        raise ValueError(f"`{name}` must be one value, or a pair of values. Received: {name}={value!r}")
    return tuple(check(part) for part in both)


def check_channels(channels):
    """`channels`; raises a ValueError if it is neither None, 1 nor 3."""
    if channels is not None and (not is_int(channels) or channels not in (1, 3)):
        raise ValueError(f"`channels` must be 1 (gray) or 3 (color). Received: channels={channels!r}")
    return channels


def check_data_dir(data_dir):
    """Raises a ValueError if `data_dir` is neither None nor a path."""
    if data_dir is not None and not isinstance(data_dir, (str, os.PathLike)):
        raise ValueError(f"`data_dir` must be a folder. Received: data_dir={data_dir!r}")


def check_shuffle(shuffle):
    """Raises a ValueError if `shuffle` is neither a bool nor an int >= 0."""
    if not isinstance(shuffle, (bool, np.bool_)) and (not is_int(shuffle) or shuffle < 0):
        raise ValueError(f"`shuffle` must be True, False, or an int, the size of the buffer. Received: shuffle={shuffle!r}")


def check_verbose(verbose):
    """Raises a ValueError if `verbose` is neither a bool, 0 nor 1, as Keras has it."""
    check_bools(verbose=bool(verbose) if verbose in (0, 1) else verbose)


def check_pipeline(batch_size, shuffle, seed, on_error, verbose, **bools):
    """Raises a ValueError that names the first invalid argument among those that all pipelines have."""
    check_ints(1, batch_size=batch_size)
    check_shuffle(shuffle)
    check_seed(seed)
    check_bools(**bools)
    check_verbose(verbose)
    if on_error not in ("raise", "skip"):
        raise ValueError(f'`on_error` must be "raise" or "skip". Received: on_error={on_error!r}')


def check_some_batch(count, batch_size, drop_remainder):
    """Raises a ValueError if `drop_remainder` drops everything; `count` may be None, unknown."""
    if drop_remainder and count is not None and count < batch_size:
        raise ValueError(f"No batch is left. Received: {count} images, batch_size={batch_size!r}, drop_remainder=True.")
