import re
import subprocess

import numpy as np
import pytest
from PIL import Image

from keras_gans.utils import save_video


def frames(count=4, height=5, width=7, channels=3):
    return np.random.default_rng(0).integers(0, 256, (count, height, width, channels)).astype("uint8")


def shown(path):
    with Image.open(path) as animation:
        for number in range(animation.n_frames):
            animation.seek(number)
            yield animation.info["duration"], np.asarray(animation.convert("RGB"))


def test_a_gif_of_every_frame(tmp_path):
    gray = np.linspace(-1, 1, 4)[:, None, None, None] * np.ones((4, 5, 7, 1))
    save_video(tmp_path / "new" / "a.gif", gray, fps=10, scale=2)
    found = list(shown(tmp_path / "new" / "a.gif"))
    assert [duration for duration, _ in found] == [100] * 4
    assert [image.shape for _, image in found] == [(10, 14, 3)] * 4
    assert [image[0, 0, 0] for _, image in found] == [0, 85, 170, 255]


def test_back_to_the_first_frame(tmp_path):
    gray = np.array([-1.0, 0.0, 1.0])[:, None, None, None] * np.ones((3, 4, 4, 1))
    save_video(tmp_path / "a.gif", gray, back=True)
    assert [image[0, 0, 0] for _, image in shown(tmp_path / "a.gif")] == [0, 128, 255, 128]
    assert next(shown(tmp_path / "a.gif"))[1].shape == (256, 256, 3)


def test_several_videos_side_by_side(tmp_path):
    videos = np.stack([frames(), frames() // 2, frames()])
    save_video(tmp_path / "a.gif", videos, scale=1, columns=3)
    assert [image.shape for _, image in shown(tmp_path / "a.gif")] == [(5, 3 * 7 + 2 * 2, 3)] * 4


@pytest.mark.parametrize("channels", [1, 3])
def test_an_mp4(tmp_path, channels):
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    images = np.linspace(-1, 1, 6)[:, None, None, None] * np.ones((6, 5, 7, channels))
    save_video(tmp_path / "a.mp4", images, fps=5, scale=9)  # of odd sides, which H.264 does not know
    command = [ffmpeg.get_ffmpeg_exe(), "-i", tmp_path / "a.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    result = subprocess.run(command, capture_output=True, check=True)
    assert re.search(r"Video: h264.* 64x46.* 5 fps", result.stderr.decode())
    means = np.frombuffer(result.stdout, "uint8").reshape(6, -1).mean(axis=1)
    np.testing.assert_allclose(means, np.linspace(0, 255, 6), atol=6)


@pytest.mark.parametrize("name", ["a.gif", "a.mp4"])
def test_a_full_disk(tmp_path, full_disk, name):
    pytest.importorskip("imageio_ffmpeg")
    save_video(tmp_path / name, frames())
    before = (tmp_path / name).read_bytes()
    full_disk(100)
    with pytest.raises(OSError) as caught:
        save_video(tmp_path / name, frames())
    assert f"'{tmp_path}/{name}'" in str(caught.value)
    assert ".writing-" not in str(caught.value)
    assert name == "a.gif" or re.search(r"ended with -?\d+: \w.*Is the disk full\?", str(caught.value))
    assert (tmp_path / name).read_bytes() == before


def test_without_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(ImportError, match=r"keras_gans\[video\]"):
        save_video(tmp_path / "a.mp4", frames())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "images", "options", "message"),
    [
        ("a.avi", frames(), {}, "must end in"),
        ("a.gif", frames(), {"fps": "25"}, "`fps` must be a finite number"),
        ("a.gif", frames(), {"scale": 0}, "`scale` must be an int >= 1"),
        ("a.gif", frames(), {"scale": 2.5}, "`scale` must be an int >= 1"),
        ("a.gif", frames()[0], {}, "Expected images"),
        ("a.gif", frames(channels=2), {}, "Expected images"),
        ("a.gif", frames()[:0], {}, "Expected images"),
        ("a.gif", frames(), {"fps": 0}, "`fps`"),
    ],
)
def test_wrong_arguments(tmp_path, name, images, options, message):
    with pytest.raises(ValueError, match=f"{message}.*Received"):
        save_video(tmp_path / name, images, **options)
