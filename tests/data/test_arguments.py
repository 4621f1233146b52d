"""Arguments of the wrong kind are refused by name; values that are missing are found."""

import struct
import warnings
import zlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans import data
from keras_gans.utils.ranges import slip

ARRAY = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3)).astype("uint8")


def collect(dataset):
    return np.concatenate([np.asarray(batch) for batch in dataset])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": (64,)}, r"`size`.*size=\(64,\)"),
        ({"size": (8, 8, 3)}, "`size`"),
        ({"size": 0}, "`size`.*size=0"),
        ({"size": -4}, "`size`"),
        ({"size": "64"}, "`size`.*size='64'"),
        ({"size": 64.0}, "`size`"),
        ({"size": True}, "`size`"),
        ({"size": (8, True)}, "`size`"),
        ({"batch_size": 0}, "`batch_size`.*batch_size=0"),
        ({"batch_size": -1}, "`batch_size`"),
        ({"batch_size": 2.0}, "`batch_size`"),
        ({"batch_size": True}, "`batch_size`"),
        ({"batch_size": None}, "`batch_size`"),
        ({"channels": 2}, "`channels`.*channels=2"),
        ({"channels": 4}, "`channels`"),
        ({"channels": True}, "`channels`"),
        ({"channels": "rgb"}, "`channels`"),
        ({"shuffle": -1}, "`shuffle`"),
        ({"shuffle": 2.5}, "`shuffle`"),
        ({"shuffle": "True"}, "`shuffle`"),
        ({"seed": 1.5}, "`seed`"),
        ({"seed": True}, "`seed`"),
        ({"seed": "1"}, "`seed`"),
        ({"seed": -1}, "`seed`"),
        ({"flip": "no"}, "`flip`"),
        ({"cache": "folder/cache"}, "`cache`"),
        ({"drop_remainder": 1}, "`drop_remainder`"),
        ({"verbose": "auto"}, "`verbose`"),
        ({"on_error": "ignore"}, "`on_error`"),
        ({"batch_size": 7, "drop_remainder": True}, "No batch is left.*6 images, batch_size=7"),
    ],
)
def test_arguments_of_images(arguments, message):
    with pytest.raises(ValueError, match=f"{message}.*Received|Received.*{message}|{message}"):
        data.images(ARRAY, **arguments)


def test_ints_of_numpy_and_lists_are_fine():
    got = data.images(ARRAY, size=[np.int64(4), 5], batch_size=np.int32(2), seed=np.int64(1), channels=np.int64(3), verbose=0)
    assert [batch.shape for batch in got] == [(2, 4, 5, 3)] * 3
    np.testing.assert_array_equal(collect(data.images(ARRAY, shuffle=0)), collect(data.images(ARRAY, shuffle=False)))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(5), r"Expected 6 labels.*\(5,\)"),
        (np.arange(7), "Expected 6 labels"),
        (3, "Expected 6 labels"),
        (["cat", "dog"] * 3, r"must be numbers.*'cat'.*np\.unique"),
        ([0, None] * 3, "must be numbers"),
        ([[0], [1, 2]] * 3, "several lengths"),
        ([0, 1, np.nan, 3, np.inf, 5], "2 of 6 images, the first at index 2"),
        ({"kind": np.arange(6), "age": np.arange(5)}, "Expected 6 labels"),
    ],
)
def test_labels(labels, message):
    with pytest.raises(ValueError, match=message):
        data.images((ARRAY, labels))


@pytest.mark.parametrize(
    "labels", [[0, 1, 2, 3, 4, 5], (0, 1, 2, 3, 4, 5), np.eye(6), np.linspace(0, 1, 6), np.arange(6) > 2, tf.range(6)]
)
def test_labels_that_are_numbers_are_kept(labels):
    _, got = next(iter(data.images((ARRAY, labels), shuffle=False)))
    np.testing.assert_array_equal(got, np.asarray(labels))


def test_several_labels_are_kept():
    labels = {"kind": np.arange(6), "pose": np.eye(6)}
    _, got = next(iter(data.images((ARRAY, labels), shuffle=False)))
    np.testing.assert_array_equal(got["pose"], np.eye(6))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_missing_values(value, dtype):
    x = np.zeros((5, 4, 4, 1), dtype)
    x[2, 1, 1], x[4] = value, value
    with pytest.raises(ValueError, match="2 of 5 images, the first at index 2"):
        data.images(x)
    with pytest.raises(ValueError, match="2 of 5 images, the first at index 2"):
        data.semi_supervised(x, np.arange(5) % 2, 1)
    dataset = data.images(tf.data.Dataset.from_tensor_slices((x, np.arange(5))), shuffle=False, batch_size=1)
    with pytest.raises(tf.errors.InvalidArgumentError, match="NaN.*index.*2"):
        list(dataset)


def test_values_out_of_range_of_a_data_set():
    x = np.zeros((5, 4, 4, 1), "float32")
    x[3] = 1.5
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[-1, 1\].*index.*3"):
        list(data.images(tf.data.Dataset.from_tensor_slices(x)))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "Expected an array.*NoneType"),
        ([], "Expected an array"),
        ({"image": ARRAY}, "Expected an array.*dict"),
        ((image for image in ARRAY), "Expected an array.*generator"),
        ([ARRAY[0], ARRAY[0, :4]], r"one size.*\(4, 8, 3\), \(8, 8, 3\)"),
        (ARRAY.astype("uint16") * 257, r"dtype uint16, values from 0 to 65\d+.*257"),
        (ARRAY > 3, "dtype bool"),
        (np.array([["a"]]), "Expected an array"),
        ((ARRAY, np.arange(6), np.ones(6)), "images, and labels|list of files, and labels"),
    ],
)
def test_sources(source, message):
    with pytest.raises(ValueError, match=message):
        data.images(source)


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (tf.data.Dataset.from_tensor_slices(["a.png"]), "strings.*list"),
        (tf.data.Dataset.from_tensor_slices(ARRAY.astype("uint16")), "uint16.*257"),
        (tf.data.Dataset.from_tensor_slices((ARRAY, np.arange(6), np.arange(6))), "3 parts"),
        (tf.data.Dataset.from_generator(lambda: ARRAY, output_signature=tf.TensorSpec((None, None, 3), "uint8")), "need `size`"),
        (tf.data.Dataset.from_generator(lambda: ARRAY, output_signature=tf.TensorSpec(None, "uint8")), "unknown shape"),
        (tf.data.Dataset.from_tensors(tf.ragged.constant([[1], [2, 3]])), "Ragged"),
    ],
)
def test_data_sets(dataset, message):
    with pytest.raises(ValueError, match=message):
        data.images(dataset)


def test_class_names_of_a_data_set_are_kept():
    dataset = tf.data.Dataset.from_tensor_slices((ARRAY, np.arange(6)))
    assert data.images(dataset).class_names is None
    dataset.class_names = list("abcdef")
    assert data.images(dataset).class_names == list("abcdef")
    assert data.images(ARRAY).class_names is None


def test_keys_of_a_data_set_that_are_left_out_are_said(capsys):
    dataset = tf.data.Dataset.from_tensor_slices({"image": ARRAY, "labels": np.arange(6), "box": np.arange(6)})
    assert collect(data.images(dataset)).shape == (6, 8, 8, 3)
    assert capsys.readouterr().out == 'Of each element, "image"; left out: box, labels\n'


def test_channels_of_arrays():
    gray = ARRAY[..., :1]
    scaled = gray / 127.5 - 1
    np.testing.assert_allclose(collect(data.images(gray, channels=3, shuffle=False)), np.repeat(scaled, 3, -1), atol=1e-6)
    expected = [np.asarray(Image.fromarray(image).convert("L"))[..., None] for image in ARRAY]
    got = (collect(data.images(ARRAY, channels=1, shuffle=False)) + 1) * 127.5
    np.testing.assert_allclose(got, expected, atol=1.01)
    with pytest.raises(ValueError, match="2 channels, channels=3"):
        data.images(ARRAY[..., :2], channels=3)


def test_pillow_images():
    pillow = [Image.fromarray(image) for image in ARRAY]
    np.testing.assert_allclose(collect(data.images(pillow, shuffle=False)), ARRAY / 127.5 - 1, atol=1e-6)
    palette = Image.fromarray(ARRAY[0]).quantize(8)
    expected = np.asarray(palette.convert("RGB")) / 127.5 - 1
    np.testing.assert_allclose(collect(data.images([palette]))[0], expected, atol=1e-6)
    assert collect(data.images([image.convert("L") for image in pillow])).shape == (6, 8, 8, 1)


@pytest.mark.parametrize(("image_format", "floatx"), [("channels_first", "float32"), ("channels_last", "float16")])
def test_settings_of_keras_do_not_matter(image_format, floatx):
    array = np.random.default_rng(0).integers(0, 256, (2, 20, 28, 3)).astype("uint8")
    expected = collect(data.images(array, size=8, shuffle=False))
    before = keras.config.image_data_format(), keras.config.floatx()
    keras.config.set_image_data_format(image_format)
    keras.config.set_floatx(floatx)
    try:
        got = data.images(array, size=8, shuffle=False)
        assert got.element_spec.dtype == tf.float32
        np.testing.assert_array_equal(collect(got), expected)
    finally:
        keras.config.set_image_data_format(before[0])
        keras.config.set_floatx(before[1])


@pytest.mark.parametrize(
    "arguments", [{"samples": 0}, {"samples": 2.0}, {"samples": True}, {"samples": 2, "seed": -1}, {"samples": 2, "seed": 0.5}]
)
def test_arguments_of_stacked_digits(arguments):
    with pytest.raises(ValueError, match="must be an int"):
        data.stacked_digits(**arguments)


@pytest.mark.parametrize(
    "arguments", [{"batch_size": 20.0}, {"labelled_per_batch": True}, {"labelled_per_class": 1.0}, {"seed": "a"}]
)
def test_arguments_of_semi_supervised(arguments):
    with pytest.raises(ValueError, match="must be an int"):
        data.semi_supervised(ARRAY, np.arange(6) % 2, **arguments)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (ARRAY > 127, r"dtype bool.*`2\. \* x - 1` if 0 is black"),
        ((ARRAY > 127).astype("int64"), r"dtype int64.*`2\. \* x - 1` if 0 is black"),
        (Image.new("RGB", (8, 6)), r"one image, of 8 x 6 pixels. Pass a list: \[image\]"),
        (ARRAY[0], r"shape \(8, 8, 3\), as of one image \(height, width, channels\). Pass a list of images, or images\[None\]"),
        (ARRAY[0, ..., :1], "as of one image"),
        ((name for name in ["a.png"]), r"Received: generator. Pass a list: list\(...\)"),
        ({"a.png"}, r"Received: set. Pass a list: list\(...\)"),
        (map(np.asarray, [ARRAY[0]]), r"Received: map. Pass a list: list\(...\)"),
        ([], "an empty list: no images, and no files"),
        (["a.png", ARRAY[0]], r"a list of paths and of other things. Pass the one or the other: number 1 is ndarray \(8, 8, 3\)"),
        (np.array(["a.png", np.nan], object), "paths and of other things. .*: number 1 is nan"),
        (["a.png", None], "number 1 is None"),
        ([ARRAY, np.arange(6)], r"a pair \(images, labels\).*data.images takes labels too, in a tuple \(images, labels\)"),
        (((ARRAY, np.arange(6)), (ARRAY[:2], np.arange(2))), r"two pairs, as `load_data` of Keras.*images\(train\)"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else type(value).__name__,
)
def test_what_is_not_images_is_told_apart(source, message):
    with pytest.raises(ValueError, match=message):
        data.images(source)


FIRST = ARRAY.transpose(0, 3, 1, 2)


@pytest.mark.parametrize(
    "load",
    [
        lambda: data.images(FIRST),
        lambda: data.images((FIRST, np.arange(6)), size=8),
        lambda: data.images(list(FIRST[:, :1])),
        lambda: data.paired(FIRST, FIRST),
        lambda: data.super_resolution(FIRST, crop=4),
        lambda: data.semi_supervised(FIRST, np.arange(6) % 2),
    ],
)
def test_channels_that_come_first_are_told(load):
    with pytest.raises(ValueError, match=r"shape \(6, [13], 8, 8\). The channels come first.*: np.moveaxis\(x, 1, -1\)"):
        load()
    with pytest.raises(ValueError, match=r"shape \(3, 8, 8\). The channels come first.*: tf.transpose\(image, \(1, 2, 0\)\)"):
        data.images(tf.data.Dataset.from_tensor_slices(FIRST))


@pytest.mark.parametrize("shape", [(2, 1, 100, 12), (2, 3, 8, 3), (2, 8, 3, 8), (2, 3, 3, 3), (2, 3, 3, 4)])
def test_flat_images_of_many_channels_are_fine(shape):
    data.images(np.zeros(shape, "uint8"))


def test_masks_of_uint8_are_told():
    mask = (ARRAY > 127).astype("uint8")
    with pytest.warns(UserWarning, match=r"uint8, and their pixels are 0 and 1 alone, of 0..255.*2\. \* x - 1"):
        data.images(mask)
    np.testing.assert_array_equal(np.unique(collect(data.images(2.0 * mask - 1))), [-1, 1])
    data.images(0 * mask)  # black


def test_masks_of_a_data_set_are_told():
    with pytest.raises(ValueError, match=r"dtype bool.*`dataset.map`: 2\. \* tf.cast\(image, tf.float32\) - 1\.$"):
        data.images(tf.data.Dataset.from_tensor_slices(ARRAY > 127))


def test_files_of_masks_are_told(tmp_path):
    for number, image in enumerate(ARRAY[..., 0]):
        Image.fromarray((image > 127).astype("uint8")).save(tmp_path / f"{number}.png")
    with pytest.warns(UserWarning, match="Of the files .*0.png.* 0 and 1 alone.*Save masks with 0 and 255"):
        data.images(tmp_path, size=8, verbose=False)
    Image.fromarray(ARRAY[0, ..., 0]).save(tmp_path / "0.png")
    data.images(tmp_path, size=8, verbose=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "fashion_mnist", "data_dir": 5}, "`data_dir` must be a folder. Received: data_dir=5"),
        ({"name": "tfds:mnist", "data_dir": 5}, "`data_dir` must be a folder. Received: data_dir=5"),
        ({"name": "tfds:"}, 'Expected the name of a data set of TFDS.*Received: "tfds:"'),
    ],
)
def test_named_data_sets_are_checked(arguments, message):
    with pytest.raises(ValueError, match=message):
        data.load(**arguments)


def test_channels_are_a_whole_number():
    with pytest.raises(ValueError, match=r"`channels`.*Received: channels=1\.0"):
        data.images(ARRAY, channels=1.0)


LABELS = np.random.default_rng(0).integers(0, 19, (6, 8, 8, 1)).astype("uint8")
NIGHT = (np.random.default_rng(0).normal(12, 6, (6, 8, 8, 3)).clip(0, 60)).astype("uint8")
NUMBERS = "are at most 18, of 0..255, as numbers of classes, or they are very dark: all of them will be nearly black"


@pytest.mark.parametrize(
    "load",
    [
        lambda: data.images(LABELS),
        lambda: data.images(np.repeat(LABELS, 3, -1)),
        lambda: data.images(list(LABELS)),
        lambda: data.paired(LABELS, ARRAY),
        lambda: data.super_resolution(LABELS, crop=4),
        lambda: data.super_resolution(list(LABELS), crop=4),
    ],
)
def test_numbers_of_classes_are_told(load):
    with pytest.warns(
        UserWarning, match=f"The images are uint8, and their pixels {NUMBERS}. Of numbers of classes make"
    ) as found:
        load()
    assert len(found) == 1


@pytest.mark.parametrize("source", [NIGHT, NIGHT[:1] // 3, LABELS + 3, LABELS[:, :1, :1] + np.zeros((1, 8, 8, 1), "uint8")])
def test_dark_photographs_are_no_labels(source):
    data.images(source)
    data.super_resolution([*source, ARRAY[0, ..., : source.shape[-1]]], crop=4)
    list(data.images(tf.data.Dataset.from_tensor_slices(source)).take(2))


@pytest.mark.parametrize("source", [LABELS, (ARRAY > 127).astype("uint8")], ids=["labels", "mask"])
def test_what_training_says_of_masks_in_a_data_set(source):
    (batch,) = data.images(tf.data.Dataset.from_tensor_slices(source), batch_size=6)
    assert "less than 1/8 of the range. If they were scaled twice, or had few levels" in slip("The images", batch)


@pytest.mark.parametrize("cache", [True, False])
@pytest.mark.parametrize("first", [np.arange(4), (ARRAY > 127)[:4, 0, 0, 0]], ids=["dark", "black and one"])
def test_data_sets_whose_first_images_are_dark_are_fine(first, cache):
    bright = ARRAY.copy()
    bright[:4] = 0
    bright[:4, 0, 0, 0] = first
    list(data.images(tf.data.Dataset.from_tensor_slices(bright), shuffle=False, cache=cache))


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (LABELS[0, ..., 0], f"0.png', the pixels {NUMBERS}. Save them as gray"),
        (ARRAY[0, ..., 0].astype("uint16") * 16, "0.png', the pixels have 16 bits, and are at most .* of 65535.* Scale them"),
        (ARRAY[0, ..., 0].astype("uint16") // 8, "the pixels have 16 bits"),
    ],
)
def test_files_whose_white_is_not_white_are_told(tmp_path, array, message):
    for number in range(3):
        Image.fromarray(array).save(tmp_path / f"{number}.png")
    with pytest.warns(UserWarning, match=message):
        data.images(tmp_path, size=8, verbose=False)


def test_colored_files_of_16_bits_that_hold_8_are_told(tmp_path):
    header = struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in ARRAY[0])
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    coded = [struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in chunks]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(coded))
    with pytest.warns(UserWarning, match="the pixels have 16 bits"):
        data.images(tmp_path, size=8, verbose=False)


def test_dark_files_among_others_are_no_labels(tmp_path):
    for number, image in enumerate([*NIGHT, *ARRAY]):
        Image.fromarray(image if number else LABELS[0, ..., 0]).save(tmp_path / f"{number}.png")
    data.images(tmp_path, size=8, verbose=False)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_pillow_images_of_32_bits_are_refused(mode):
    with pytest.raises(ValueError, match=f"Pillow images must have 8 or 16 bits. Received: mode '{mode}'.*no known range"):
        data.images([Image.fromarray(ARRAY[0, ..., 0]).convert(mode)])
    data.images([Image.fromarray(ARRAY[0, ..., 0].astype("uint16") * 257)])


def test_floats_may_be_rounded():
    x = np.linspace(-1.00001, 1.00001, 64, dtype="float32").reshape(1, 8, 8, 1)
    for source in (x, tf.data.Dataset.from_tensor_slices(x)):
        np.testing.assert_array_equal(collect(data.images(source)), x)
    with pytest.raises(ValueError, match=r"floats in \[-1, 1\]"):
        data.images(1.001 * x)


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize(("loader", "arguments"), [(data.colorization, {"size": 12}), (data.super_resolution, {"crop": 8})])
def test_photographs_between_0_and_1_are_warned_of(loader, arguments, as_list):
    photos = np.random.default_rng(0).random((4, 12, 12, 3)).astype("float32")
    for images, kinds in ((photos, [UserWarning]), (2 * photos - 1, [])):
        given = list(images) if as_list else images
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            loader(given, batch_size=4, **arguments)
        assert [w.category for w in warned] == kinds
        assert all("The images lie in [" in str(w.message) and "2 * x - 1" in str(w.message) for w in warned)
