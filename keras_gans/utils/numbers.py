"""Checks of arguments that are numbers."""

import math
import numbers

HOW_TO_NUMBER = "Number the classes: names, labels = np.unique(labels, return_inverse=True)."  # a remedy in errors


def check_finite_numbers(**values):
    """Raises a ValueError that names the first of `values` which is not a finite number: not a bool, NaN or infinite."""
    for name, value in values.items():
        if not isinstance(value, numbers.Real) or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError(f"`{name}` must be a finite number. Received: {name}={value!r}")


def checked_range(pair, name="image_range"):
    """A pair of black and white as floats.

    Raises:
        ValueError: if it is not a pair of finite numbers, the first below the second; it names the argument.
    """
    values = tuple(pair) if hasattr(pair, "__len__") and not isinstance(pair, (str, bytes, dict)) else ()
    if len(values) == 2:
        check_finite_numbers(**{f"{name}[{k}]": value for k, value in enumerate(values)})
    if len(values) != 2 or not values[0] < values[1]:
        raise ValueError(f"`{name}` must be a pair (low, high), low < high. Received: {name}={pair!r}")
    return float(values[0]), float(values[1])


def check_positive(**values):
    """Raises a ValueError that names the first of `values` which is not a finite number above 0."""
    check_finite_numbers(**values)
    for name, value in values.items():
        if value <= 0:
            raise ValueError(f"`{name}` must be positive. Received: {name}={value!r}")


def check_not_negative(**values):
    """Raises a ValueError that names the first of `values` which is not a finite number of at least 0."""
    check_finite_numbers(**values)
    for name, value in values.items():
        if value < 0:
            raise ValueError(f"`{name}` must not be negative. Received: {name}={value!r}")


def check_unit_interval(**values):
    """Raises a ValueError that names the first of `values` which is not a number in [0, 1]."""
    check_finite_numbers(**values)
    for name, value in values.items():
        if not 0 <= value <= 1:
            raise ValueError(f"`{name}` must be in [0, 1]. Received: {name}={value!r}")
