"""Checks of arguments that are whole numbers."""


def check_ints(least, **values):
    """Raises a ValueError that names the first of `values` which is no int, or below `least`."""
    for name, value in values.items():
        if not isinstance(value, int) or value < least:
            raise ValueError(f"`{name}` must be an int >= {least}. Received: {name}={value!r}")
