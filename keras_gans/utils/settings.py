"""The settings of objects, to find out later whether they were changed."""

import collections
import functools
import inspect
import numbers

import keras
import numpy as np
import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.component import Component
from keras_gans.utils.config import Serializable
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import own_variables

_LEFT_OUT = {"self", "args", "kwargs", "name"}


def settings_of(thing, what, without=()):
    """The settings of an object: attributes with the names of its constructor's arguments, or named in `more_settings`; of a
    component also with an underscore before.

    Other attributes are state, which it may change itself.

    Args:
        thing: Any object of Python.
        what: String, the prefix of its settings' names.
        without: Names of arguments that are left out. Default: none.

    Returns:
        Dict, the name of each setting to a value that can be compared later, see `comparable`. A setting that has settings of its
        own, such as a schedule, has them too: "r1.weight.decay_rate".
    """
    found, attributes, kind = {}, vars(thing), type(thing)
    for argument in _arguments(kind):
        attribute = f"_{argument}" if argument not in attributes and issubclass(kind, Component) else argument
        if attribute in attributes and argument not in without:
            value, name = attributes[attribute], f"{what}.{attribute}"
            if _has_settings(type(value)):
                found |= {name: type(value), **settings_of(value, name)}
            else:
                found[name] = comparable(value)
    return found


def settings_of_network(network, what):
    """What the layers of a network were told, and which variables they have: all that a graph of it is traced for.

    Args:
        network: Keras layer or model.
        what: String, what the names of its settings begin with.

    Returns:
        As `settings_of`.
    """
    found, names = {}, collections.Counter()
    for layer in all_layers(network, include_self=True):
        names[layer.name] += 1
        second = f" ({names[layer.name]})" if names[layer.name] > 1 else ""
        name, variables = f"{what}: {layer.name}{second}", own_variables(layer)
        found[f"{name}.trainable"] = layer.trainable
        found[f"{name}.dtype_policy"] = layer.dtype_policy.name
        found[f"{name}.weights.trainable"] = [variable.trainable for variable in variables]
        found[f"{name}.weights"] = [Same(variable) for variable in variables]
        found |= settings_of(layer, name)
    return found


def changed_settings(now, then):
    """The names of those settings that differ between two times."""
    return [name for name in {**then, **now} if [now.get(name)] != [then.get(name)]]  # in lists, NaN equals itself


class Watch:
    """Whether settings are others than when this was asked last: whether what was traced with them is out of date.

    Args:
        settings: Callable without arguments: the settings at hand, a dict.
    """

    def __init__(self, settings):
        self.settings = settings
        self.last = None

    def changed(self):
        """Whether they are, a bool; True at first."""
        before, self.last = self.last, self.settings()
        return self.last != before


def comparable(value):
    """A value that stays equal as long as no setting changes: numbers, strings and arrays by value, others by identity."""
    if _is_plain(type(value)):
        return value
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [comparable(each) for each in value]
    if _has_settings(type(value)):
        return type(value), settings_of(value, "")
    return SameValues(value) if isinstance(value, (np.ndarray, tf.Tensor)) else Same(value)


class Same:
    """Equal to another `Same` with the same object."""

    def __init__(self, thing):
        self.thing = thing

    def __eq__(self, other):
        return type(other) is type(self) and other.thing is self.thing


class SameValues(Same):
    """Equal to what holds an array or a tensor of the same values."""

    def __eq__(self, other):
        if super().__eq__(other) or not isinstance(other, SameValues):
            return super().__eq__(other)
        try:
            arrays = np.asarray(self.thing), np.asarray(other.thing)
        except NotImplementedError:  # symbolic
            return False
        return arrays[0].dtype == arrays[1].dtype and np.array_equal(*arrays, equal_nan=arrays[0].dtype.kind in "fc")


# Networks have thousands of settings, and samples and evaluations look at them each time. So what is asked of each is remembered.


@functools.cache
def _is_plain(kind):
    return issubclass(kind, (str, type(None), numbers.Number))


@functools.cache
def _has_settings(kind):
    if issubclass(kind, keras.layers.Layer):
        return issubclass(kind, Component)
    kinds = (Serializable, LearningRateSchedule, keras.regularizers.Regularizer, keras.constraints.Constraint)
    return issubclass(kind, kinds)


@functools.cache
def _arguments(kind):
    """The names of the constructor's arguments, including those that it passes on to the bases."""
    constructors = [each.__init__ for each in kind.__mro__ if inspect.isfunction(vars(each).get("__init__"))]
    names = [name for constructor in constructors for name in inspect.signature(constructor).parameters]
    return [name for name in dict.fromkeys([*names, *getattr(kind, "more_settings", ())]) if name not in _LEFT_OUT]
