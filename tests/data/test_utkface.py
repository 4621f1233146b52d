"""Faces whose file names say the age and the gender, and the published groups of ages."""

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import age_to_group
from keras_gans.data import signed_one_hot
from keras_gans.data import utkface


def save(folder, name, level=0, size=4):
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((size, size, 3), level, "uint8")).save(folder / name, "png")


@pytest.fixture
def folder(tmp_path):
    """Ages 0, 5, ..., 55; genders by turns. Each face is as gray as it is old."""
    for number in range(12):
        save(tmp_path, f"{5 * number}_{number % 2}_{number % 5}_2017011619{number:010}.jpg.chip.png", 5 * number)
    return tmp_path


def epoch(dataset):
    rows = [(np.rint((x.numpy()[:, 0, 0, 0] + 1) * 127.5), *(y[key].numpy() for key in sorted(y))) for x, y in dataset]
    return [np.concatenate(part) for part in zip(*rows, strict=True)]


def test_the_published_groups():
    ages = {5: 0, 6: 1, 20: 3, 21: 4, 70: 8, 71: 9, 116: 9, 0: 0, 10: 1, 11: 2, 15: 2, 16: 3, 30: 4, 31: 5, 61: 8}
    assert {age: age_to_group(age) for age in ages} == ages
    np.testing.assert_array_equal(age_to_group(np.array([[5], [71]])), [[0], [9]])
    assert age_to_group([17, 18, 65, 66], limits=(17, 65)).tolist() == [0, 1, 1, 2]
    for ages in (-1, [3, -2], 2.5, "7", True):
        with pytest.raises(ValueError, match="`ages` must be ints >= 0"):
            age_to_group(ages)
    for limits in ((), (5, 5), (7, 3), (2.5,), 7, (-1, 3)):
        with pytest.raises(ValueError, match="`limits` must be"):
            age_to_group(3, limits=limits)


def test_signed_one_hot():
    rows = signed_one_hot([0, 2], 3)
    np.testing.assert_array_equal(rows, [[1, -1, -1], [-1, -1, 1]])
    assert rows.dtype == "float32"
    np.testing.assert_array_equal(signed_one_hot(1, 2), [-1, 1])
    assert signed_one_hot(age_to_group(33), 10).sum() == -8
    for labels in ([3], -1, [0.5], "0", [True]):
        with pytest.raises(ValueError, match=r"ints in 0..2"):
            signed_one_hot(labels, 3)
    with pytest.raises(ValueError, match="`classes`"):
        signed_one_hot(0, 0)


@pytest.mark.slow
def test_an_epoch(folder, capsys):
    dataset = utkface(folder, size=4, batch_size=5, gender=True)
    assert capsys.readouterr().out == "12 images\n"
    assert int(dataset.cardinality()) == 3
    images, labels = dataset.element_spec
    assert images.shape == (None, 4, 4, 3)
    assert {key: tuple(spec.shape) for key, spec in labels.items()} == {"age": (None, 10), "gender": (None, 2)}
    levels, ages, genders = epoch(dataset)
    assert sorted(levels) == list(range(0, 60, 5))
    np.testing.assert_array_equal(ages, signed_one_hot(age_to_group(levels.astype(int)), 10))
    np.testing.assert_array_equal(genders, signed_one_hot((levels / 5).astype(int) % 2, 2))
    np.testing.assert_array_equal(ages.sum(axis=1), -8)


@pytest.mark.slow
def test_orders(folder):
    def orders(**arguments):
        dataset = utkface(folder, size=4, verbose=False, **arguments)
        return [epoch(dataset)[0].tolist() for _ in range(2)]

    first, second = orders(seed=3)
    assert [first, second] == orders(seed=3)
    assert first != second
    assert orders(shuffle=False) == [list(range(0, 60, 5))] * 2
    assert orders(shuffle=False, cache=False) == [list(range(0, 60, 5))] * 2


def test_what_the_arguments_mean(folder):
    save(folder, "55_0_0_20170116232725357jpg.chip.jpg")  # there is such a name among the published ones
    dataset = utkface(folder, size=(6, 8), channels=1, batch_size=5, drop_remainder=True, flip=True)
    assert dataset.element_spec[0].shape == (5, 6, 8, 1)
    for wrong in ({"batch_size": 0}, {"on_error": "ignore"}, {"shuffle": -1}, {"channels": 2}, {"seed": -1}, {"size": 0}):
        with pytest.raises(ValueError, match=f"`{next(iter(wrong))}`"):
            utkface(folder, **wrong)
    with pytest.raises(ValueError, match="No batch is left"):
        utkface(folder, batch_size=14, drop_remainder=True)


@pytest.mark.slow
def test_other_groups_and_ages_alone(folder):
    ages = epoch(utkface(folder, size=4, limits=(17, 65), shuffle=False))
    assert len(ages) == 2
    np.testing.assert_array_equal(ages[1], signed_one_hot([0] * 4 + [1] * 8, 3))
    for wrong in ({"limits": (5, 2)}, {"gender": "m"}):
        with pytest.raises(ValueError, match=f"`{next(iter(wrong))}`"):
            utkface(folder, **wrong)


@pytest.mark.slow
def test_subfolders_and_lists_of_files(folder, capsys):
    save(folder / "part2" / "deeper", "80_0_1_20170111222638889.jpg", 80)
    save(folder, ".1_0_0_20170111222638889.jpg")
    assert sorted(epoch(utkface(folder, size=4))[0])[-1] == 80
    assert capsys.readouterr().out == "13 images; 1 file left out: 1 hidden\n"
    files = sorted(folder.glob("*.png"))[:3]
    levels, *_ = epoch(utkface([str(file) for file in files], size=4, shuffle=False))
    assert levels.tolist() == [int(file.name.split("_")[0]) for file in files]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "39_1_20170116174525125.jpg",  # one part is missing; there are such among the published ones
        "53__0_20170116184028385.jpg",
        "24_3_1_20170116184028385.jpg",
        "24_0_5_20170116184028385.jpg",
        "-3_0_1_20170116184028385.jpg",
        "1234_0_1_20170116184028385.jpg",
        "face.jpg",
    ],
)
def test_names_that_do_not_fit(folder, capsys, name):
    save(folder, name, 200)
    with pytest.raises(ValueError, match=r"1 of 13 files .*age_gender_race_date\.jpg.*on_error=\"skip\"") as error:
        utkface(folder, size=4)
    assert name in str(error.value)
    levels, *_ = epoch(utkface(folder, size=4, on_error="skip"))
    assert 200 not in levels
    assert len(levels) == 12
    out = capsys.readouterr().out
    assert out.startswith("12 images; 1 skipped that ")
    assert name in out


@pytest.mark.slow
def test_broken_files(folder, capsys):
    files = sorted(folder.glob("*.png"), key=lambda file: int(file.name.split("_")[0]))
    files[3].write_bytes(b"")
    files[7].write_bytes(files[7].read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"1 of 12 files that cannot be read: .*15_1_3_.*it is empty"):
        utkface(folder, size=4)
    levels, ages = epoch(utkface(folder, size=4, on_error="skip", shuffle=False))
    assert levels.tolist() == [5 * number for number in range(12) if number not in (3, 7)]
    np.testing.assert_array_equal(ages, signed_one_hot(age_to_group(levels.astype(int)), 10))
    assert "1 skipped that cannot be read" in capsys.readouterr().out


def test_what_is_no_folder_of_faces(tmp_path):
    save(tmp_path, "1.jpg")
    with pytest.raises(ValueError, match=r"1 of 1 files .*1\.jpg\. Rename them\.$"):  # skipping would leave none
        utkface(tmp_path, on_error="skip")
    for source, message in ((np.zeros((3, 4, 4, 3)), "a folder, or a list of files"), (tmp_path / "nowhere", "no folder")):
        with pytest.raises(ValueError, match=message):
            utkface(source)


@pytest.mark.slow
def test_names_as_people_have_them(tmp_path, capsys):
    """Capitals, no ending, and copies as systems name them are faces like others; what is no image is left out."""
    date = "20170116174525125"
    names = [f"1_0_0_{date}.JPG", f"2_0_0_{date}", f"3_0_0_{date}.jpg.chip (1).jpg", f"4_0_0_{date} - Copy.png"]
    for number, name in enumerate([*names, f"5_0_0_{date}.JPG.CHIP.JPG"], 1):
        save(tmp_path, name, number)
    for name in ("landmark_list.txt", f"6_0_0_{date}.mat", f"7_0_0_{date}.jpg.tmp", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"no image")
    for folder in ("__MACOSX", ".cache"):
        save(tmp_path / folder, f"8_0_0_{date}.jpg")
    levels, *_ = epoch(utkface(tmp_path, size=4, shuffle=False))
    assert sorted(levels) == [1, 2, 3, 4, 5]
    out = capsys.readouterr().out
    assert out.startswith("5 images; 4 files left out: ")
    assert "folders left out: .cache, __MACOSX" in out
