"""The argument `classes` of callbacks that draw samples: the conditions of the samples."""

import keras
import numpy as np

from keras_gans.utils.conditions import takes_class_weights
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int

_EXPECTED = "`classes` must be an int, a list of names, a list of conditions, a list of dicts, or a dict of lists"


def conditions_of(classes):
    """An array of conditions, one each; a dict of arrays by name for several conditions; None for none.

    Args:
        classes: Int n or n names, for 0..n-1; a list of conditions; for several conditions a list of dicts, or a dict of lists.

    Raises:
        ValueError: if it is something else, is empty, or has lists of different lengths or dicts of different keys.
    """
    if classes is None:
        return None
    if is_int(classes):
        check_ints(1, classes=classes)
        return np.arange(classes)
    if names_of_classes(classes) is not None:
        return np.arange(len(classes))
    if not hasattr(classes, "__len__") or not len(classes):
        raise ValueError(f"{_EXPECTED}, with at least one entry. Received: classes={classes!r}")
    if isinstance(classes, dict):
        conditions = {name: np.asarray(values) for name, values in classes.items()}
        lengths = {name: len(values) if values.ndim else None for name, values in conditions.items()}
        if None in lengths.values() or len(set(lengths.values())) != 1:
            raise ValueError(f"{_EXPECTED} of equal length. Received: a dict of lists of the lengths {lengths}")
        return conditions
    dicts = [isinstance(each, dict) for each in classes]
    if any(dicts):
        if not all(dicts) or any(set(each) != set(classes[0]) for each in classes):
            raise ValueError(f"{_EXPECTED}; all dicts must have the same keys. Received: classes={classes!r}")
        return {name: np.asarray([each[name] for each in classes]) for name in classes[0]}
    return np.asarray(classes)


def known_classes(gan):
    """The number of classes that a GAN's samples can have, an int; None if it has none, or they are not known."""
    wanted = gan.as_sampler().condition_input
    known = wanted is not None and not isinstance(wanted, dict) and is_int(gan.classes)
    return gan.classes if known and ("int" in wanted.dtype or takes_class_weights(wanted, gan.classes)) else None


def number_of(conditions):
    """The number of conditions in what `conditions_of` returns."""
    return len(next(iter(conditions.values())) if isinstance(conditions, dict) else conditions)


def in_turns(conditions, count):
    """The first `count` of the conditions, repeated from the start as often as needed; None stays None."""
    if conditions is None:
        return None
    turns = np.arange(count) % number_of(conditions)
    return keras.tree.map_structure(lambda values: values[turns], conditions)


def names_of_classes(classes):
    """The names of classes, a list of strings, if `classes` are names; else None."""
    if isinstance(classes, str):
        raise ValueError(f"{_EXPECTED}. Received: classes={classes!r}")
    if not isinstance(classes, (list, tuple, np.ndarray)) or not len(classes) or not all(isinstance(n, str) for n in classes):
        return None
    return [str(name) for name in classes]
