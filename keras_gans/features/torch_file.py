"""PyTorch's older format of weight files, read without PyTorch."""

import collections
import pickle

import numpy as np

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8", "IntStorage": "<i4"}


def read_torch_file(path):
    """The arrays of a state dict that `torch.save` wrote before PyTorch 1.6.

    Such a file is five pickles (a magic number, the version, the system, the state dict, the keys of the storages), then for each
    key the number of elements as int64, and the elements. Unpickling makes ordered dicts and arrays, and refuses anything else:
    a file cannot run code.

    Args:
        path: Path of the file.

    Returns:
        Dict of names and NumPy arrays.

    Raises:
        ValueError: if it is not such a file, is cut short, or asks for other objects.
    """
    with open(path, "rb") as file:
        try:
            # The version, and the system, are of no interest.
            magic, _, _ = (_Unpickler(file).load() for _ in range(3))
            if magic != _MAGIC:
                raise ValueError("the magic number is another one")
            unpickler = _Unpickler(file)
            entries = unpickler.load()
            for key in _Unpickler(file).load():
                unpickler.storages[key].read(file)
            return {name: entry.array() for name, entry in entries.items()}
        except (pickle.UnpicklingError, EOFError, LookupError, AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is not a state dict in PyTorch's older format (before 1.6): {error}.") from error


class _Storage:
    """The elements of a tensor, which lie further back in the file."""

    def __init__(self, dtype, count):
        self.dtype, self.count, self.elements = np.dtype(dtype), count, None

    def read(self, file):
        count = int.from_bytes(file.read(8), "little")
        content = file.read(self.count * self.dtype.itemsize)
        if count != self.count or len(content) != self.count * self.dtype.itemsize:
            raise ValueError("it ends too early")
        self.elements = np.frombuffer(content, self.dtype)


class _Tensor:
    """A view of a storage."""

    def __init__(self, storage, offset, size, stride, *_):
        self.storage, self.offset, self.size, self.stride = storage, offset, size, stride

    def array(self):
        elements = self.storage.elements[self.offset :]
        last = sum((size - 1) * stride for size, stride in zip(self.size, self.stride, strict=True))
        if min(self.size, default=1) < 1 or min(self.stride, default=0) < 0 or last >= len(elements):
            raise ValueError("a tensor lies outside of its storage")
        strides = [stride * elements.itemsize for stride in self.stride]
        return np.lib.stride_tricks.as_strided(elements, self.size, strides, writeable=False).copy()


class _Unpickler(pickle.Unpickler):
    """Knows the objects of a state dict, and no others."""

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, identity):
        kind, dtype, key, _, count, *_ = identity
        if kind != "storage":
            raise pickle.UnpicklingError(f"it asks for {kind!r}")
        return self.storages.setdefault(key, _Storage(dtype, count))
