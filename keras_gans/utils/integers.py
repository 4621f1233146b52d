"""Checks of arguments that are whole numbers."""

import numbers


def is_int(value):
    """Whether a value is a whole number: a Python or NumPy integer, not a bool."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def check_ints(least, **values):
    """Raises a ValueError that names the first of `values` which is not an int, or below `least`."""
    for name, value in values.items():
        if not is_int(value) or value < least:
            raise ValueError(f"`{name}` must be an int >= {least}. Received: {name}={value!r}")
