"""Checks of what a subclass declares: class attributes and methods that the library looks for by name."""

import difflib
import functools
import types
from collections.abc import Callable

from keras_gans.utils.integers import is_int


def check_declarations(cls):
    """Raises a ValueError if a class, just made, sets a name of `cls.declares` to a wrong type, or misspells one.

    `declares` is a dict of names and tuples of types; (Callable,) stands for a method.
    """
    for name, value in vars(cls).items():
        if name in cls.declares:
            _check_type(cls.__name__, name, value, cls.declares[name])
    inherited = {name for base in cls.__bases__ for name in dir(base)}
    _check_spelling(cls.__name__, {name: value for name, value in vars(cls).items() if name not in inherited}, cls.declares)


def check_own_declarations(instance):
    """Raises a ValueError if an object's own attributes do what `check_declarations` refuses in its class."""
    declares, kind = type(instance).declares, type(instance).__name__
    for name, value in vars(instance).items():
        if name in declares:
            _check_type(kind, name, value, declares[name])
    _check_spelling(kind, {n: v for n, v in vars(instance).items() if not hasattr(type(instance), n)}, declares)


def _check_type(owner, name, value, expected):
    if isinstance(value, property) or any(_is_of(value, kind) for kind in expected):
        return
    if expected == (Callable,):
        raise ValueError(f"`{name}` of {owner} must be a method. Received: {name}={value!r}")
    kinds = " or ".join("None" if kind is types.NoneType else kind.__name__ for kind in expected)
    raise ValueError(f"`{name}` of {owner} must be of type {kinds}. Received: {name}={value!r}")


def _is_of(value, kind):
    if kind in (int, float):
        return is_int(value) or (kind is float and isinstance(value, float))
    return isinstance(value, kind)


def _check_spelling(owner, attributes, declares):
    for name, value in attributes.items():
        if name.startswith("_") or name in declares:
            continue
        meant = _closest(name, tuple(n for n, kinds in declares.items() if (kinds == (Callable,)) == callable(value)))
        if meant:
            raise ValueError(f"{owner} has `{name}`, which means nothing. Expected: `{meant}`. Rename it.")


@functools.lru_cache(1024)
def _closest(name, known):
    """The one of `known`, a tuple of names, that `name` almost certainly misspells; None if there is none."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.85)), None)
