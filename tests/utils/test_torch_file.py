"""Files of both of PyTorch's formats, built here byte by byte."""

import collections
import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from keras_gans.utils.torch_file import read_torch_file

MAGIC = 0x1950A86A20F9469CFC6C


class Global:
    """Pickled as the name of something in a module that is not here."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Call:
    """Pickled as a call of a global."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments


class Pickler(pickle._Pickler):
    """Writes names of modules that need not be importable."""

    def save(self, thing, **rest):
        if isinstance(thing, Global):
            self.write(f"c{thing.module}\n{thing.name}\n".encode())
        elif isinstance(thing, Call):
            self.save(thing.function)
            self.save(thing.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(thing, **rest)

    def persistent_id(self, thing):
        return thing.identity if isinstance(thing, Storage) else None


class Storage:
    def __init__(self, kind, key, count):
        self.identity = ("storage", Global("torch", kind), key, "cpu", count, None)


def pickled(*things):
    file = io.BytesIO()
    for thing in things:
        Pickler(file, 2).dump(thing)
    return file.getvalue()


def tensor(storage, offset, size, stride):
    return Call(Global("torch._utils", "_rebuild_tensor_v2"), storage, offset, size, stride, False, collections.OrderedDict())


def content(entries, storages, magic=MAGIC):
    data = pickled(magic, 1001, {"little_endian": True}, entries, list(storages))
    for values in storages.values():
        data += np.int64(values.size).tobytes() + values.tobytes()
    return data


def archive(entries, storages, byteorder=b"little"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("weights/data.pkl", pickled(entries))
        made.writestr("weights/byteorder", byteorder)
        for key, values in storages.items():
            made.writestr(f"weights/data/{key}", values.tobytes())
    return file.getvalue()


either_format = pytest.mark.parametrize("make", [content, archive])


def written(folder, data):
    path = folder / "weights.pth"
    path.write_bytes(data)
    return path


FLOATS = np.arange(12, dtype="<f4") / 8


@either_format
def test_views(make, tmp_path):
    floats, count = Storage("FloatStorage", "1", 12), Storage("LongStorage", "2", 1)
    entries = collections.OrderedDict(
        matrix=tensor(floats, 0, (3, 4), (4, 1)),
        transposed=tensor(floats, 0, (4, 3), (1, 4)),
        row=tensor(floats, 4, (4,), (1,)),
        count=tensor(count, 0, (), ()),
    )
    data = make(entries, {"1": FLOATS, "2": np.int64([7])})
    arrays = read_torch_file(written(tmp_path, data))
    assert list(arrays) == ["matrix", "transposed", "row", "count"]
    np.testing.assert_array_equal(arrays["matrix"], FLOATS.reshape(3, 4))
    np.testing.assert_array_equal(arrays["transposed"], FLOATS.reshape(3, 4).T)
    np.testing.assert_array_equal(arrays["row"], FLOATS[4:8])
    assert (arrays["count"], arrays["count"].dtype) == (7, "int64")
    with pytest.raises(ValueError, match="not a state dict of PyTorch, whole"):
        read_torch_file(written(tmp_path, data[:-9]))


def test_a_parameter_is_its_tensor(tmp_path):
    matrix = tensor(Storage("FloatStorage", "1", 12), 0, (3, 4), (4, 1))
    entries = {"x": Call(Global("torch._utils", "_rebuild_parameter"), matrix, True, collections.OrderedDict())}
    np.testing.assert_array_equal(read_torch_file(written(tmp_path, archive(entries, {"1": FLOATS})))["x"], FLOATS.reshape(3, 4))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive({"x": tensor(Storage("FloatStorage", "1", 12), 0, (3,), (1,))}, {}), "data/1"),
        (archive({"x": tensor(Storage("FloatStorage", "1", 12), 0, (3,), (1,))}, {"1": FLOATS[:5]}), "another size"),
        (archive({}, {}, b"big"), "little-endian"),
    ],
)
def test_damaged_archives(data, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        read_torch_file(written(tmp_path, data))


@pytest.mark.parametrize(("size", "stride"), [((3, 5), (5, 1)), ((13,), (1,)), ((0,), (1,)), ((2,), (-1,)), ((2, 2), (1,))])
@either_format
def test_outside_of_the_storage(make, tmp_path, size, stride):
    entries = {"x": tensor(Storage("FloatStorage", "1", 12), 0, size, stride)}
    with pytest.raises(ValueError, match="not a state dict"):
        read_torch_file(written(tmp_path, make(entries, {"1": FLOATS})))


@either_format
def test_no_code_is_run(make, tmp_path):
    for function, argument in [(Global("os", "mkdir"), str(tmp_path / "made")), (Global("builtins", "eval"), "1")]:
        data = make({"x": Call(function, argument)}, {})
        with pytest.raises(ValueError, match=f"asks for {function.module}.{function.name}"):
            read_torch_file(written(tmp_path, data))
    assert not os.path.exists(tmp_path / "made")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a zip file", content({}, {}, magic=1)])
def test_other_files(tmp_path, data):
    with pytest.raises(ValueError, match="not a state dict of PyTorch"):
        read_torch_file(written(tmp_path, data))


HOSTILE = [
    ((10**13,), (0,), 0),
    ((10**9,), (0,), 0),
    ((10**5, 10**5), (0, 0), 0),
    ((13,), (0,), 0),
    ((3,), (1,), -3),
    ((3,), (1,), 10),
    ((3,), (1,), 10**30),
]


@pytest.mark.parametrize(("size", "stride", "offset"), HOSTILE)
@either_format
def test_more_elements_than_the_storage(make, tmp_path, size, stride, offset):
    entries = {"x": tensor(Storage("FloatStorage", "1", 12), offset, size, stride)}
    with pytest.raises(ValueError, match="outside of its storage"):
        read_torch_file(written(tmp_path, make(entries, {"1": FLOATS})))


def test_repeated_elements_of_a_storage(tmp_path):
    entries = {"x": tensor(Storage("FloatStorage", "1", 12), 5, (2, 6), (0, 1))}
    array = read_torch_file(written(tmp_path, archive(entries, {"1": FLOATS})))["x"]
    np.testing.assert_array_equal(array, [FLOATS[5:11], FLOATS[5:11]])


@either_format
def test_tensors_of_one_storage_share_its_memory(make, tmp_path):
    storage = Storage("FloatStorage", "1", 12)
    data = make({str(k): tensor(storage, 0, (12,), (1,)) for k in range(3)}, {"1": FLOATS})
    first, *others = read_torch_file(written(tmp_path, data)).values()
    assert all(np.shares_memory(first, other) for other in others)


def compressed(data, method):
    """The same archive, compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", method) as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    return file.getvalue()


def with_directory(data, offset, change):
    """The archive with two bytes of each entry of its central directory changed."""
    data, at = bytearray(data), data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + offset : at + offset + 2] = change
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


WHOLE = archive({"x": tensor(Storage("FloatStorage", "1", 12), 0, (3, 4), (4, 1))}, {"1": FLOATS})


@pytest.mark.parametrize(
    "data",
    [
        compressed(WHOLE, zipfile.ZIP_DEFLATED),
        compressed(WHOLE, zipfile.ZIP_DEFLATED)[:60] + b"\xff" * 8 + compressed(WHOLE, zipfile.ZIP_DEFLATED)[68:],
        compressed(WHOLE, zipfile.ZIP_LZMA),
        with_directory(WHOLE, 8, b"\x01\x00"),  # encrypted
        with_directory(WHOLE, 10, b"\x63\x00"),  # an unknown compression
    ],
    ids=["deflated", "corrupt", "lzma", "encrypted", "unknown"],
)
def test_compressed_and_encrypted_archives(data, tmp_path):
    with pytest.raises(ValueError, match="not a state dict of PyTorch.* compressed or encrypted"):
        read_torch_file(written(tmp_path, data))


def test_an_archive_that_says_it_is_larger(tmp_path):
    bomb = with_directory(with_directory(WHOLE, 22, b"\x00\x10"), 26, b"\x00\x10")  # 2**28 bytes and some
    with pytest.raises(ValueError, match="larger than the archive"):
        read_torch_file(written(tmp_path, bomb))
    with pytest.raises(ValueError, match="not a state dict of PyTorch"):
        read_torch_file(written(tmp_path, with_directory(WHOLE, 6, b"\xff\x00")))  # the version of zip that it needs


@pytest.mark.parametrize("count", [10**13, 10**30, -1, "many", None])
@either_format
def test_a_storage_that_says_it_is_larger(make, tmp_path, count):
    entries = {"x": tensor(Storage("FloatStorage", "1", count), 0, (3,), (1,))}
    data = make(entries, {"1": FLOATS})
    if make is content and count == 10**13:  # both places say so
        data = data.replace(np.int64(12).tobytes(), np.int64(count).tobytes())
    with pytest.raises(ValueError, match="not a state dict of PyTorch"):
        read_torch_file(written(tmp_path, data))


@pytest.mark.parametrize(
    "opcodes",
    [
        b"r\xff\xff\xff\x3f",  # a memo of 2**30 objects
        b"\x96\x00\x00\x00\x00\x40\x00\x00\x00.",  # 2**38 bytes
        b"B\xff\xff\xff\x7f",
        b"\x8b\xff\xff\xff\x7f",
    ],
    ids=["memo", "bytearray", "bytes", "long"],
)
def test_pickles_that_allocate(opcodes, tmp_path):
    with pytest.raises(ValueError, match="not a state dict of PyTorch"):
        read_torch_file(written(tmp_path, b"\x80\x02}" + opcodes + b"."))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_torch_file(tmp_path / "weights.pth")


def test_any_damage_is_one_error(tmp_path):
    """Each byte in turn, in both formats: the arrays, or the one error."""
    entries = {"x": tensor(Storage("FloatStorage", "1", 12), 0, (3, 4), (4, 1))}
    for data in (WHOLE, content(entries, {"1": FLOATS})):
        for position in range(0, len(data), 2):
            damaged = bytearray(data)
            damaged[position] ^= 0xFF
            try:
                read_torch_file(written(tmp_path, damaged))
            except ValueError as error:
                assert "is not a state dict of PyTorch" in str(error), position
