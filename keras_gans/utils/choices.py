"""Checks of arguments that are one of a few values."""

from collections.abc import Hashable

import numpy as np


def check_choice(allowed, **values):
    """Raises a ValueError that names the first of `values` which is not one of `allowed`, a collection."""
    for name, value in values.items():
        if not isinstance(value, Hashable) or value not in allowed:
            raise ValueError(f"`{name}` must be one of {list(allowed)}. Received: {name}={value!r}")


def check_bools(**values):
    """Raises a ValueError that names the first of `values` which is not a bool."""
    for name, value in values.items():
        if not isinstance(value, (bool, np.bool_)):
            raise ValueError(f"`{name}` must be True or False. Received: {name}={value!r}")
