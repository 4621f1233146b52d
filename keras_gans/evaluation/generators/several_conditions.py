"""Several conditions as one array, because an evaluation only needs a row for each image."""

import math

import numpy as np
import tensorflow as tf

from keras_gans.utils.conditions import as_rows
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import condition_rows
from keras_gans.utils.conditions import prepare_condition
from keras_gans.utils.conditions import takes_class_weights

_BY_NAME = (dict, tuple, list)


class SeveralConditions:
    """The conditions of a sampler that takes several, joined: all their numbers in one row for each image.

    Args:
        sampler: `keras_gans.export.Sampler` whose `condition_input` is a dict.

    Raises:
        ValueError: if the size of a condition is not known.
    """

    def __init__(self, sampler):
        self._inputs, self._classes = sampler.condition_input, sampler.classes
        self._shapes = {name: tuple(tensor.shape[1:]) for name, tensor in self._inputs.items()}
        unknown = [name for name, shape in self._shapes.items() if None in shape]
        if unknown:
            raise ValueError(
                f"The evaluation takes several conditions only if each has a known size. Received: {sampler.network.name}, "
                f"which takes {unknown} of any size. Give these inputs a shape without None, or subclass "
                "keras_gans.evaluation.GeneratorAdapter."
            )

    @property
    def first(self):
        """The name of the first condition."""
        return next(iter(self._shapes))

    def joined(self, condition):
        """A batch's conditions, a dict of tensors by name or a tuple, as one tensor: float64 `(batch, numbers)`."""
        # Labels that stay numbers are checked where images are made of them.
        rows = {name: count for name, count in (self._classes or {}).items() if takes_class_weights(self._inputs[name], count)}
        condition = prepare_condition(condition, self._inputs, rows)
        parts = [tf.reshape(condition[name], (-1, math.prod(shape))) for name, shape in self._shapes.items()]
        return tf.concat([tf.cast(part, tf.float64) for part in parts], axis=1)

    def joined_rows(self, condition):
        """The user's conditions, each with a row for each image or one for all, as one array of rows; an array stays one."""
        if not isinstance(condition, _BY_NAME):
            return np.atleast_2d(np.asarray(condition))
        condition, classes = by_name(condition, self._inputs), self._classes or {}
        counts = [len(as_rows(condition[name], tensor, classes.get(name))) for name, tensor in self._inputs.items()]
        return self.joined(condition_rows(condition, self._inputs, max(counts), classes)).numpy()

    def apart(self, condition):
        """One array as the dict of conditions that it holds; anything else as it is."""
        if condition is None or isinstance(condition, _BY_NAME):
            return condition
        rows = np.atleast_2d(np.asarray(condition))
        sizes = [math.prod(shape) for shape in self._shapes.values()]
        if rows.ndim != 2 or rows.shape[1] != sum(sizes):
            raise ValueError(
                f"The networks take several conditions: a dict of {list(self._shapes)}, each one for all images or with a row "
                f"for each, or one array of all their numbers, {sum(sizes)} in a row. Received: shape {rows.shape[-2:]}."
            )
        parts = np.split(rows, np.cumsum(sizes)[:-1], axis=1)
        return {name: part.reshape(-1, *shape) for part, (name, shape) in zip(parts, self._shapes.items(), strict=True)}
