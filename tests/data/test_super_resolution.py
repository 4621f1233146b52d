"""Crops of photographs in two resolutions."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_gans.data import super_resolution

RNG = np.random.default_rng(0)
PHOTOS = [RNG.integers(0, 256, (height, width, 3)).astype("uint8") for height, width in ((30, 20), (16, 40), (24, 24))]


def bicubic(image, size):
    """Pillow's, in floats: antialiased, a = -1/2."""
    channels = [Image.fromarray(image[..., k].astype("float32")).resize((size, size), Image.BICUBIC) for k in range(3)]
    return np.stack([np.asarray(channel) for channel in channels], axis=-1)


def collect(dataset):
    return [np.concatenate(part) for part in zip(*[[np.asarray(part) for part in pair] for pair in dataset], strict=True)]


def is_crop(crop, photo):
    windows = np.lib.stride_tricks.sliding_window_view(photo / 127.5 - 1, crop.shape)[:, :, 0]
    return np.isclose(windows, crop, atol=1e-5).all(axis=(2, 3, 4)).any()


@pytest.mark.slow
def test_low_is_the_bicubic_of_high():
    low, high = collect(super_resolution(PHOTOS, scale=4, crop=16, batch_size=2, seed=0))
    assert (low.shape, high.shape) == ((3, 4, 4, 3), (3, 16, 16, 3))
    assert (low.dtype, high.dtype) == ("float32", "float32")
    for small, large in zip(low, high, strict=True):
        np.testing.assert_allclose(small, bicubic((large + 1) / 2, 4).clip(0, 1), atol=1e-5)


def test_low_is_clipped():
    edge = np.zeros((16, 16, 1), "uint8")
    edge[:, 6:] = 255  # bicubic interpolation overshoots here
    low, high = collect(super_resolution(edge[None], crop=16))
    assert (low.min(), low.max()) == (0, 1)
    assert (high.min(), high.max()) == (-1, 1)
    assert bicubic(np.repeat(edge, 3, -1) / 255, 4).max() > 1.01


@pytest.mark.slow
def test_crops_are_of_distinct_photographs_and_anew_in_each_epoch():
    dataset = super_resolution(PHOTOS, scale=2, crop=8, flip=True, seed=1)
    epochs = [collect(dataset)[1] for _ in range(2)]
    assert not np.array_equal(*epochs)
    for crops in epochs:
        sources = [[is_crop(way, photo) for photo in PHOTOS for way in (crop, crop[:, ::-1])] for crop in crops]
        assert sorted(np.argmax(sources, axis=1) // 2) == [0, 1, 2]
    again = super_resolution(PHOTOS, scale=2, crop=8, flip=True, seed=1)
    np.testing.assert_array_equal(epochs, [collect(again)[1] for _ in range(2)])


@pytest.mark.slow
@pytest.mark.parametrize("cache", [True, False])
@pytest.mark.parametrize("ending", ["png", "bmp", "jpg"])
def test_files_of_several_sizes(tmp_path, capsys, ending, cache):
    for number, photo in enumerate(PHOTOS):
        Image.fromarray(photo).save(tmp_path / f"{number}.{ending}")
    dataset = super_resolution(tmp_path, crop=16, cache=cache, batch_size=3)
    assert int(dataset.cardinality()) == 1
    for _ in range(2):
        low, high = collect(dataset)
        assert (low.shape, high.shape) == ((3, 4, 4, 3), (3, 16, 16, 3))
    if ending != "jpg":
        assert all(any(is_crop(crop, photo) for photo in PHOTOS) for crop in high)
    assert capsys.readouterr().out == "3 images\n"


@pytest.mark.slow
def test_images_smaller_than_the_crop_are_named(tmp_path, capsys):
    for number, photo in enumerate(PHOTOS):
        Image.fromarray(photo).save(tmp_path / f"{number}.png")
    with pytest.raises(ValueError, match=r"2 of 3 files.*smaller than 24 pixels.*0\.png \(20 x 30\); .*1\.png \(40 x 16\)"):
        super_resolution(tmp_path, crop=24)
    for on_error in ("raise", "skip"):
        with pytest.raises(ValueError, match="3 of 3 files.*smaller than 96.*Take a smaller `crop`.$"):
            super_resolution(tmp_path, crop=96, on_error=on_error)
    low, high = collect(super_resolution(tmp_path, crop=24, on_error="skip"))
    assert high.shape == (1, 24, 24, 3)
    assert "1 image; 2 skipped that are smaller than 24 pixels" in capsys.readouterr().out
    with pytest.raises(ValueError, match=r"number 0 \(30, 20, 3\); number 1 \(16, 40, 3\)\. Take a smaller `crop`"):
        super_resolution(PHOTOS, crop=24)
    with pytest.raises(ValueError, match=r"images of \(24, 24\) that are smaller than 28"):
        super_resolution(PHOTOS[2][None], crop=28)
    loose = tf.data.Dataset.from_generator(lambda: PHOTOS, output_signature=tf.TensorSpec((None, None, 3), "uint8"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="smaller than 24 pixels.*Filter"):
        list(super_resolution(loose, crop=24, shuffle=False))
    assert collect(super_resolution(loose, crop=16))[1].shape == (3, 16, 16, 3)


@pytest.mark.slow
def test_broken_files_are_named_or_skipped(tmp_path):
    for number, photo in enumerate(PHOTOS):
        Image.fromarray(photo).save(tmp_path / f"{number}.png")
    path = tmp_path / "1.png"
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"1\.png cannot be decoded"):
        list(super_resolution(tmp_path, crop=16))
    assert len(collect(super_resolution(tmp_path, crop=16, on_error="skip"))[0]) == 2


def test_tests():
    _, high = collect(super_resolution(PHOTOS, crop=8, augment=False, shuffle=False))
    np.testing.assert_allclose(high[0], PHOTOS[0][11:19, 6:14] / 127.5 - 1, atol=1e-6)
    shapes = [(low.shape, high.shape) for low, high in super_resolution(PHOTOS, scale=3, crop=None, batch_size=1, shuffle=False)]
    assert shapes == [((1, h // 3, w // 3, 3), (1, h // 3 * 3, w // 3 * 3, 3)) for h, w in ((30, 20), (16, 40), (24, 24))]


@pytest.mark.slow
def test_channels():
    gray = [photo[..., 0] for photo in PHOTOS]
    assert [spec.shape[-1] for spec in super_resolution([*PHOTOS, *gray], crop=8).element_spec] == [3, 3]
    assert [spec.shape[-1] for spec in super_resolution(PHOTOS, crop=8, channels=1).element_spec] == [1, 1]
    pillow = [Image.fromarray(photo) for photo in PHOTOS]
    assert collect(super_resolution(pillow, crop=8))[0].shape == (3, 2, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"crop": 30}, "multiple of `scale`.*crop=30, scale=4"),
        ({"crop": 0}, "`crop`"),
        ({"scale": 1.5}, "`scale`"),
        ({"crop": None}, "batch_size=1"),
        ({"flip": "yes"}, "`flip`"),
        ({"crop": 8, "batch_size": 4, "drop_remainder": True}, "No batch is left"),
        ({"source": [*PHOTOS, PHOTOS[0] / 255], "crop": 8}, "one dtype.*float64.*uint8"),
        ({"source": PHOTOS[0], "split": "train"}, "`split` is for folders"),
        ({"source": "nowhere"}, "no folder '.*nowhere'"),
        ({"source": []}, "Expected an array"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        super_resolution(**{"source": PHOTOS, **arguments})
