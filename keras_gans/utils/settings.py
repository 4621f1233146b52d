"""The settings of objects, to find out later whether they were changed."""

import functools
import inspect
import numbers

import keras
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.component import Component
from keras_gans.utils.config import Serializable

_PLAIN = {bool, float, int, str, type(None)}  # most settings, told apart fast
_LEFT_OUT = {"self", "args", "kwargs", "name"}


def settings_of(thing, what, without=()):
    """The settings of an object: attributes with the names of its constructor's arguments, or named in `more_settings`.

    Other attributes are state, which it may change itself.

    Args:
        thing: Any object of Python.
        what: String, the prefix of its settings' names.
        without: Names of arguments that are left out. Default: none.

    Returns:
        Dict, the name of each setting to a value that can be compared later, see `comparable`. A setting that has settings of its
        own, such as a schedule, has them too: "r1.weight.decay_rate".
    """
    found, attributes = {}, vars(thing)
    for argument in _arguments(type(thing)):
        if argument in attributes and argument not in without:
            value, name = attributes[argument], f"{what}.{argument}"
            if type(value) not in _PLAIN and _has_settings(value):
                found |= {name: type(value), **settings_of(value, name)}
            else:
                found[name] = comparable(value)
    return found


def comparable(value):
    """A value that stays equal as long as no setting changes: numbers and strings by value, others by identity."""
    if type(value) in _PLAIN or isinstance(value, numbers.Number):
        return value
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [comparable(each) for each in value]
    return (type(value), settings_of(value, "")) if _has_settings(value) else Same(value)


class Same:
    """Equal to another `Same` with the same object."""

    def __init__(self, thing):
        self.thing = thing

    def __eq__(self, other):
        return isinstance(other, Same) and other.thing is self.thing


def _has_settings(value):
    if isinstance(value, keras.layers.Layer):
        return isinstance(value, Component)
    return isinstance(value, (Serializable, LearningRateSchedule, keras.regularizers.Regularizer))


@functools.cache
def _arguments(kind):
    """The names of the constructor's arguments, including those that it passes on to the bases."""
    constructors = [each.__init__ for each in kind.__mro__ if inspect.isfunction(vars(each).get("__init__"))]
    names = [name for constructor in constructors for name in inspect.signature(constructor).parameters]
    return [name for name in dict.fromkeys([*names, *getattr(kind, "more_settings", ())]) if name not in _LEFT_OUT]
