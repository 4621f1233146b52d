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


def check_categories(categories):
    """Raises a ValueError unless `categories` is a tuple or list of ints >= 2: how many categories each code has."""
    if not isinstance(categories, (list, tuple)):
        raise ValueError(
            f"`categories` must be a tuple, with the number of categories of each code. Received: categories={categories!r}. "
            "For one code of 10 categories, pass (10,)."
        )
    check_ints(2, **{f"categories[{k}]": count for k, count in enumerate(categories)})


def check_each_int(least, **sequences):
    """Raises a ValueError that names the first of `sequences` which is not a list or tuple of ints >= `least`, one or more."""
    for name, values in sequences.items():
        if not isinstance(values, (list, tuple)) or not values or not all(is_int(value) and value >= least for value in values):
            raise ValueError(f"`{name}` must be a list or tuple of ints >= {least}. Received: {name}={values!r}")
