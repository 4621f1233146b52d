"""Checks of what a subclass declares: class attributes and methods that the library looks for by name."""

import difflib
import functools
import numbers
import types
from collections.abc import Callable

import numpy as np

from keras_gans.utils.integers import is_int


def check_declarations(cls):
    """Raises a ValueError if a class, just made, sets a name of `cls.declares` to a wrong type, or misspells one.

    `declares` is a dict of names and tuples of types; (Callable,) stands for a method. A name like one of these is taken for a
    slip, unless the class sets that one too.
    """
    for name, value in vars(cls).items():
        if name in cls.declares and not isinstance(value, property):
            _check_type(cls.__name__, name, getattr(cls, name), cls.declares[name])
    inherited = {name for base in cls.__bases__ for name in dir(base)}
    _check_spelling(cls, {name: value for name, value in vars(cls).items() if name not in inherited}, vars(cls))


def check_own_declarations(instance):
    """Raises a ValueError if an object's own attributes do what `check_declarations` refuses in its class."""
    cls, own = type(instance), vars(instance)
    for name, value in own.items():
        if name in cls.declares:
            _check_type(cls.__name__, name, value, cls.declares[name])
    _check_spelling(cls, {n: v for n, v in own.items() if not hasattr(cls, n)}, vars(cls) | own)


def _check_type(owner, name, value, expected):
    if any(_is_of(value, kind) for kind in expected):
        return
    if expected == (Callable,):
        raise ValueError(f"`{name}` of {owner} must be a method. Received: {name}={value!r}")
    kinds = " or ".join("None" if kind is types.NoneType else kind.__name__ for kind in expected)
    raise ValueError(f"`{name}` of {owner} must be of type {kinds}. Received: {name}={value!r}")


def _is_of(value, kind):
    if kind in (int, float):
        return is_int(value) or (kind is float and isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_)))
    return isinstance(value, kind)


def _check_spelling(cls, attributes, given):
    for name, value in attributes.items():
        if name.startswith("_") or name in cls.declares:
            continue
        known = tuple(n for n, kinds in cls.declares.items() if n not in given and (kinds == (Callable,)) == callable(value))
        meant = _closest(name, known)
        if meant:
            raise ValueError(f"{cls.__name__} has `{name}`, which means nothing. Expected: `{meant}`. Rename it.")


@functools.lru_cache(1024)
def _closest(name, known):
    """The one of `known`, a tuple of names, that `name` almost certainly misspells; None if there is none."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.9)), None)
