"""Lightness and colors."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans import data


def lab(rgb):
    """CIE L*a*b* of sRGB in [0, 1], by definition: from the chromaticities of its primaries and white."""
    xy = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06], [0.3127, 0.3290]])
    xyz = np.column_stack([xy, 1 - xy.sum(axis=1)]) / xy[:, 1:]
    primaries, white = xyz[:3].T, xyz[3]
    matrix = primaries * np.linalg.solve(primaries, white)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = linear @ matrix.T / white
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def test_lab_of_colors_and_back():
    corners = np.stack(np.meshgrid(*[[0, 0.02, 0.5, 1]] * 3), axis=-1).reshape(1, 8, 8, 3)
    lightness, colors = data.rgb_to_lab(2 * corners - 1)
    expected = lab(corners)
    np.testing.assert_allclose((np.asarray(lightness) + 1) * 50, expected[..., :1], atol=0.02)
    np.testing.assert_allclose(np.asarray(colors) * 110, expected[..., 1:], atol=0.05)
    assert np.abs(colors).max() < 1
    np.testing.assert_allclose(data.lab_to_rgb(lightness, colors), 2 * corners - 1, atol=1e-4)
    gray = np.full((4, 4, 3), 0.3)
    np.testing.assert_allclose(data.rgb_to_lab(gray)[1], 0, atol=1e-5)


@pytest.mark.slow
def test_a_pipeline():
    photos = np.random.default_rng(0).integers(0, 256, (5, 12, 12, 3)).astype("uint8")
    dataset = data.colorization(photos, size=12, batch_size=5, augment=False, shuffle=False)
    lightness, colors = next(iter(dataset))
    assert (lightness.shape, colors.shape) == ((5, 12, 12, 1), (5, 12, 12, 2))
    np.testing.assert_allclose(data.lab_to_rgb(lightness, colors), photos / 127.5 - 1, atol=1e-3)
    with pytest.raises(ValueError, match="three channels"):
        data.rgb_to_lab(np.zeros((4, 4, 1)))


GRAY_ONLY = "Photographs have colors to learn from. Received: gray ones only"
KINDS = {"colored": (3, "png"), "gray": (1, "png"), "gray in RGB": ("gray", "png"), "gray in JPEG": ("gray", "jpg")}


def photographs(count, channels):
    """Noise of one or three channels, or gray noise of three."""
    made = np.random.default_rng(0).integers(0, 256, (count, 12, 12, 3 if channels == 3 else 1)).astype("uint8")
    return np.repeat(made, 3, axis=-1) if channels == "gray" else made


def folder_of(path, **counts):
    """A folder with as many files of each of `KINDS`."""
    for kind, count in counts.items():
        channels, ending = KINDS[kind]
        for number, photograph in enumerate(photographs(count, channels)):
            image = Image.fromarray(photograph[..., 0] if channels == 1 else photograph)
            image.save(path / f"{number} {kind}.{ending}")
    return path


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "colored"])
def test_a_folder_of_gray_files_is_refused(kind, tmp_path):
    with pytest.raises(ValueError, match=GRAY_ONLY):
        data.colorization(folder_of(tmp_path, **{kind: 3}), size=8)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "colored"])
def test_a_folder_with_gray_files_is_warned_of(kind, tmp_path):
    with pytest.warns(UserWarning, match="^2 of 5 photographs are gray") as caught:
        data.colorization(folder_of(tmp_path, **{kind: 2, "colored": 3}), size=8, verbose=False)
    assert caught[0].filename == __file__


def test_a_large_folder_is_looked_at_here_and_there(tmp_path):
    folder_of(tmp_path, **{"gray": 1, "gray in RGB": 33})
    with pytest.warns(UserWarning, match="^At least 12 of 34 photographs are gray"):  # every third of those in RGB
        data.colorization(tmp_path, size=8, verbose=False)


def test_a_folder_of_colors_and_a_broken_file(tmp_path):
    """The broken file is the pipeline's to refuse, or to skip."""
    folder_of(tmp_path, colored=2)
    whole = (tmp_path / "0 colored.png").read_bytes()
    (tmp_path / "9.png").write_bytes(whole[: len(whole) // 2])
    dataset = data.colorization(tmp_path, size=8, on_error="skip", verbose=False)
    assert sum(len(lightness) for lightness, _ in dataset) == 2


def test_gray_arrays_and_data_sets():
    for channels in (1, "gray"):
        with pytest.raises(ValueError, match=GRAY_ONLY):
            data.colorization(photographs(4, channels), size=8)
    with pytest.raises(ValueError, match=GRAY_ONLY):
        data.colorization(tf.data.Dataset.from_tensor_slices(photographs(4, 1)), size=8)
    mixed = np.concatenate([photographs(4, 3), photographs(2, "gray")])
    with pytest.warns(UserWarning, match="^2 of 6 photographs are gray"):
        data.colorization(mixed, size=8)
    data.colorization(tf.data.Dataset.from_tensor_slices(photographs(4, 3)), size=8)
