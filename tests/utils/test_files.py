"""Files that are written whole, or not at all."""

import contextlib
import io
import json
import os
import pathlib
import shutil
import threading
import zipfile

import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.utils.files import append_line
from keras_gans.utils.files import written_beside
from keras_gans.utils.paths import make_output_folder
from keras_gans.utils.paths import user_path
from tests import tiny


def test_the_folder_is_made_and_the_file_is_moved(tmp_path):
    with written_beside(tmp_path / "a" / "b.txt") as path:
        assert os.path.basename(path) == "b.txt"
        assert not (tmp_path / "a" / "b.txt").exists()
        with open(path, "w") as file:
            file.write("new")
    assert (tmp_path / "a" / "b.txt").read_text() == "new"
    assert os.listdir(tmp_path / "a") == ["b.txt"]


def test_what_fails_leaves_the_last_file(tmp_path):
    (tmp_path / "b.txt").write_text("good")
    with pytest.raises(OSError, match="full"), written_beside(tmp_path / "b.txt") as path:
        with open(path, "w") as file:
            file.write("ha")
        raise OSError("the disk is full")
    assert (tmp_path / "b.txt").read_text() == "good"
    assert os.listdir(tmp_path) == ["b.txt"]


class Refused(Exception):
    """As of what writes, and has its own errors."""

    def __init__(self, message, code):
        super().__init__(code)
        self.message = message

    def __str__(self):
        return self.message


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (lambda path: OSError(28, "No space left on device"), OSError),
        (lambda path: FileNotFoundError(2, "No such file", path), FileNotFoundError),
        (lambda path: OSError("cannot write mode F"), OSError),
        (lambda path: OSError(f"ffmpeg failed at {path!r}"), OSError),
        (lambda path: ValueError(f"Invalid ending: {path}"), ValueError),
        (lambda path: Refused(f"{path}/variables/0; File too large", 11), OSError),
        (lambda path: tf.errors.ResourceExhaustedError(None, None, f"{{{{node}}}} {path}/0; No space left on device"), OSError),
        (lambda path: tf.errors.OutOfRangeError(None, None, "a temporary file; File too large [Op:SaveV2]"), OSError),
    ],
)
def test_errors_name_the_path_that_the_user_knows(tmp_path, error, expected):
    with pytest.raises(expected) as caught, written_beside(tmp_path / "model.x") as path:
        raise error(path)
    assert f"{tmp_path}/model.x" in str(caught.value)  # not in a note alone
    assert ".writing-" not in str(caught.value)
    assert f"{str(tmp_path / 'model.x')!r} could not be written" in caught.value.__notes__[0]


def test_a_full_disk_is_told_without_the_words_of_tensorflow(tmp_path):
    with pytest.raises(OSError) as caught, written_beside(tmp_path / "model") as path:
        raise tf.errors.OutOfRangeError(None, None, f"{{{{function_node SaveV2}}}} {path}/x; File too large [Op:SaveV2]")
    expected = f"'{tmp_path}/model' could not be written: File too large. Make room on the disk, or choose another path."
    assert str(caught.value) == expected


def test_other_errors_are_left_as_they_are(tmp_path):
    (tmp_path / "source.txt").write_text("")
    with pytest.raises(NotADirectoryError, match="source.txt/x") as caught, written_beside(tmp_path / "model.x"):
        os.listdir(tmp_path / "source.txt" / "x")
    assert "model.x" not in str(caught.value)
    for mine in (Refused("of the network", 1), tf.errors.InvalidArgumentError(None, None, "of the network")):
        with pytest.raises(type(mine)) as caught, written_beside(tmp_path / "model.x"):
            raise mine
        assert caught.value is mine


def test_where_nothing_can_be_written_the_path_is_named(tmp_path, monkeypatch):
    def refuse(path, mode=0o777, **kwargs):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(PermissionError) as caught, written_beside(tmp_path / "model.x"):
        raise AssertionError
    assert str(caught.value) == f"[Errno 13] Permission denied: '{tmp_path}/model.x'"


def test_folders_and_links(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old").write_text("")
    with written_beside(tmp_path / "model") as path:
        os.mkdir(path)
        with open(os.path.join(path, "new"), "w"):
            pass
    assert os.listdir(tmp_path / "model") == ["new"]
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with written_beside(tmp_path / "link.txt") as path, open(path, "w") as file:
        file.write("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def write_folder(path, text):
    os.mkdir(path)
    with open(os.path.join(path, "saved_model.pb"), "w") as file:
        file.write(text)


@pytest.mark.parametrize("path", [".", "..", "../inside"])
def test_the_working_directory_is_not_replaced(tmp_path, monkeypatch, path):
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with (
        pytest.raises(ValueError, match="is the working directory, or has it in it.*Name a file or folder in it"),
        written_beside(path),
    ):
        pass
    assert os.getcwd() == str(inside)
    with written_beside("digits") as beside:
        os.mkdir(beside)
    assert os.listdir(inside) == ["digits"]


def test_a_working_directory_that_is_gone_does_not_matter(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with written_beside(tmp_path / "file") as beside:
        open(beside, "w").close()
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_cannot_be_replaced_is_as_it_was(tmp_path, monkeypatch):
    write_folder(tmp_path / "model", "old")
    replace = os.replace

    def refuse(source, target):
        if target == str(tmp_path / "model") and os.path.basename(source) == "model":
            raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="Input/output") as caught, written_beside(tmp_path / "model") as path:
        write_folder(path, "new")
    assert caught.value.__notes__[0].endswith("it is as it was.")
    assert (tmp_path / "model" / "saved_model.pb").read_text() == "old"
    assert os.listdir(tmp_path) == ["model"]


def test_a_folder_that_cannot_be_moved_back_is_kept(tmp_path, monkeypatch):
    write_folder(tmp_path / "model", "old")
    replace = os.replace

    def refuse(source, target):
        if target == str(tmp_path / "model"):
            raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="Input/output") as caught, written_beside(tmp_path / "model") as path:
        write_folder(path, "new")
    (kept,) = tmp_path.glob(".writing-*/.replaced0/saved_model.pb")
    assert kept.read_text() == "old"
    assert f"What was there before is '{tmp_path}/.writing-" in caught.value.__notes__[0]


def test_writers_of_one_folder_at_the_same_time(tmp_path):
    start, failed = threading.Barrier(4), []

    def export(number):
        start.wait()
        try:
            for _ in range(20):
                with written_beside(tmp_path / "model") as path:
                    write_folder(path, str(number))
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=export, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert os.listdir(tmp_path) == ["model"]


def test_what_killed_writers_left_is_removed_after_a_day(tmp_path):
    names = iter(["old", "today", "another"])

    def killed(target):
        with pytest.raises(KeyboardInterrupt), written_beside(tmp_path / target) as path:
            left = os.path.join(os.path.dirname(os.path.dirname(path)), next(names))
            shutil.copytree(os.path.dirname(path), left)
            beside.append((os.path.dirname(path), left))
            raise KeyboardInterrupt

    beside = []
    for target in ("gan.keras", "gan.keras", "other.keras"):
        killed(target)
    for place, left in beside:
        os.rename(left, place)
    (old, _), (today, _), (another, _) = beside
    for place in (old, another):
        os.utime(place, (0, 0))
    with written_beside(tmp_path / "gan.keras") as path, open(path, "w"):
        pass
    assert sorted(os.listdir(tmp_path)) == sorted([os.path.basename(today), os.path.basename(another), "gan.keras"])


def test_the_only_folder_that_a_killed_writer_left_is_kept(tmp_path):
    """Killed between the two moves: what was there before is in no other place."""
    with written_beside(tmp_path / "model") as path:
        beside = os.path.dirname(path)
        write_folder(path, "new")
    os.rename(tmp_path / "model", tmp_path / "kept")
    os.mkdir(beside)
    os.rename(tmp_path / "kept", os.path.join(beside, ".replaced0"))
    os.utime(beside, (0, 0))
    for attempt in ("fails", "succeeds"):
        with contextlib.suppress(ValueError), written_beside(tmp_path / "model") as path:
            assert os.path.exists(os.path.join(beside, ".replaced0"))
            write_folder(path, "newer")
            if attempt == "fails":
                raise ValueError
    with written_beside(tmp_path / "model") as path:
        write_folder(path, "newest")
    assert os.listdir(tmp_path) == ["model"]


def test_lines_are_added(tmp_path):
    for line in ("first", "second"):
        append_line(tmp_path / "runs" / "log.jsonl", line)
    assert (tmp_path / "runs" / "log.jsonl").read_text() == "first\nsecond\n"


def test_half_a_line_stays_a_line_of_its_own(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"a": 1}\n{"b":')
    append_line(tmp_path / "log.jsonl", "{}")
    assert (tmp_path / "log.jsonl").read_text() == '{"a": 1}\n{"b":\n{}\n'


def test_a_full_disk_leaves_whole_lines(tmp_path, full_disk):
    append_line(tmp_path / "log.jsonl", "first")
    full_disk(10)
    with pytest.raises(OSError, match="too large"):
        append_line(tmp_path / "log.jsonl", "second")
    assert (tmp_path / "log.jsonl").read_text() == "first\n"


def test_a_folder_that_cannot_be_made_or_written_in(tmp_path, monkeypatch):
    make_output_folder(tmp_path / "a" / "b", "`output`")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("")
    for folder, why in (("file", "File exists"), ("file/below", "Not a directory")):
        with pytest.raises(ValueError, match=f"`output` must be a folder.*Received: '{tmp_path}/{folder}': {why}"):
            make_output_folder(f"{tmp_path}/{folder}", "`output`")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ValueError, match="nothing can be written in it. Choose another one"):
        make_output_folder(f"{tmp_path}/a", "`output`")


@pytest.fixture(scope="module")
def gan():
    made = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    made.compile()
    return made


@pytest.fixture(scope="module")
def saved(gan, tmp_path_factory):
    """A folder with both files of the GAN."""
    folder = tmp_path_factory.mktemp("saved")
    gan.save(folder / "gan.keras")
    gan.save_weights(folder / "gan.weights.h5")
    return folder


def state(gan):
    variables = [*gan.variables, *(variable for optimizer in gan.optimizers.values() for variable in optimizer.variables)]
    return [variable.numpy() for variable in variables]


def assert_refused(gan, path, message, error=ValueError):
    """Loading fails, and the GAN is as it was, optimizers included."""
    for optimizer in gan.optimizers.values():
        optimizer.variables[0].assign(7)
    before = state(gan)
    with pytest.raises(error, match=message):
        gan.load_weights(path)
    for now, then in zip(state(gan), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.filterwarnings("ignore:Skipping nested container")  # Keras', before it raises
def test_weights_of_another_gan_leave_the_optimizers(gan, tmp_path):
    other = keras_gans.GAN(tiny.generator(), tiny.discriminator(scores=2))
    other.compile()
    other.save_weights(tmp_path / "other.weights.h5")
    assert_refused(gan, tmp_path / "other.weights.h5", "do not fit this GAN")


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("part", range(6))
def test_damaged_weights_leave_all_as_it_was(gan, saved, tmp_path, part):
    damaged = bytearray((saved / "gan.weights.h5").read_bytes())
    for place in range(len(damaged) * part // 6 + 100, len(damaged) * part // 6 + 1000):
        damaged[place % len(damaged)] ^= 0x5A
    (tmp_path / "gan.weights.h5").write_bytes(damaged)
    assert_refused(gan, tmp_path / "gan.weights.h5", "is incomplete or damaged|do not fit")


@pytest.mark.parametrize(
    ("name", "message", "error"),
    [
        ("generator.h5", "must be a file that .* wrote, .*Received: '.*generator.h5'. Weights of one network", ValueError),
        ("weights.npz", "ends in .weights.h5 or .keras", ValueError),
        ("nothing.weights.h5", "There is no file", FileNotFoundError),
    ],
)
def test_what_is_not_a_file_of_weights(gan, tmp_path, name, message, error):
    for other in ("generator.h5", "weights.npz"):
        (tmp_path / other).write_text("")
    assert_refused(gan, tmp_path / name, message, error)


def repacked(saved, path, **contents):
    """The saved GAN with other contents, by the names of files: None for a file less."""
    with zipfile.ZipFile(saved / "gan.keras") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = contents.get(name.partition(".")[0], lambda before: before)(old.read(name))
            if content is not None:
                new.writestr(contents.get("folder", "") + name, content)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ({"config": lambda before: None}, "an archive that Keras did not write.*Received: metadata.json, model.weights.h5. "),
        ({"folder": "gan/"}, "an archive that Keras did not write.*gan/config.json.*at the top"),
        ({"config": lambda before: before[:-200]}, "is incomplete or damaged"),
        ({"model": lambda before: before[:-200]}, "is incomplete or damaged"),
        ({"model": lambda before: b"no HDF5"}, "is incomplete or damaged"),
    ],
)
def test_archives_that_keras_did_not_write(gan, saved, tmp_path, contents, message):
    repacked(saved, tmp_path / "gan.keras", **contents)
    with pytest.raises(ValueError, match=message):
        keras_gans.load_model(tmp_path / "gan.keras")
    assert_refused(gan, tmp_path / "gan.keras", message)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        *((name, f"{name}' is not a model that Keras saved. Expected: a `.keras` file") for name in ("a.pt", "a.npz", "a")),
        ("export/saved_model.pb", "is an export, a SavedModel. Load its folder with keras_gans.hub.load"),
        ("export", "is an export, a SavedModel"),
        ("folder", "is not a model that Keras saved"),
    ],
)
def test_what_is_not_a_model(tmp_path, name, message):
    for folder in ("export", "folder"):
        (tmp_path / folder).mkdir()
    for other in ("a.pt", "a.npz", "a", "export/saved_model.pb"):
        (tmp_path / other).write_text("")
    with pytest.raises(ValueError, match=message) as caught:
        keras_gans.load_model(tmp_path / name)
    assert "TFSMLayer" not in str(caught.value)


def test_a_model_that_is_not_there():
    for name in ("nothing", "nothing.keras", "nothing/"):
        with pytest.raises(FileNotFoundError, match="There is no file '.*/nothing"):
            keras_gans.load_model(name)


def test_a_class_that_is_not_imported(saved, tmp_path):
    def of_a_user(config):
        config = json.loads(config)
        return json.dumps(config | {"class_name": "MyGAN", "registered_name": "Custom>MyGAN", "module": None}).encode()

    repacked(saved, tmp_path / "gan.keras", config=of_a_user)
    with pytest.raises(ValueError, match="gan.keras' holds the class 'MyGAN', which is not known here. Import the module"):
        keras_gans.load_model(tmp_path / "gan.keras")


def test_an_average_that_is_left_out_is_warned_of(gan, tmp_path):
    averaging = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    averaging.compile()
    averaging.save_weights(tmp_path / "gan.weights.h5")
    gan.load_weights(tmp_path / "gan.weights.h5")  # as it was before it moved
    averaging.counters["average"].assign(3)
    averaging.save_weights(tmp_path / "gan.weights.h5")
    averaging.load_weights(tmp_path / "gan.weights.h5")
    with pytest.warns(UserWarning, match="come with a moving average.*make the GAN with `ema`"):
        gan.load_weights(tmp_path / "gan.weights.h5")
    gan.save_weights(tmp_path / "gan.weights.h5")
    gan.load_weights(tmp_path / "gan.weights.h5")


@pytest.mark.parametrize("path", [None, ["a.keras"], b"a.keras", 5, io.BytesIO()])
def test_what_is_not_a_path(path, gan):
    for use in (keras_gans.load_model, gan.load_weights, gan.save, gan.save_weights, gan.export):
        with pytest.raises(ValueError, match=f"`filepath` must be a path.* of type {type(path).__name__}"):
            use(path)
    with pytest.raises(ValueError, match="`filepath` must be a path. Received: filepath=''"):
        gan.save("")


def test_a_path_of_the_user_stays_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert user_path("~/a") == str(tmp_path / "home" / "a")
    assert user_path(pathlib.Path("a/../b")) == str(tmp_path / "b")
    assert user_path("gs://bucket/a") == "gs://bucket/a"


def test_weights_alone_are_no_model(tmp_path):
    with pytest.raises(ValueError, match="/gan.weights.h5' has weights alone, and no model. .*model.load_weights"):
        keras_gans.load_model("gan.weights.h5")


def test_a_file_in_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "gan.keras").write_text("saved")
    for place in ("gan.keras/a.keras", "gan.keras/b/a.keras"):
        with pytest.raises(NotADirectoryError, match=f"{place}' could not .*: on the way to it is a file.*Choose another"):
            keras_gans.GAN(tiny.generator(), tiny.discriminator()).save(tmp_path / place)
    assert (tmp_path / "gan.keras").read_text() == "saved"


def test_the_remedy_of_half_a_backup_is_to_delete_it(tmp_path):
    (tmp_path / "latest.weights.h5").write_bytes(b"half")
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="is incomplete or damaged.*copy it again"):
        gan.load_weights(tmp_path / "latest.weights.h5")
    (tmp_path / "training_metadata.json").write_text("{}")
    with pytest.raises(ValueError, match=f"is incomplete or damaged.*backup of BackupAndRestore: delete the folder '{tmp_path}'"):
        gan.load_weights(tmp_path / "latest.weights.h5")
