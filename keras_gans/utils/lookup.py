"""Objects by their names, as in `loss="hinge"`."""

import re

import keras


def snake_case(name):
    """A class's name in snake case, for logs and for arguments: "LeastSquares" becomes "least_squares"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def lookup(identifier, base, named, what, hint):
    """The object that `identifier` stands for: a name of `named`, a configuration, or a `base` object, which is returned."""
    if isinstance(identifier, str) and identifier in named:
        return named[identifier]()
    if isinstance(identifier, dict):
        identifier = keras.saving.deserialize_keras_object(identifier)
    if isinstance(identifier, type) and issubclass(identifier, base):
        identifier = identifier()
    if isinstance(identifier, base):
        return identifier
    raise ValueError(f"Unknown {what}. Expected one of {sorted(named)}, or a `{base.__name__}`. Received: {identifier!r}. {hint}")
