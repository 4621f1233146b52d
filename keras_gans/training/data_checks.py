"""Errors about data that `fit` and `evaluate` are given: what cannot be read, is empty, never ends, or ends too soon."""

import contextlib
import inspect
import numbers
import os

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from keras_gans.utils.endless import is_endless
from keras_gans.utils.finite import check_examples
from keras_gans.utils.finite import check_not_masked
from keras_gans.utils.integers import is_int
from keras_gans.utils.numbers import HOW_TO_NUMBER

_DATA = ": an array, a tf.data.Dataset of batches, a keras.utils.PyDataset or a generator."
_EMPTY = (
    "The {purpose} have no batch{so}. Received: an empty array or data set, fewer examples than a batch with "
    "drop_remainder=True, or a generator that has ended. Use smaller batches, or keep the last one."
)
NOTHING_TO_TRAIN_ON = _EMPTY.format(purpose="data", so=", so nothing was trained")
NOTHING_TO_EVALUATE = _EMPTY.format(purpose="data to evaluate on", so="")


def check_data(evaluating=False, **data):
    """Raises a ValueError if data are seen to be empty or of a kind that cannot be read, or arrays hold NaN, anywhere.

    Of data sets, only the first batch is looked at, later.

    Args:
        evaluating: Bool, whether `x` is evaluated, not trained on.
        **data: What the user passed, by the names of the arguments. None: not passed (but for `x`).
    """
    for name, value in data.items():
        if value is None and name == "x":
            raise ValueError(f"`x` must be the data{_DATA} Received: x=None.")
        if isinstance(value, (str, os.PathLike)):
            raise ValueError(
                f"`{name}` must be the data{_DATA} Received: {name}={value!r}. For a folder of images, make a data set: "
                f"{name}=keras_gans.data.images({os.fspath(value)!r}, ...)."
            )
        first = value[0] if isinstance(value, (tuple, list)) and value else value
        if (isinstance(first, np.ndarray) and not len(first)) or (
            isinstance(first, tf.data.Dataset) and int(first.cardinality()) == 0
        ):
            raise ValueError(NOTHING_TO_TRAIN_ON if name == "x" and not evaluating else NOTHING_TO_EVALUATE)
        for part, leaf in _leaves(value, f"`{name}`"):
            _check_kind(part, leaf)
            if _is_array(leaf) and len(leaf.shape):
                check_examples(leaf, f"{part} has")


@contextlib.contextmanager
def explained(**data):
    """Raises a ValueError in place of an error of Keras that comes of the first batch of a `keras.utils.PyDataset`.

    Args:
        **data: What the user passed, by the names of the arguments.
    """
    try:
        yield
    except Exception as error:
        for name, value in data.items():
            batch = _first_batch(value)
            try:
                _check_batch(f"The first batch of `{name}`", batch)
            except ValueError as explanation:
                raise explanation from error
        raise


def _first_batch(data):
    """The first batch of a PyDataset; None of other data, which are not read again, and of one that fails."""
    try:
        return data[0] if isinstance(data, keras.utils.PyDataset) else None
    except Exception:
        return None


def _check_batch(what, batch):
    """Raises a ValueError if a batch is not arrays all through."""
    if isinstance(batch, tuple) and any(part is None for part in batch):
        raise ValueError(f"{what} must be arrays. Received: a tuple of which a part is None. Leave it out: return (x,).")
    for part, leaf in _leaves(batch, what):
        _check_kind(part, leaf)


def check_ends(name, data, argument, steps):
    """Raises a ValueError if data never end, and nobody says how many batches to take.

    Args:
        name: String, the argument that has the data.
        data: What the user passed.
        argument: String, the argument that says how many batches are taken.
        steps: Int, its value, or None.
    """
    if steps is None and is_endless(data):
        stopped = "; a large one, if a callback ends the training" if argument == "steps_per_epoch" else ""
        raise ValueError(
            f"`{name}` never ends, so nothing would come after it. Received: an endless {type(data).__name__}, and "
            f"{argument}=None. Leave out `repeat`, or pass {argument}{stopped}."
        )


def check_generators(
    x=None,
    validation_data=None,
    epochs=1,
    initial_epoch=0,
    steps_per_epoch=None,
    validation_steps=None,
    validation_freq=1,
    **_,
):
    """Raises a ValueError if a Python generator, which gives its batches once, is to be gone through more than once.

    Keras would go on with its first two batches. Arguments are those of `fit`; others are not looked at.
    """
    trained = range(initial_epoch + 1, epochs + 1)
    every = is_int(validation_freq)
    validated = [epoch for epoch in trained if (epoch % validation_freq == 0 if every else epoch in validation_freq)]
    for name, data, number, steps, given in (
        ("x", x, len(trained), "steps_per_epoch", steps_per_epoch),
        ("validation_data", validation_data, len(validated), "validation_steps", validation_steps),
    ):
        if inspect.isgenerator(data) and given is None and number > 1:
            stopped = f" If a callback ends the training in the first of them, pass epochs={trained[0]}." if name == "x" else ""
            raise ValueError(
                f"`{name}` is a Python generator, which gives its batches once. Received: {number} epochs that go through it. "
                f"Pass {steps}=..., how many batches each epoch takes of it; or data that begin anew: a keras.utils.PyDataset, "
                f"or tf.data.Dataset.from_generator(function, output_signature=...).{stopped}"
            )


def check_one_batch(**data):
    """Raises a ValueError if what the user passes as one batch is not arrays.

    Args:
        **data: What the user passed, by the names of the arguments. None: not passed (but for `x`).
    """
    for name, value in data.items():
        kinds = (tf.data.Dataset, keras.utils.PyDataset, str, os.PathLike)
        if isinstance(value, kinds) or hasattr(value, "__next__") or (value is None and name == "x"):
            raise ValueError(
                f"`{name}` must be one batch, an array or several. Received: {name}={value!r}. A data set is for `fit` and "
                "`evaluate`; or pass its batches one after the other."
            )
        for part, leaf in _leaves(value, f"`{name}`"):
            _check_kind(part, leaf)


def as_arrays(value):
    """Data that are arrays all through, in their structure, as NumPy arrays; None for data sets and others."""
    leaves = [leaf for _, leaf in _leaves(value, "")]
    if not leaves or not all(map(_is_array, leaves)):
        return None
    return keras.tree.map_structure(lambda leaf: None if leaf is None else np.asarray(leaf), value)


def _leaves(value, name):
    """Yields the leaves of dicts, lists and tuples of data, with names that have dicts' keys, but not the places in lists."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{name}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _leaves(each, name)
    elif value is not None:
        yield name, value


def _is_array(leaf):
    """Whether a part of data is an array, a tensor, or a table."""
    return isinstance(leaf, (np.ndarray, tf.Tensor)) or hasattr(leaf, "to_numpy")


def _check_kind(name, leaf):
    """Raises unless a part of the data, called `name`, consists of numbers, or is something that Keras reads in batches."""
    if isinstance(leaf, (numbers.Number, np.generic, str, bytes)):
        raise ValueError(
            f"{name} must be an array. Received: {leaf!r}, alone or in a list. Make one array: np.array(values). "
            + (HOW_TO_NUMBER if isinstance(leaf, (str, bytes)) else "")
        )
    if isinstance(leaf, Image.Image):
        raise ValueError(
            f"{name} must be an array. Received: Pillow images. Make a data set of them: keras_gans.data.images(list_of_images)."
        )
    if isinstance(leaf, (tf.SparseTensor, tf.RaggedTensor)) or hasattr(leaf, "tocoo"):
        dense = {tf.SparseTensor: "tf.sparse.to_dense(values)", tf.RaggedTensor: "values.to_tensor()"}
        raise ValueError(
            f"{name} must be a dense array. Received: a {type(leaf).__name__}. Make it dense: "
            f"{dense.get(type(leaf), 'values.toarray()')}."
        )
    if hasattr(leaf, "to_numpy"):
        _check_table(name, leaf)
    elif isinstance(leaf, np.ndarray):
        check_not_masked(leaf, f"{name} has")
        if leaf.dtype.kind not in "biufV":  # V: bfloat16, which NumPy does not know
            _refuse_values(name, leaf.flat, f"dtype {leaf.dtype}")
    elif isinstance(leaf, tf.Tensor) and leaf.dtype == tf.string:
        _refuse_values(name, np.asarray(leaf).flat, "strings")


def _check_table(name, table):
    """Raises if a column of a table, or a single column, holds something other than NumPy numbers."""
    columns = (
        {"": table}
        if hasattr(table, "dtype")
        else {f" in the column {key!r}": table[key] for key in getattr(table, "columns", ())}
    )
    for of, column in columns.items():
        if not isinstance(column.dtype, np.dtype) or column.dtype.kind not in "biuf":
            _refuse_values(name, column, f"dtype {column.dtype}{of}")


def _refuse_values(name, values, received):
    first = next(iter(values), None)
    if isinstance(first, (str, bytes)):
        raise ValueError(f"{name} has strings, {str(first)!r} for example. Expected numbers. {HOW_TO_NUMBER}")
    raise ValueError(
        f"{name} must be numbers of NumPy. Received: {received}, the first value is {first!r}. Convert them: "
        '.astype("float32"), or .astype("int64") for labels.'
    )
