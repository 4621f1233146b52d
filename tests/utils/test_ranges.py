"""Images that were scaled by mistake."""

import re

import numpy as np
import pytest
import tensorflow as tf

from keras_gans.utils.ranges import slip

LEVELS = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3)).astype("float32")
LEVELS[:, 0, 0], LEVELS[:, 0, 1] = 0, 255


@pytest.mark.parametrize(
    ("images", "wanted", "message"),
    [
        (
            LEVELS / 255,
            (-1, 1),
            r"^They lie in \[0, 1\], but are taken to be in \[-1, 1\]. If they.*to \[-1, 1\]: 2 \* x - 1, or so.$",
        ),
        (LEVELS / 255 - 1, (-1, 1), r"\[-1, 0\], but are taken.*2 \* x \+ 1.$"),
        (LEVELS / 255 - 0.5, (-1, 1), r"\[-0.5, 0.5\], but are taken.*: 2 \* x.$"),
        (LEVELS / 255 / 127.5 - 1, (-1, 1), r"\[-1, -0.99.*less than 1/8 of the range.*scaled twice.*once: x / 127.5 - 1.$"),
        (LEVELS[:1] / 255 / 127.5 - 1, (-1, 1), "less than 1/64"),
        (LEVELS / 255 / 255, (0, 1), r"\[0, 0.00392.*, but are taken to be in \[0, 1\]. That is less.*: x / 255.$"),
        (tf.constant(LEVELS[..., :1] / 255 - 1), (-1, 1), r"2 \* x \+ 1"),
    ],
)
def test_slips(images, wanted, message):
    assert re.search(message, slip("They", images, wanted, instead=", or so"))


@pytest.mark.parametrize(
    ("images", "wanted", "data"),
    [
        (LEVELS / 127.5 - 1, (-1, 1), True),
        (LEVELS / 255, (0, 1), True),
        (0.4 * LEVELS / 127.5 - 1, (-1, 1), True),  # dark photographs
        (0.4 * LEVELS / 255, (0, 1), True),
        (0.4 * LEVELS / 127.5 - 0.3, (-1, 1), True),  # of little contrast
        (0.1 * LEVELS[:1] / 127.5 - 1, (-1, 1), True),  # one dark photograph
        (LEVELS[..., :2] / 2550 - 0.05, (-1, 1), True),  # colors
        (0.01 * (LEVELS / 127.5 - 1), (-1, 1), True),  # of a generator that begins
        (LEVELS / 255 - 1, (-1, 1), False),
        ((LEVELS > 9) - 1.0, (-1, 1), True),  # of two values
        (np.zeros((4, 8, 8, 1), "float32"), (-1, 1), True),
        (np.full((4, 8, 8, 1), -1.0, "float32"), (-1, 1), True),
        (LEVELS.reshape(4, -1) / 255, (-1, 1), True),
        (LEVELS[:0], (-1, 1), True),
        ((LEVELS > 9).astype("uint8"), (-1, 1), True),
    ],
)
def test_what_is_none(images, wanted, data):
    assert slip("They", images, wanted, data=data) is None
