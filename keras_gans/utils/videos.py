"""Moving pictures: GIF and MP4."""

import os
import subprocess

import numpy as np

from keras_gans.utils.choices import check_bools
from keras_gans.utils.files import written_beside
from keras_gans.utils.image_files import image_grid
from keras_gans.utils.image_files import image_numbers
from keras_gans.utils.image_files import picture
from keras_gans.utils.image_files import to_uint8
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.optional import require
from keras_gans.utils.paths import check_path

_WIDTH = 256


def save_video(filepath, images, fps=25, back=False, scale=None, columns=None, image_range=None):
    """Saves images that follow each other as a GIF or an MP4, by the ending of the file; folders on the way are made.

    Args:
        filepath: Path that ends in ".gif", which repeats for ever, or ".mp4" (H.264), which needs the package imageio-ffmpeg.
        images: Array `(frames, height, width, channels)`, float in [-1, 1] or `image_range`, or uint8; 1 or 3 channels. Or
            `(n, frames, height, width, channels)`: n videos, which are shown side by side as `image_grid` lays images out.
        fps: Float > 0, frames a second. A GIF has whole hundredths of a second a frame. Default: 25.
        back: Bool, whether the frames go back to the first one, so that there is no jump. Default: False.
        scale: Int, the side of a pixel, which stays sharp. Default: as many as make a frame about 256 pixels wide, at least 1.
        columns: Int, for n videos. Default: the smallest square.
        image_range: Pair of floats, as in `to_uint8`.

    Raises:
        ValueError: for another ending or shape, if `fps` is not positive, `scale` or `columns` not an int >= 1, `back` not a
            bool; as `to_uint8`.
        ImportError: for an MP4 without imageio-ffmpeg.
        OSError: if the file cannot be written.

    Example:

    ```python
    keys = gan.latents.sample(4, seed=(0, 1)).numpy()
    walk = keras_gans.evaluation.interpolate(gan, keys, np.roll(keys, -1, axis=0), steps=9)
    keras_gans.utils.save_video("samples/walk.gif", np.concatenate(walk[:, :-1]))  # round through four images
    ```
    """
    check_bools(back=back)
    check_path(filepath, "filepath", "It comes before the images.")
    path, images = os.fspath(filepath), image_numbers(images)
    ending = os.path.splitext(path)[1].lower()
    if ending not in _WRITERS:
        raise ValueError(f"A video's path must end in one of {tuple(_WRITERS)}. Received: {path!r}")
    if images.ndim not in (4, 5) or images.shape[-1] not in (1, 3) or 0 in images.shape:
        raise ValueError(
            "Expected images (frames, height, width, channels), or (n, frames, height, width, channels), of 1 or 3 channels. "
            f"Received: shape={images.shape}"
        )
    check_positive(fps=fps)
    check_ints(1, **{name: value for name, value in (("scale", scale), ("columns", columns)) if value is not None})
    frames = to_uint8(images, image_range)
    if frames.ndim == 5:
        frames = np.stack([image_grid(frames[:, k], columns=columns) for k in range(frames.shape[1])])
    frames = enlarged(frames, scale)
    if back:
        frames = there_and_back(frames)
    with written_beside(path) as beside:
        _WRITERS[ending](beside, frames, fps)


def enlarged(frames, scale=None):
    """Frames `(n, height, width, channels)` whose pixels have become squares: by default, about 256 pixels wide."""
    scale = scale or max(1, _WIDTH // frames.shape[2])
    return frames.repeat(scale, axis=1).repeat(scale, axis=2)


def there_and_back(frames):
    """Frames followed by the same frames backwards, without repeating either end."""
    return np.concatenate([frames, frames[-2:0:-1]])


def write_gif(file, frames, fps):
    """Writes uint8 frames `(n, height, width, channels)` to a path or a binary file, as a GIF that repeats for ever."""
    first, *others = map(picture, frames)
    hundredths = max(2, round(100 / fps))  # browsers slow down what is faster
    first.save(file, "GIF", save_all=True, append_images=others, duration=10 * hundredths, loop=0)


def _write_mp4(path, frames, fps):
    program = require("imageio_ffmpeg", "video", "An MP4").get_ffmpeg_exe()
    # H.264 has colors at half of the resolution.
    frames = np.pad(frames, [(0, 0), *((0, side % 2) for side in frames.shape[1:3]), (0, 0)], mode="edge")
    frames = np.broadcast_to(frames, (*frames.shape[:3], 3))
    given = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "{1}x{0}".format(*frames.shape[1:3]), "-r", str(fps), "-i", "-"]
    made = ["-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", path]
    command = [program, "-y", "-loglevel", "error", *given, *made]
    result = subprocess.run(command, input=frames.tobytes(), capture_output=True, check=False)
    if result.returncode:
        said = result.stderr.decode(errors="replace").strip() or "it said nothing"
        raise OSError(f"ffmpeg could not write {path!r}, and ended with {result.returncode}: {said}. Is the disk full?")


_WRITERS = {".gif": write_gif, ".mp4": _write_mp4}
