"""Classes by their names: those of ImageNet, which most published generators were trained on."""

import difflib
import functools
import importlib.resources

import numpy as np


@functools.cache
def imagenet_classes():
    """The names of ImageNet's 1000 classes, in the order that TensorFlow and PyTorch count them: 0 is the tench.

    Returns:
        Tuple of tuples of strings: the names of each class, WordNet's synonyms, the usual one first.

    Example:

    ```python
    print(keras_gans.hub.imagenet_classes()[11])  # ('goldfinch', 'Carduelis carduelis')
    ```

    Reference:
        Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge (2015), arXiv:1409.0575; names of WordNet 3.0.
    """
    text = importlib.resources.files("keras_gans.hub").joinpath("imagenet_classes.txt").read_text(encoding="utf-8")
    return tuple(tuple(line.split(", ")) for line in text.splitlines())


def class_index(name, class_names):
    """The number of the class of a name, whatever its case, with underscores or spaces.

    Args:
        name: String. Digits are the number itself.
        class_names: Tuple of tuples of strings, the names of each class.

    Raises:
        ValueError: if no class has that name, with those that are spelt alike; if several have it.
    """
    firsts, others = _table(class_names)
    key = _plain(name)
    if key.isdecimal():
        return int(key)
    found = firsts.get(key, []) if len(firsts.get(key, [])) == 1 else others.get(key, [])
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{index} ({', '.join(class_names[index])})" for index in found)
        raise ValueError(f"{len(found)} classes are called {name!r}: {listed}. Pass the number of one of them.")
    near = difflib.get_close_matches(key, others, n=4, cutoff=0.6) or [each for each in others if key and key in each.split()][:4]
    hint = f"Near: {', '.join(near)}. " if near else ""
    raise ValueError(
        f"There is no class {name!r}. {hint}All names: keras_gans.hub.imagenet_classes(). A class can also be given as a number."
    )


def named_classes(condition, class_names):
    """A condition whose strings, one or an array of them, are replaced by the numbers of their classes; any other as it is.

    Raises:
        ValueError: as `class_index`; if there are strings, and the classes have no names.
    """
    if condition is None or isinstance(condition, dict):
        return condition
    names = np.asarray(condition)
    if names.dtype.kind not in "US":
        return condition
    if class_names is None:
        raise ValueError(f"The classes of this generator have no names. Received: condition={condition!r}. Pass their numbers.")
    indices = np.array([class_index(str(name), class_names) for name in names.reshape(-1)], "int32")
    return indices.reshape(names.shape)


def _plain(name):
    return " ".join(name.replace("_", " ").lower().split())


@functools.lru_cache(maxsize=8)
def _table(class_names):
    """Two dicts of names to numbers of classes: of their usual names, and of all."""
    firsts, others = {}, {}
    for index, names in enumerate(class_names):
        firsts.setdefault(_plain(names[0]), []).append(index)
        for name in dict.fromkeys(map(_plain, names)):
            others.setdefault(name, []).append(index)
    return firsts, others
