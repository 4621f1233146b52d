"""Files that are written whole, or not at all."""

import os

import pytest

from keras_gans.utils.files import append_line
from keras_gans.utils.files import written_beside


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


def test_lines_are_added(tmp_path):
    for line in ("first", "second"):
        append_line(tmp_path / "runs" / "log.jsonl", line)
    assert (tmp_path / "runs" / "log.jsonl").read_text() == "first\nsecond\n"
