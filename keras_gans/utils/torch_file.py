"""PyTorch's files of weights, read without PyTorch."""

import collections
import pickle
import zipfile

import numpy as np

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8", "IntStorage": "<i4"}
_REFUSED = (pickle.UnpicklingError, EOFError, LookupError, AttributeError, TypeError, ValueError, zipfile.BadZipFile)


def read_torch_file(path):
    """The arrays of a state dict that `torch.save` wrote, in either of its formats.

    Before PyTorch 1.6 such a file is five pickles (a magic number, the version, the system, the state dict, the keys of the
    storages), then for each key the number of elements as int64, and the elements. Since then it is a zip archive with the state
    dict as `data.pkl`, and the elements of each storage as `data/<key>`. Unpickling makes ordered dicts and arrays, and refuses
    anything else: a file cannot run code.

    Args:
        path: Path of the file.

    Returns:
        Dict of names and NumPy arrays.

    Raises:
        ValueError: if the file has another format, is cut short, or asks for other objects.

    Example:

    ```python
    try:
        keras_gans.utils.torch_file.read_torch_file("gan.keras")
    except ValueError as error:
        print(error)  # gan.keras is not a state dict of PyTorch: ...
    ```
    """
    read = _read_archive if zipfile.is_zipfile(path) else _read_pickles
    try:
        return {name: entry.array() for name, entry in read(path).items()}
    except _REFUSED as error:
        raise ValueError(f"{path} is not a state dict of PyTorch, whole and of nothing but arrays: {error}.") from error


def _read_pickles(path):
    """The entries in the format before PyTorch 1.6."""
    with open(path, "rb") as file:
        # The version and the system are not used.
        magic, _, _ = (_Unpickler(file).load() for _ in range(3))
        if magic != _MAGIC:
            raise ValueError("the magic number is another one")
        unpickler = _Unpickler(file)
        entries = unpickler.load()
        for key in _Unpickler(file).load():
            storage = unpickler.storages[key]
            count = int.from_bytes(file.read(8), "little")
            if count != storage.count:
                raise ValueError("it ends too early")
            storage.fill(file.read(storage.size))
    return entries


def _read_archive(path):
    """The entries in the format since PyTorch 1.6."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.rpartition("/")[2] == "data.pkl"]
        if len(names) != 1:
            raise ValueError("it is an archive without a data.pkl")
        folder = names[0].removesuffix("data.pkl")
        if f"{folder}byteorder" in archive.namelist() and archive.read(f"{folder}byteorder").strip() != b"little":
            raise ValueError("its numbers are not little-endian")
        with archive.open(names[0]) as file:
            unpickler = _Unpickler(file)
            entries = unpickler.load()
        for key, storage in unpickler.storages.items():
            # The size is known before the bytes are there: an archive cannot fill the memory.
            if archive.getinfo(f"{folder}data/{key}").file_size != storage.size:
                raise ValueError("a storage has another size than it says")
            storage.fill(archive.read(f"{folder}data/{key}"))
    return entries


class _Storage:
    """The elements of a tensor, which lie elsewhere in the file."""

    def __init__(self, dtype, count):
        self.dtype, self.count, self.elements = np.dtype(dtype), count, None

    @property
    def size(self):
        """In bytes."""
        return self.count * self.dtype.itemsize

    def fill(self, content):
        if len(content) != self.size:
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
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return lambda tensor, *_: tensor
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, identity):
        kind, dtype, key, _, count, *_ = identity
        if kind != "storage":
            raise pickle.UnpicklingError(f"it asks for {kind!r}")
        return self.storages.setdefault(key, _Storage(dtype, count))
