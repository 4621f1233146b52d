"""Versions for a server that watches a folder."""

import os
import threading

import pytest
import tensorflow as tf

import keras_gans
from keras_gans.export.versions import latest_version
from keras_gans.export.versions import write_next_version
from tests import tiny


def write(path):
    os.mkdir(path)
    with open(os.path.join(path, "saved_model.pb"), "w") as file:
        file.write(threading.current_thread().name)


def test_the_next_version(tmp_path):
    folder = tmp_path / "new" / "model"
    assert write_next_version(folder, write) == os.path.realpath(folder / "1")
    for name in ("7", "x", "12a", ".13"):
        (folder / name).mkdir()
    assert latest_version(folder) == 7
    assert write_next_version(folder, write) == os.path.realpath(folder / "8")
    (folder / "9").write_text("a file")
    assert write_next_version(folder, write) == os.path.realpath(folder / "10")
    assert sorted(os.listdir(folder)) == sorted(["1", "10", ".13", "12a", "7", "8", "9", "x"])


def test_writers_at_the_same_time_get_a_version_each(tmp_path):
    start, paths = threading.Barrier(8), {}

    def export():
        start.wait()
        paths[threading.current_thread().name] = [write_next_version(tmp_path, write) for _ in range(10)]

    threads = [threading.Thread(target=export) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, os.listdir(tmp_path))) == list(range(1, 81))
    for name, written in paths.items():
        for path in written:
            with open(os.path.join(path, "saved_model.pb")) as file:
                assert file.read() == name


def test_a_file_on_the_way_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="file/model' could not be written: on the way to it is a file"):
        write_next_version(tmp_path / "file" / "model", write)


def test_what_fails_leaves_nothing(tmp_path):
    def fail(path):
        write(path)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_next_version(tmp_path, fail)
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
def test_exports(tmp_path):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    assert gan.export(tmp_path / "model", version="auto") == os.path.realpath(tmp_path / "model" / "1")
    path = gan.export(tmp_path / "model", version="auto")
    assert os.path.basename(path) == "2" and "sample" in tf.saved_model.load(path).signatures
    with pytest.raises(ValueError, match='is a SavedModel, and version="auto" writes into a folder of versions'):
        gan.export(path, version="auto")
    assert sorted(os.listdir(tmp_path / "model")) == ["1", "2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"version": 3}, r"`version` must be one of \[None, 'auto'\]. Received: version=3"),
        ({"signature": "progan"}, r"`signature` must be one of \[None, 'biggan'\]"),
        ({"signature": "biggan"}, r"takes vectors of latents and one-hot rows.*classes=None"),
        ({"max_batch_size": 0}, "`max_batch_size` must be an int >= 1. Received: max_batch_size=0"),
        ({"format": "torch"}, "`format` must be one of .*'tflite', 'onnx', 'openvino'"),
        ({"format": "tflite"}, "must end in '.tflite'. Received: filepath=.*/1'"),
        ({"format": "tflite", "version": "auto"}, "are for SavedModels; format='tflite' writes the network alone"),
        ({"format": "onnx", "max_batch_size": 7}, "are for SavedModels"),
    ],
)
def test_bad_arguments(tmp_path, arguments, message):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match=message):
        gan.export(tmp_path / "1", **arguments)
    assert os.listdir(tmp_path) == []
