"""Which images of a folder are found, of which classes, and what is said of the rest."""

import os

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import images


def save(path, value=0, mode="L"):
    """A small picture of one gray level."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((4, 4), value, "uint8")).convert(mode).save(path)


def values(dataset):
    """The gray level of each image, and its label."""
    batches = list(dataset)
    levels = [np.rint((np.asarray(x)[:, 0, 0, 0] + 1) * 127.5).astype(int) for x, _ in batches]
    return np.concatenate(levels).tolist(), np.concatenate([y for _, y in batches]).tolist()


def test_classes_are_in_natural_order_and_have_names(tmp_path):
    for number in range(12):
        save(tmp_path / str(number) / "x.png", 20 * number)
    dataset = images(tmp_path, size=4, shuffle=False)
    assert dataset.class_names == [str(number) for number in range(12)]
    assert values(dataset) == ([20 * number for number in range(12)], list(range(12)))


@pytest.mark.slow
def test_files_are_in_natural_order(tmp_path):
    for number in (10, 9, 1):
        save(tmp_path / f"{number}.png", number)
    got = next(iter(images(tmp_path, size=4, shuffle=False)))
    np.testing.assert_allclose(got[:, 0, 0, 0], np.array([1, 9, 10]) / 127.5 - 1, atol=1e-6)
    assert images(tmp_path, size=4).class_names is None


@pytest.mark.slow
def test_what_is_left_out_is_said(tmp_path, capsys):
    for name in ("cats/1.png", "cats/old/2.png", "dogs/3.png", ".ipynb_checkpoints/4.png", "__MACOSX/5.png", "@eaDir/6.png"):
        save(tmp_path / name, int(name[-5]))
    save(tmp_path / "cats" / ".hidden.png")
    (tmp_path / "cats" / "._1.png").write_bytes(b"\x00\x05\x16\x07" + b"\x00" * 60)
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "dogs" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "labels.TXT").write_text("3")
    (tmp_path / "dogs" / "IMG_1.heic").write_bytes(b"\x00\x00\x00\x18ftypheic")
    (tmp_path / "dogs" / "README").write_text("dogs")
    (tmp_path / "emus").mkdir()
    dataset = images(tmp_path, size=4, shuffle=False)
    assert dataset.class_names == ["cats", "dogs"]
    assert values(dataset) == ([1, 2, 3], [0, 0, 1])
    assert capsys.readouterr().out == (
        "3 images, 2 classes: cats, dogs; 7 files left out: 3 hidden, 1 .heic, 1 without ending, 1 .db, 1 .txt; "
        "folders left out: .ipynb_checkpoints, @eaDir, __MACOSX, emus (no images)\n"
    )
    images(tmp_path, size=4, verbose=False)
    assert capsys.readouterr().out == ""


def test_a_line_without_classes(tmp_path, capsys):
    save(tmp_path / "a.png")
    images(tmp_path, size=4)
    assert capsys.readouterr().out == "1 image\n"


@pytest.mark.slow
def test_a_folder_around_the_class_folders_is_no_class(tmp_path):
    save(tmp_path / "pets" / "cats" / "1.png", 1)
    save(tmp_path / "pets" / "dogs" / "2.png", 2)
    (tmp_path / "pets" / "emus").mkdir()
    dataset = images(tmp_path, size=4, shuffle=False)
    assert dataset.class_names == ["cats", "dogs"]
    assert values(dataset) == ([1, 2], [0, 1])


def test_one_class(tmp_path):
    save(tmp_path / "cats" / "1.png", 9)
    dataset = images(tmp_path, size=4)
    assert dataset.class_names == ["cats"]
    assert values(dataset) == ([9], [0])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("train/cats", "train/dogs", "test/cats"), r"are its subfolders: test, train. If these are parts.*: '.*/train'\."),
        (("set/Train", "set/Val"), r"classes of '.*/set' are its subfolders: Train, Val"),
        (("images", "annotations"), r"subfolders: annotations, images. If one of them has masks.*keras_gans.data.paired"),
    ],
)
def test_subfolders_that_are_no_classes_are_told(tmp_path, names, message):
    for name in names:
        save(tmp_path / name / "1.png")
    with pytest.warns(UserWarning, match=message) as found:
        images(tmp_path, size=4, verbose=False)
    assert [warning.filename for warning in found] == [__file__]


@pytest.mark.parametrize("names", [("train",), ("train", "car"), ("masks", "faces"), ("mask", "label")])
def test_classes_with_such_names_are_fine(tmp_path, names):
    for name in names:
        save(tmp_path / name / "1.png")
    assert images(tmp_path, size=4, verbose=False).class_names == sorted(names)


@pytest.mark.parametrize("ending", ["tif", "gif", "webp"])
def test_further_pages_are_said(tmp_path, capsys, ending):
    first, *others = (Image.new("L", (4, 4), 20 * page) for page in range(10))
    first.save(tmp_path / f"a.{ending}", save_all=True, append_images=others)
    save(tmp_path / "b.png")
    images(tmp_path, size=4)
    assert capsys.readouterr().out == "2 images; of 1 file the first page or frame, 9 left out\n"


def test_images_beside_class_folders_are_refused(tmp_path):
    save(tmp_path / "cats" / "1.png")
    save(tmp_path / "x.png")
    with pytest.raises(ValueError, match=r"class folders.*x\.png.*'cats'.*list of files"):
        images(tmp_path, size=4)


def test_links_are_followed_once(tmp_path):
    save(tmp_path / "elsewhere" / "1.png", 1)
    folder = tmp_path / "pets"
    save(folder / "dogs" / "2.png", 2)
    (folder / "cats").symlink_to(tmp_path / "elsewhere")
    (folder / "dogs" / "loop").symlink_to(folder)
    dataset = images(folder, size=4, shuffle=False)
    assert dataset.class_names == ["cats", "dogs"]
    assert values(dataset) == ([1, 2], [0, 1])


def test_names_that_are_no_utf8(tmp_path):
    try:
        with open(os.path.join(os.fsencode(tmp_path), b"\xe9t\xe9.png"), "wb") as file:
            Image.new("L", (4, 4)).save(file, "png")
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    assert next(iter(images(tmp_path, size=4))).shape == (1, 4, 4, 1)


@pytest.mark.slow
def test_a_list_of_files(tmp_path, capsys):
    for number in (1, 2, 3):
        save(tmp_path / f"{number}.png", number)
    files = [tmp_path / "3.png", str(tmp_path / "1.png")]
    expected = np.array([3, 1]) / 127.5 - 1
    for source in (files, np.array([str(name) for name in files]), np.array(files, object)):
        got = next(iter(images(source, size=4, shuffle=False)))
        np.testing.assert_allclose(got[:, 0, 0, 0], expected, atol=1e-6)
    assert capsys.readouterr().out == "2 images\n" * 3
    assert values(images((files, [7, 8]), size=4, shuffle=False)) == ([3, 1], [7, 8])
    with pytest.raises(ValueError, match="Expected 2 labels"):
        images((files, [7]), size=4)
    with pytest.raises(ValueError, match="no such file"):
        images([*files, tmp_path / "4.png"], size=4)
    with pytest.raises(ValueError, match="it is a folder"):
        images([*files, tmp_path], size=4)
    with pytest.raises(ValueError, match="list of image files needs `size`"):
        images(files)


def test_paths_that_are_no_folder(tmp_path):
    save(tmp_path / "a.png")
    (tmp_path / "faces.zip").write_bytes(b"PK")
    for name, message in (
        ("nowhere", "no folder.*nowhere"),
        ("a.png", r"a\.png', a file"),
        ("faces.zip", "archive. Unpack"),
        ("*.png", "pattern.*glob"),
    ):
        with pytest.raises(ValueError, match=message):
            images(tmp_path / name, size=4)
    with pytest.raises(ValueError, match="list of files, and labels.*str, list"):
        images((str(tmp_path), [0]), size=4)


def test_a_folder_of_other_files_says_which(tmp_path):
    (tmp_path / "1.heic").write_bytes(b"\x00\x00\x00\x18ftypheic")
    with pytest.raises(ValueError, match=r"No images in the folder.*1 file left out: 1 \.heic.*convert"):
        images(tmp_path, size=4)


@pytest.mark.slow
@pytest.mark.parametrize("cache", [True, False])
def test_each_epoch_has_another_order_and_the_seed_fixes_both(tmp_path, cache):
    for number in range(40):
        save(tmp_path / "ab"[number % 2] / f"{number}.png", number)

    def epochs():
        dataset = images(tmp_path, size=4, seed=5, cache=cache, verbose=False)
        return [values(dataset) for _ in range(2)]

    first, second = epochs()
    assert [first, second] == epochs()
    assert first[0] != second[0]
    for levels, labels in (first, second):
        assert sorted(levels) == list(range(40))
        assert labels == [level % 2 for level in levels]


def test_names_are_shuffled_before_anything_is_decoded(tmp_path, monkeypatch):
    from keras_gans.data import decode

    for number in range(300):
        save(tmp_path / f"{number}.bmp", number // 2)
    count, original = [], decode.pixels
    monkeypatch.setattr(decode, "pixels", lambda *arguments: count.append(1) or original(*arguments))
    dataset = images(tmp_path, size=4, batch_size=2, cache=False, seed=0)
    got = np.rint((next(iter(dataset))[:, 0, 0, 0] + 1) * 127.5)
    assert len(count) < 150  # a few batches are prefetched
    assert got.max() > 3  # the first files are 0, 0, 1, 1
