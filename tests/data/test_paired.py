"""Pairs of a source and its target stay pairs."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import paired

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (6, 12, 12, 3)).astype("uint8")


def collect(dataset):
    """All sources, and all targets."""
    return [np.concatenate(part) for part in zip(*[[np.asarray(part) for part in pair] for pair in dataset], strict=True)]


def scaled(images):
    return images / 127.5 - 1


def save(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


def place(got, whole):
    """Where in an image a crop is, and whether it is mirrored."""
    for mirrored in (False, True):
        crop = got[:, ::-1] if mirrored else got
        windows = np.lib.stride_tricks.sliding_window_view(whole, crop.shape)[:, :, 0]
        found = np.argwhere(np.isclose(windows, crop, atol=1e-5).all(axis=(2, 3, 4)))
        if len(found):
            return *found[0], mirrored
    raise AssertionError("no crop of it")


@pytest.mark.slow
def test_a_pair_has_one_crop_and_one_mirror():
    source, target = collect(paired(X, X, size=8, batch_size=4, load_size=10, seed=1))
    assert source.shape == target.shape == (6, 8, 8, 3)
    np.testing.assert_array_equal(source, target)
    source, target = collect(paired(255 - X, X, size=8, batch_size=4, load_size=12, seed=1))
    np.testing.assert_allclose(source, -target, atol=1e-5)


@pytest.mark.slow
def test_crops_are_everywhere_and_half_of_them_mirrored():
    images = np.repeat(X[:1], 300, axis=0)
    _, target = collect(paired(images, images, size=(10, 11), load_size=12, batch_size=50, seed=0))
    places = np.array([place(crop, scaled(X[0])) for crop in target])
    assert {tuple(where) for where in places[:, :2]} == {(i, j) for i in range(3) for j in range(2)}
    assert np.bincount(places[:, 0] * 2 + places[:, 1]).min() > 25  # of 50
    assert 0.4 < places[:, 2].mean() < 0.6


@pytest.mark.slow
def test_a_smaller_source_is_cropped_at_its_own_pixels():
    large = X.repeat(2, axis=1).repeat(2, axis=2)
    for dataset in (paired(X, large, seed=0), paired(X, large, size=(8, 12), load_size=24, scale=2, seed=0)):
        source, target = collect(dataset)
        np.testing.assert_allclose(target, source.repeat(2, axis=1).repeat(2, axis=2), atol=1e-6)
    assert source.shape == (6, 4, 6, 3)


@pytest.mark.slow
def test_each_epoch_is_all_pairs_and_is_drawn_anew_and_the_seed_fixes_it():
    def epochs():
        dataset = paired(255 - X, X, size=8, load_size=12, seed=3)
        return [collect(dataset)[1] for _ in range(2)]

    first, second = epochs()
    np.testing.assert_array_equal([first, second], epochs())
    assert not np.array_equal(first, second)
    numbers = np.arange(40, dtype="uint8")[:, None, None, None] * np.ones((1, 2, 2, 1), "uint8")
    dataset = paired(numbers, numbers + 100, batch_size=7, flip=False)
    assert int(dataset.cardinality()) == 6
    sources, targets = (np.rint((part[:, 0, 0, 0] + 1) * 127.5) for part in collect(dataset))
    np.testing.assert_array_equal(targets, sources + 100)
    assert sorted(sources) == list(range(40))
    assert sources.tolist() != sorted(sources)


def test_a_folder_of_domains_has_no_pairs_side_by_side(tmp_path):
    for name in ("trainA", "trainB"):
        (tmp_path / name).mkdir()
        Image.fromarray(X[0]).save(tmp_path / name / "0.png")
    with pytest.raises(ValueError, match=r"domains trainA and trainB.*keras_gans.data.unpaired"):
        paired(tmp_path, size=8)


def test_a_test_has_no_crops_and_no_mirrors():
    source, target = collect(paired(255 - X, X, size=12, augment=False, shuffle=False))
    np.testing.assert_allclose(target, scaled(X), atol=1e-6)
    np.testing.assert_allclose(source, -scaled(X), atol=1e-6)
    assert collect(paired(X, X, size=5, augment=False))[0].shape == (6, 5, 5, 3)


def test_the_default_load_size():
    ramp = np.broadcast_to(np.arange(256, dtype="uint8")[:, None, None], (20, 256, 256, 1))
    source, _ = collect(paired(ramp, ramp, size=256, flip=False, seed=0, batch_size=10))
    rows = (source[:, 0, 0, 0] + 1) * 127.5  # of an image of 286 rows: 0 to 30 of them are cut off above
    assert rows.min() < 8
    assert 18 < rows.max() < 27
    np.testing.assert_allclose(np.diff(source[:, 100:102, 0, 0] * 127.5)[:, 0], 256 / 286, atol=1.01)


def test_channels():
    source, target = paired(X, X, channels=(1, 3)).element_spec
    assert (source.shape[-1], target.shape[-1]) == (1, 3)
    source, target = paired(X[..., :1], X).element_spec
    assert (source.shape[-1], target.shape[-1]) == (1, 3)
    with pytest.raises(ValueError, match=r"`channels`.*channels=2"):
        paired(X, X, channels=(2, 3))


def test_images_side_by_side_in_an_array():
    left, right = collect(paired(np.concatenate([X, 255 - X], axis=2), shuffle=False, flip=False))
    np.testing.assert_allclose(left, scaled(X), atol=1e-6)
    np.testing.assert_allclose(right, -scaled(X), atol=1e-6)
    with pytest.raises(ValueError, match=r"odd width 5\. Pass both: paired\(sources, targets\)"):
        paired(X[:, :, :5])


@pytest.mark.parametrize(
    "source",
    [(X, 255 - X), (np.concatenate([X, 255 - X], axis=2),), (X, tf.image.rgb_to_grayscale)],
    ids=["two", "halves", "one"],
)
def test_arrays_that_are_not_kept_have_the_same_pairs(source):
    kept, read = (collect(paired(*source, size=8, batch_size=4, seed=2, cache=cache)) for cache in (True, False))
    for one, other in zip(kept, read, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["A/1.png", "A/2.png", "B/1.png", "B/2.png"], r"A/1.png' and .*B/1.png'. Pass both folders: paired\('.*/A', '.*/B'\)"),
        (["set/images/1.png", "set/images/2.png", "set/masks/1_m.jpg", "set/masks/2_m.jpg"], "/images', '.*/masks'"),
        (["train/A/1.png", "train/B/1.png", "val/A/1.png"], "/train/A', '.*/train/B'"),
        (["1.jpg", "1.png", "2.jpg", "2.png"], r"1.jpg' and .*1.png'. .*paired\(sorted\(glob.glob\('.*/\*.jpg'\)\), sorted\("),
        (["base/1.jpg", "base/1.png", "extended/1.jpg", "extended/1.png"], r"1.jpg' and .*1.png'. Pass two lists"),
    ],
)
def test_sources_and_targets_in_files_of_their_own_are_not_cut(tmp_path, names, message):
    for name in names:
        save(tmp_path / name, X[0])
    with pytest.raises(
        ValueError, match=f"both images side by side. Received: sources and targets in files of their own.*{message}"
    ):
        paired(tmp_path, size=4)


@pytest.mark.parametrize(
    "names",
    [
        ["1.png", "2.png", "2.jpg", "3.png", "4.png"],
        ["tokyo/7.png", "tokyo/8.png", "zurich/1.png"],
        ["a/1.png", "b/1.png", "c/1.png"],
        ["test/1.png", "test/2.png", "val/1.png", "val/2.png"],
    ],
)
def test_folders_of_files_that_have_both(tmp_path, names):
    for name in names:
        save(tmp_path / name, X[0])
    with pytest.warns(UserWarning, match="6 wide") as found:
        assert int(paired(tmp_path, size=4).cardinality()) == len(names)
    assert len(found) == 1


@pytest.mark.parametrize("names", [["day/0.png", "day/1.png", "night/0.png", "night/1.png"], ["0.jpg", "0.png"]])
def test_wide_files_with_partners_are_cut_with_a_warning(tmp_path, names):
    for name in names:
        save(tmp_path / name, X[0, :6])
    with pytest.warns(UserWarning, match="0.*and.*0.png'. They are wide.*If the two are a pair: Pass"):
        assert int(paired(tmp_path, size=4).cardinality()) == len(names)
    assert int(paired(sorted(map(str, tmp_path.rglob("*.*"))), size=4).cardinality()) == len(names)


def test_what_is_not_wide_enough_for_two_is_told(tmp_path):
    with pytest.warns(
        UserWarning, match="The images are 12 wide and 12 high, and are cut in the middle, in two images 6 wide"
    ) as found:
        paired(X)
    assert len(found) == 1
    assert found[0].filename == __file__
    save(tmp_path / "1.png", X[0, :6])
    save(tmp_path / "2.png", X[0, :, :6])
    with pytest.warns(
        UserWarning, match=r"1 of 2 files, such as .*2.png', are 6 wide and 12 high.* paired\(sources, targets\)"
    ) as found:
        paired(tmp_path, size=4)
    assert [warning.filename for warning in found] == [__file__]
    paired(X[:, :8])  # halves of portraits


@pytest.mark.slow
def test_files_side_by_side(tmp_path, capsys):
    for number, image in enumerate(X):
        save(tmp_path / "train" / f"{number}.png", np.concatenate([image, 255 - image], axis=1))
    save(tmp_path / "train" / ".hidden.png", X[0])
    save(tmp_path / "val" / "0.png", np.concatenate([X[0], X[0]], axis=1))
    same = {"size": 12, "augment": False, "shuffle": False}
    source, target = collect(paired(tmp_path, **same))
    assert capsys.readouterr().out == "side by side: 6 images; 1 file left out: 1 hidden; cut into two of (12, 12)\n"
    np.testing.assert_allclose(source, scaled(X), atol=1e-6)
    np.testing.assert_allclose(target, -scaled(X), atol=1e-6)
    source, target = collect(paired(str(tmp_path / "train"), direction="BtoA", channels=(1, 3), **same))
    np.testing.assert_allclose(target, scaled(X), atol=1e-6)
    assert source.shape == (6, 12, 12, 1)
    assert len(collect(paired(tmp_path, split="val", **same))[0]) == 1
    with pytest.raises(ValueError, match=r"no folder 'test'.*\['train', 'val'\]"):
        paired(tmp_path, split="test", size=8)
    with pytest.raises(ValueError, match="needs `size`"):
        paired(tmp_path)


@pytest.mark.slow
def test_files_of_an_odd_width_are_named(tmp_path, capsys):
    save(tmp_path / "1.png", X[0, :6])
    save(tmp_path / "2.png", X[1, :4, :7])
    with pytest.raises(ValueError, match=r"1 of 2 files.*odd width.*2\.png \(width 7\).*on_error=\"skip\""):
        paired(tmp_path, size=4)
    assert len(collect(paired(tmp_path, size=4, on_error="skip"))[0]) == 1
    for on_error in ("raise", "skip"):
        with pytest.raises(ValueError, match=r"1 of 1 files.*7\)\. Pass the sources and the targets apart: paired\("):
            paired([str(tmp_path / "2.png")], size=4, on_error=on_error)
    assert "1 skipped that have an odd width" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["jpg", "png", "tiff", "webp"])
def test_a_photograph_of_a_pair_that_lies_on_its_side(tmp_path, ending):
    pair = np.zeros((41, 64), "uint8")
    pair[:, 32:] = 255
    lying = Image.fromarray(np.rot90(pair))
    exif = lying.getexif()
    exif[0x112] = 6  # turn it clockwise
    lying.save(tmp_path / f"a.{ending}", exif=exif, quality=95)
    source, target = collect(paired(tmp_path, size=16, augment=False))
    np.testing.assert_allclose(source, -1, atol=0.03)
    np.testing.assert_allclose(target, 1, atol=0.03)


@pytest.mark.slow
def test_pictures_of_a_pair_have_one_aspect_ratio(tmp_path, capsys):
    shapes = [((20, 40), (10, 20)), ((20, 41), (10, 20)), ((40, 20), (20, 40))]
    for number, pair in enumerate(shapes):
        for name, shape in zip("ab", pair, strict=True):
            save(tmp_path / name / f"{number}.png", np.zeros(shape, "uint8"))
    folders = tmp_path / "a", tmp_path / "b"
    with pytest.raises(ValueError, match=r"1 of 3 files .* another aspect ratio.*2.png \(40, 20\) with .*2.png \(20, 40\)"):
        paired(*folders, size=8)
    assert sum(len(source) for source, _ in paired(*folders, size=8, on_error="skip")) == 2
    assert "1 skipped that have a partner of another aspect ratio" in capsys.readouterr().out
    with pytest.raises(ValueError, match=r"sources \(12, 12\), targets \(12, 6\)"):
        paired(X, X[:, :, :6], size=8)
    given = tf.data.Dataset.from_tensor_slices((X, X[:, :, :6]))
    with pytest.raises(ValueError, match="the same aspect ratio"):
        paired(given, size=8)
    unknown = tf.TensorSpec((None, None, 3), tf.uint8)
    pairs = [(X[0], X[0, ::2, ::2]), (X[1], X[1, :6])]
    varying = tf.data.Dataset.from_generator(lambda: iter(pairs), output_signature=(unknown, unknown))
    dataset = paired(varying, size=8, shuffle=False)
    with pytest.raises(tf.errors.InvalidArgumentError, match="the same aspect ratio"):
        collect(dataset)
    collect(dataset.take(1))


@pytest.fixture
def folders(tmp_path):
    """Two folders of the same names, with other formats, below them."""
    for number in range(3):
        save(tmp_path / "labels" / "town" / f"{number}.png", X[number, ..., 0])
        save(tmp_path / "photos" / "town" / f"{number}.bmp", X[number])
    return tmp_path / "labels", tmp_path / "photos"


@pytest.mark.slow
@pytest.mark.parametrize("cache", [True, False])
def test_two_folders(folders, capsys, cache):
    source, target = collect(paired(*folders, size=12, augment=False, seed=0, cache=cache))
    assert source.shape == (3, 12, 12, 1)
    np.testing.assert_allclose(source[..., 0], target[..., 0], atol=1e-6)
    np.testing.assert_allclose(np.sort(target[:, 0, 0, 0]), np.sort(scaled(X[:3, 0, 0, 0])), atol=1e-6)
    assert capsys.readouterr().out == "3 pairs; source: 3 images; target: 3 images\n"


@pytest.mark.slow
def test_files_without_a_partner_are_named(folders, capsys):
    labels, photos = folders
    save(labels / "town" / "7.png", X[3])
    save(photos / "8.jpg", X[3])
    with pytest.raises(ValueError, match=r"2 files without one: .*7\.png; .*8\.jpg\. .*on_error=\"skip\""):
        paired(labels, photos, size=8)
    assert len(collect(paired(labels, photos, size=8, on_error="skip"))[0]) == 3
    assert "2 skipped that have no partner: " in capsys.readouterr().out
    save(labels / "town" / "1.bmp", X[3])
    with pytest.raises(ValueError, match=r"differ by more than their endings.*1\.bmp.*1\.png"):
        paired(labels, photos, size=8)
    with pytest.raises(ValueError, match="no name that is in both"):
        paired(photos / "town", photos, size=8)


@pytest.mark.slow
def test_lists_in_another_order_are_refused(tmp_path):
    lists = {}
    for name in ("a/x3", "a/x1", "a/x0", "b/y0_m", "b/y1_m", "b/y3_m"):
        save(tmp_path / f"{name}.png", X[0])
        lists.setdefault(name[0], []).append(f"{tmp_path}/{name}.png")
    with pytest.raises(ValueError, match=r"same names in another order, '.*x3.png' and '.*y0_m.png' at place 0. Sort both lists"):
        paired(lists["a"], lists["b"], size=4)
    for pair in (
        (sorted(lists["a"]), lists["b"]),
        (lists["a"][:2], lists["b"][:2]),
        (lists["b"][1:], lists["b"][:-1]),
        (lists["a"][::-1] + lists["b"], lists["b"] + lists["a"][::-1]),
    ):
        assert int(paired(*pair, size=4).cardinality()) == len(pair[0])


@pytest.mark.slow
def test_lists_of_files(folders):
    places = {"png": (2, 0), "bmp": (0, 1)}
    labels, photos = (
        [str(folder / "town" / f"{n}.{kind}") for n in places[kind]] for folder, kind in zip(folders, places, strict=True)
    )
    source, target = collect(paired(labels, photos, size=12, augment=False, shuffle=False))
    np.testing.assert_allclose(source[..., 0], scaled(X[[2, 0], ..., 0]), atol=1e-6)
    np.testing.assert_allclose(target, scaled(X[[0, 1]]), atol=1e-6)
    with pytest.raises(ValueError, match="one length.*2 sources and 1 targets.*Leave out files without a partner.*on_error"):
        paired(labels, photos[:1], size=8)
    with pytest.raises(ValueError, match="a list of files and a folder"):
        paired(labels, folders[1], size=8)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "bmp"])
def test_a_broken_file_is_named_or_its_pair_is_skipped(folders, capsys, ending):
    path = folders[ending == "bmp"] / "town" / f"1.{ending}"
    Image.fromarray(RNG.integers(0, 256, (64, 64, 3)).astype("uint8")).save(path)
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"1\.{ending} cannot be decoded.*on_error=\"skip\""):
        list(paired(*folders, size=12))
    source, target = collect(paired(*folders, size=12, augment=False, on_error="skip"))
    np.testing.assert_allclose(source[..., 0], target[..., 0], atol=1e-6)
    np.testing.assert_allclose(np.sort(target[:, 0, 0, 0]), np.sort(scaled(X[[0, 2], 0, 0, 0])), atol=1e-6)
    assert f"Skipped {path}" in capsys.readouterr().out
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=rf"1 of 3 files.*1\.{ending} \(it is empty\)"):
        paired(*folders, size=12)
    assert len(collect(paired(*folders, size=12, on_error="skip"))[0]) == 2


@pytest.mark.slow
def test_a_function_makes_the_partner_after_the_crop():
    def dark(image):
        return image / 2 - 0.5

    source, target = collect(paired(dark, X, size=8, load_size=12, seed=0))
    np.testing.assert_allclose(source, target / 2 - 0.5, atol=1e-6)
    assert place(target[0], scaled(np.concatenate(X)))
    source, target = collect(paired(X, tf.image.rgb_to_grayscale, size=8))
    assert (source.shape, target.shape) == ((6, 8, 8, 3), (6, 8, 8, 1))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"`source` must make floats in \[-1, 1\]"):
        list(paired(lambda image: image * 2, X))


def test_a_function_of_the_images_of_a_folder(folders):
    source, target = collect(paired(tf.image.rgb_to_grayscale, folders[1], size=8, batch_size=2))
    assert (source.shape, target.shape) == ((3, 8, 8, 1), (3, 8, 8, 3))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda image: np.sort(np.asarray(image)), r"function of TensorFlow operations.*\(12, 12, 3\).*tf\.numpy_function"),
        (lambda image: image[..., 0], r"must make an image.*shape \(12, 12\)"),
        (lambda image: tf.cast(image, tf.uint8), "must make an image.*uint8"),
    ],
)
def test_functions_that_make_no_images(function, message):
    with pytest.raises(ValueError, match=message):
        paired(function, X)


@pytest.mark.slow
def test_data_sets():
    elements = {"hr": X.repeat(2, 1).repeat(2, 2), "lr": X, "id": np.arange(6)}
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    source, target = collect(paired(dataset, keys=("lr", "hr"), seed=0))
    np.testing.assert_allclose(target, source.repeat(2, 1).repeat(2, 2), atol=1e-6)
    with pytest.raises(ValueError, match=r"keys \['source', 'target'\].*\['hr', 'id', 'lr'\].*`keys`"):
        paired(dataset)
    pairs = tf.data.Dataset.from_tensor_slices((scaled(X), X))
    np.testing.assert_allclose(*collect(paired(pairs, size=8)), atol=0.02)  # floats are not rounded when they are resized
    wrong = tf.data.Dataset.from_tensor_slices((X, X / 127.5))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"floats in \[-1, 1\]"):
        list(paired(wrong))
    both = tf.data.Dataset.from_tensor_slices(np.concatenate([X, 255 - X], axis=2))
    source, target = collect(paired(both, flip=False))
    np.testing.assert_allclose(source, -target, atol=1e-6)


def test_tfds(monkeypatch):
    tfds = pytest.importorskip("tensorflow_datasets")
    features = {"lr": tfds.features.Image(), "hr": tfds.features.Image()}
    info = type("Info", (), {"features": features})
    asked = []

    def load(name, split, **others):
        asked.append((name, split))
        return tf.data.Dataset.from_tensor_slices({"lr": X, "hr": X.repeat(2, 1).repeat(2, 2)}), info

    monkeypatch.setattr(tfds, "load", load)
    source, target = collect(paired("tfds:div2k/bicubic_x2", keys=("lr", "hr"), split="validation"))
    assert (source.shape, target.shape) == ((6, 12, 12, 3), (6, 24, 24, 3))
    paired("tfds:div2k", keys=("lr", "hr"))
    assert asked == [("div2k/bicubic_x2", "validation"), ("div2k", "train")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": X[:5]}, "6 sources, 5 targets.*for images without pairs, use keras_gans.data.unpaired"),
        ({"source": (X, np.arange(6)), "target": X}, r"a pair \(images, labels\), of 6 images.*Pass the images, its first part"),
        ({"target": (X, ["a"] * 6)}, r"a pair \(images, labels\), of 6 images and 6 labels"),
        ({"target": [X[0], X[1][:4]]}, "Images of a list must have one size"),
        ({"target": X[:, :11]}, r"`scale` times.*\(12, 12\), targets of \(11, 12\)"),
        ({"target": X, "scale": 2}, r"scale=2.*Pass `size`"),
        ({"target": X, "scale": 0}, "`scale` must be an int >= 1"),
        ({"target": X, "scale": 3, "size": 8}, r"multiple of `scale`.*\(8, 8\), scale=3"),
        ({"target": X, "scale": 2, "size": 8, "load_size": 9}, "multiple of scale=2.*load_size"),
        ({"target": X, "size": 8, "load_size": 7}, r"at least the size \(8, 8\)"),
        ({"target": X, "size": 0}, "`size`"),
        ({"target": X, "load_size": "9"}, "`load_size`.*load_size='9'"),
        ({"target": X, "direction": "BtoA"}, "side by side.*Exchange"),
        ({"target": X, "direction": "ab"}, '`direction` must be "AtoB"'),
        ({"target": X, "augment": "no"}, "`augment`"),
        ({"target": X, "batch_size": 0}, "`batch_size`"),
        ({"target": X, "batch_size": 7, "drop_remainder": True}, "No batch is left"),
        ({"target": X, "on_error": "ignore"}, "`on_error`"),
        ({"target": X, "split": "test"}, "`split` is for folders"),
        ({"target": X, "keys": "lr"}, "`keys`"),
        ({"target": X, "channels": (1, 3, 3)}, "`channels` must be one value, or a pair"),
        ({"target": X / 1.0}, r"floats in \[-1, 1\]"),
        ({"target": "nowhere"}, "images and a folder"),
        ({"target": tf.data.Dataset.from_tensor_slices(X)}, r"Dataset\.zip"),
        ({"target": tf.identity, "scale": 2}, "a function"),
        ({"source": tf.identity}, "no images"),
        ({"source": (X, np.arange(6))}, "without labels"),
        ({"source": "nowhere", "size": 8}, "no folder '.*nowhere'"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        paired(**{"source": X, **arguments})
