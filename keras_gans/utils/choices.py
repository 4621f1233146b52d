"""A check of arguments that are one of a few values."""

from collections.abc import Hashable


def check_choice(allowed, **values):
    """Raises a ValueError that names the first of `values` which is not one of `allowed`, a collection."""
    for name, value in values.items():
        if not isinstance(value, Hashable) or value not in allowed:
            raise ValueError(f"`{name}` must be one of {list(allowed)}. Received: {name}={value!r}")
