"""Files that are no images, or only half of one, are named, or skipped with a word."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import images

COLOR = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype("uint8")


@pytest.fixture
def folder(tmp_path):
    """Four good files, one of each kind of decoder and class."""
    for name in ("a/1.png", "a/2.jpg", "b/3.bmp", "b/4.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(COLOR).save(tmp_path / name)
    return tmp_path


HEADERS = {
    "html": (b"<html>404 Not Found</html>", "it has no header.*<html>404"),
    "empty": (b"", "it is empty"),
    "short": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "OSError: Truncated"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(HEADERS))
def test_broken_headers(folder, capsys, kind):
    content, message = HEADERS[kind]
    (folder / "a" / "13.jpg").write_bytes(content)
    with pytest.raises(ValueError, match=rf"1 of 5 files.*13\.jpg \({message}.*on_error=\"skip\""):
        images(folder, size=8)
    dataset = images(folder, size=8, shuffle=False, on_error="skip")
    assert "4 images, 2 classes: a, b; 1 skipped that cannot be read: " in capsys.readouterr().out
    assert next(iter(dataset))[1].numpy().tolist() == [0, 0, 1, 1]


def truncated(path):
    path.write_bytes(path.read_bytes()[:-900])


def ended_by_zeros(path):
    content = path.read_bytes()
    path.write_bytes(content[:-900] + bytes(900))


def overwritten(path):
    content = bytearray(path.read_bytes())
    content[2000:2200] = bytes(200)
    path.write_bytes(content)


def without_tables(path):
    """A JPEG whose Huffman tables are gone."""
    content = bytearray(path.read_bytes())
    start = bytes(content).index(b"\xff\xc4") + 4
    content[start : start + 20] = b"\xff" * 20
    path.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize("others", [True, False], ids=["among others", "among JPEG files"])
def test_a_jpeg_that_cannot_be_decoded(folder, capsys, others):
    if not others:
        for name in ("a/1.png", "b/3.bmp"):
            (folder / name).unlink()
    path = folder / "a" / "13.jpg"
    Image.fromarray(COLOR).save(path)
    without_tables(path)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=r"13\.jpg cannot be decoded.*on_error=\"skip\""):
        list(images(folder, size=8))
    dataset = images(folder, size=8, shuffle=False, on_error="skip")
    assert np.concatenate([labels for _, labels in dataset]).tolist() == ([0, 0, 1, 1] if others else [0, 1])
    assert "Skipped " in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "damage"),
    [
        ("jp2", truncated),
        ("jpg", truncated),
        ("jpg", ended_by_zeros),
        ("png", truncated),
        ("png", overwritten),
        ("bmp", truncated),
        ("tif", truncated),
        ("webp", truncated),
        ("gif", ended_by_zeros),
    ],
)
def test_broken_pixels(folder, capsys, ending, damage):
    path = folder / "a" / f"13.{ending}"
    Image.fromarray(COLOR).save(path)
    damage(path)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=rf"13\.{ending}.*on_error=\"skip\""):
        list(images(folder, size=8))
    dataset = images(folder, size=8, shuffle=False, on_error="skip")
    for _ in range(2):
        assert np.concatenate([labels for _, labels in dataset]).tolist() == [0, 0, 1, 1]
    out = capsys.readouterr().out
    assert out.count(f"13.{ending}") == 1
    assert "kipped" in out


@pytest.mark.parametrize("progressive", [True, False])
@pytest.mark.parametrize("added", [bytes(5000), b"notes of a camera"], ids=["zeros", "notes"])
def test_a_jpeg_that_goes_on_after_its_end(tmp_path, added, progressive):
    path = tmp_path / "1.jpg"
    Image.fromarray(COLOR).save(path, progressive=progressive)
    seen = next(iter(images(tmp_path, size=64))).numpy()
    path.write_bytes(path.read_bytes() + added)
    np.testing.assert_allclose(next(iter(images(tmp_path, size=64))), seen, atol=0.04)  # Pillow rounds otherwise


@pytest.mark.parametrize("of", ["a folder", "a list"])
def test_paths_stay_where_they_are(folder, tmp_path, monkeypatch, of):
    monkeypatch.chdir(folder)
    source = "a" if of == "a folder" else ["a/1.png", "a/2.jpg"]
    dataset = images(source, size=8, shuffle=False, cache=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert next(iter(dataset)).shape == (2, 8, 8, 3)


@pytest.mark.parametrize("on_error", ["raise", "skip"])
def test_files_that_are_gone_are_not_broken_ones(folder, capsys, on_error):
    dataset = images(folder / "a", size=8, shuffle=False, cache=False, on_error=on_error)
    (folder / "a" / "2.jpg").unlink()
    with pytest.raises(tf.errors.InvalidArgumentError, match="There is no file .*2.jpg any more"):
        next(iter(dataset))
    assert "Skipped" not in capsys.readouterr().out


def test_a_list_whose_files_are_all_broken(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"1 of 1 files.*a\.png"):
        images([tmp_path / "a.png"], size=8, on_error="skip")


@pytest.mark.slow
def test_labels_of_a_list_follow_what_is_skipped(tmp_path):
    Image.fromarray(COLOR).save(tmp_path / "b.png")
    (tmp_path / "a.png").write_bytes(b"")
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    _, labels = next(iter(images((files, [5.0, 6.0]), size=8, on_error="skip")))
    assert labels.numpy().tolist() == [6.0]


@pytest.mark.slow
def test_the_number_of_batches_is_known(folder):
    assert int(images(folder, size=8, batch_size=3).cardinality()) == 2


def test_names_without_their_folder():
    with pytest.raises(ValueError, match=r"2 of 2 files.*no such file.*Join the names with their folder: \[os.path.join"):
        images(["1.png", "2.png"], size=8)


def test_pictures_that_pillow_takes_for_bombs(tmp_path, monkeypatch):
    Image.fromarray(COLOR).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ValueError, match=r"a.png \(it has more pixels than Pillow opens.*MAX_IMAGE_PIXELS = None; or make"):
        images(tmp_path, size=8)
