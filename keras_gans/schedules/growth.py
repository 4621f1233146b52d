"""When networks grow, and with how many examples a step and at what rate they learn meanwhile."""

import math

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_positive


class Growth(Serializable):
    """The schedule of networks that grow: each size of images is held for a while, then the next one fades in.

    After n images seen by the discriminator, with R the full size, S the first one, T `hold` and F `fade`:

    lod(n) = max(0, log2(R / S) - floor(n / (T + F)) - max(0, n mod (T + F) - T) / F)
    size(n) = R / 2^floor(lod),   share(n) = 1 - (lod - floor(lod))

    where `share` is that of the newest layers: 1 where nothing fades.

    Args:
        hold: Int > 0, images for which a size is held, T.
        fade: Int >= 0, images during which the next size fades in, F; 0: it is there at once.
        start: Int, the first size, S, a power of two, 4 or more. Default: 4.
        step_sizes: Dict, the size of images to the number of examples of each step from that size on. A step of `fit` takes as
            many batches of the data as have that many examples, one at least: batch the data by the smallest number. Default:
            each step takes one batch. They are joined in full size before they are reduced: 512 images of 1024x1024x3 are 6.4 GB.
        learning_rates: Dict, the size of images to the factor > 0 of the compiled learning rates from that size on. Default: 1.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    ```python
    growth = keras_gans.schedules.Growth(hold=600_000, fade=600_000)
    print(growth.at(500_000, 1024), growth.at(900_000, 1024))  # (4, 1.0) (8, 0.5)
    ```

    Reference:
        Karras, Aila, Laine, Lehtinen, Progressive Growing of GANs (2018), arXiv:1710.10196, appendix A; matches
        tkarras/progressive_growing_of_gans, train.py.
    """

    def __init__(self, hold, fade, start=4, step_sizes=None, learning_rates=None):
        check_ints(1, hold=hold)
        check_ints(0, fade=fade)
        _check_size("start", start, 4)
        self.hold = hold
        self.fade = fade
        self.start = start
        self.step_sizes = _by_size("step_sizes", step_sizes)
        self.learning_rates = _by_size("learning_rates", learning_rates)
        check_ints(1, **{f"step_sizes[{size}]": number for size, number in self.step_sizes.items()})
        check_positive(**{f"learning_rates[{size}]": factor for size, factor in self.learning_rates.items()})

    def at(self, images, full):
        """The size of images, and the share of its newest layers, after so many images.

        Args:
            images: Int, how many the discriminator has seen.
            full: Int, the full size.

        Returns:
            Pair of an int and a float.

        Raises:
            ValueError: if the images are no number >= 0, or the full size not a power of two from 4 on.
        """
        check_ints(0, images=images)
        _check_size("full", full, 4)
        done, left = divmod(int(images), self.hold + self.fade)
        faded = max(0, left - self.hold) / self.fade if self.fade else 0.0
        lod = max(0.0, math.log2(full / self.start) - done - faded)
        return full >> math.floor(lod), 1.0 - (lod - math.floor(lod))

    def images_until(self, size):
        """How many images are seen before a size is fully there: the first size at 0, the next one after a hold and a fade.

        Raises:
            ValueError: if the size is not a power of two from `start` on.
        """
        _check_size("size", size, self.start)
        return int(math.log2(size // self.start)) * (self.hold + self.fade)

    def step_size(self, size):
        """How many examples a step takes at least at a size of images; None if every step takes one batch."""
        return _from(self.step_sizes, size, 1) if self.step_sizes else None

    def learning_rate(self, size):
        """The factor of learning rates at a size of images."""
        return float(_from(self.learning_rates, size, 1.0))


def _check_size(argument, size, least):
    check_ints(least, **{argument: size})
    if size & (size - 1):
        raise ValueError(f"`{argument}` must be a power of two. Received: {argument}={size!r}")


def _by_size(argument, values):
    """A dict with powers of two for keys, which a configuration, read from JSON, has as strings."""
    values = {} if values is None else values
    if not isinstance(values, dict):
        raise ValueError(
            f"`{argument}` must be a dict whose keys are sizes of images, such as {{4: 128, 32: 64}}. Received: {values!r}"
        )
    values = {int(size) if str(size).isdecimal() else size: value for size, value in values.items()}
    wrong = [size for size in values if not isinstance(size, int) or size < 4 or size & (size - 1)]
    if wrong:
        raise ValueError(
            f"The keys of `{argument}` must be sizes of images, powers of two from 4 on. Received: {wrong[0]!r} among them."
        )
    return dict(sorted(values.items()))


def _from(values, size, default):
    """The value of the largest key up to `size`."""
    return next((value for key, value in reversed(values.items()) if key <= size), default)
