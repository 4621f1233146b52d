"""PyTorch's files of weights, read without PyTorch."""

import collections
import io
import math
import os
import pickle
import pickletools
import zipfile

import numpy as np

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8", "IntStorage": "<i4"}
_PROTOCOL = 2


def read_torch_file(path):
    """The arrays of a state dict that `torch.save` wrote, in either of its formats.

    Before PyTorch 1.6 such a file is five pickles (a magic number, the version, the system, the state dict, the keys of the
    storages), then for each key the number of elements as int64, and the elements. Since then it is a zip archive, without
    compression, with the state dict as `data.pkl`, and the elements of each storage as `data/<key>`.

    A file from anywhere may be read. Unpickling makes ordered dicts and arrays, and refuses anything else: a file cannot run
    code. The arrays are views of the storages, which are no larger than the file: a file cannot fill the memory.

    Args:
        path: Path of the file.

    Returns:
        Dict of names and NumPy arrays, which are read-only.

    Raises:
        ValueError: if the file has another format, is cut short, or asks for other objects, or a tensor has more elements than
            its storage.

    Example:

    ```python
    try:
        keras_gans.utils.torch_file.read_torch_file("x.keras")
    except ValueError as error:
        print(error)  # x.keras is not a state dict of PyTorch, ...
    ```
    """
    with open(path, "rb") as file:
        try:
            read = _read_archive if zipfile.is_zipfile(file) else _read_pickles
            file.seek(0)
            return {name: entry.array() for name, entry in read(file).items()}
        except Exception as error:  # of a damaged file, unpickling may raise any
            reason = str(error) or type(error).__name__
            raise ValueError(f"{path} is not a state dict of PyTorch, whole and of nothing but arrays: {reason}.") from error


def _read_pickles(file):
    """The entries in the format before PyTorch 1.6."""
    content = io.BytesIO(file.read())  # which limits reading and allocation to what there is
    # The version and the system are not used.
    magic, _, _ = (_unpickler(content).load() for _ in range(3))
    if magic != _MAGIC:
        raise ValueError("the magic number is another one")
    unpickler = _unpickler(content)
    entries = unpickler.load()
    for key in _unpickler(content).load():
        storage = unpickler.storages[key]
        count = int.from_bytes(content.read(8), "little")
        if count != storage.count:
            raise ValueError("it ends too early")
        storage.fill(content.read(storage.size))
    return entries


def _read_archive(file):
    """The entries in the format since PyTorch 1.6."""
    with zipfile.ZipFile(file) as archive:
        _check_members(archive.infolist(), os.fstat(file.fileno()).st_size)
        names = [name for name in archive.namelist() if name.rpartition("/")[2] == "data.pkl"]
        if len(names) != 1:
            raise ValueError("it is an archive without a data.pkl")
        folder = names[0].removesuffix("data.pkl")
        if f"{folder}byteorder" in archive.namelist() and archive.read(f"{folder}byteorder").strip() != b"little":
            raise ValueError("its numbers are not little-endian")
        unpickler = _unpickler(io.BytesIO(archive.read(names[0])))
        entries = unpickler.load()
        for key, storage in unpickler.storages.items():
            if archive.getinfo(f"{folder}data/{key}").file_size != storage.size:
                raise ValueError("a storage has another size than it says")
            storage.fill(archive.read(f"{folder}data/{key}"))
    return entries


def _check_members(members, size):
    """Raises unless the members of an archive are disjoint parts of its file, so that they need no more memory than it."""
    encrypted = 1  # a bit of the flags
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & encrypted for member in members):
        raise ValueError("a part of the archive is compressed or encrypted, which PyTorch never does")
    if sum(max(member.file_size, member.compress_size) for member in members) > size:
        raise ValueError("the parts of the archive are larger than the archive")


class _Storage:
    """The elements of a tensor, which lie elsewhere in the file."""

    def __init__(self, dtype, count):
        if dtype not in _DTYPES.values():
            raise pickle.UnpicklingError(f"it asks for elements of type {dtype!r}")
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
        elements = self.storage.elements
        last = self.offset + sum((size - 1) * stride for size, stride in zip(self.size, self.stride, strict=True))
        inside = self.offset >= 0 and min(self.size, default=1) >= 1 and min(self.stride, default=0) >= 0 and last < len(elements)
        # A stride of 0 repeats elements, as often as it says.
        if not inside or math.prod(self.size) > len(elements):
            raise ValueError("a tensor lies outside of its storage")
        strides = [stride * elements.itemsize for stride in self.stride]
        return np.lib.stride_tricks.as_strided(elements[self.offset :], self.size, strides, writeable=False)


def _unpickler(file):
    """An unpickler of the pickle that comes next in a file in memory, after its opcodes were checked.

    Opcodes of later protocols, and memo indices beyond the pickle's length, could allocate any amount of memory.
    """
    start = file.tell()
    for opcode, argument, position in pickletools.genops(file):
        if opcode.proto > _PROTOCOL or ("PUT" in opcode.name and argument > position):
            raise pickle.UnpicklingError(f"it has the opcode {opcode.name} {argument!r:.40}, which PyTorch does not write")
    file.seek(start)
    return _Unpickler(file)


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
