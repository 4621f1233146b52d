"""Arrays of a file of weights by name, each of which must be used exactly once."""

import numpy as np


class NamedArrays:
    """The arrays of a file of weights, which are taken by name and checked.

    Args:
        arrays: Dict, names to arrays.
        source: String, their name in errors.

    Example:

    ```python
    arrays = keras_gans.utils.named_arrays.NamedArrays({"layer.bias": [0.0, 1.0]}, "the state dict")
    bias = arrays.take("layer.bias", (2,))
    arrays.check_all_taken()
    ```
    """

    def __init__(self, arrays, source):
        self.arrays = dict(arrays)
        self.source = source
        self.taken = set()

    def take(self, name, shape):
        """The array of a name, float32, of a shape; in the file it may have more or fewer axes of length 1.

        Raises:
            ValueError: if there is none, or it was taken before, has another shape, or holds NaN or infinite values.
        """
        if name not in self.arrays or name in self.taken:
            raise ValueError(f"{self.source}: expected {name!r}, of shape {shape}. Received: no such entry.")
        array = np.asarray(self.arrays[name], "float32")
        if _without_ones(array.shape) != _without_ones(shape):
            raise ValueError(f"{self.source}: {name!r} must have shape {tuple(shape)}. Received: {array.shape}.")
        if not np.isfinite(array).all():
            raise ValueError(f"{self.source}: {name!r} holds NaN or infinite values: the file is damaged.")
        self.taken.add(name)
        return array.reshape(shape)

    def check_all_taken(self):
        """Raises a ValueError if an array was not taken: the weights are another network's."""
        left = sorted(set(self.arrays) - self.taken)
        if left:
            raise ValueError(f"{self.source}: {len(left)} entries that the network does not have: {', '.join(left[:5])}...")


def _without_ones(shape):
    return [size for size in shape if size != 1]
