"""The grid of a GAN that translates images: examples, each a source with its translations."""

import numpy as np
import tensorflow as tf

from keras_gans.utils.pixels import as_generated
from keras_gans.utils.side_by_side import is_picture
from keras_gans.utils.split_batch import split_batch

_EXPECTED = "Expected `reals`: an array of sources, a pair of arrays (sources, targets), or a tf.data.Dataset of such batches"


class Translations:
    """Examples of a GAN that translates, and the grid's columns for each.

    Args:
        gan: The GAN.
        data: What `SampleGrid` takes as `reals`.
        count: Int, how many examples at most.
        seed: Int or pair of ints, of what the generator draws.
        both_ways: Bool, whether translations are shown there and back, from both domains.

    Attributes:
        sources: Float array, in the range of the sources.
        targets: Float array, in the range of the images that the GAN makes; None without.

    Raises:
        ValueError: if there are no sources, sizes differ, or there is no way back; if images are out of range.
    """

    def __init__(self, gan, data, count, seed, both_ways=False):
        self.gan, self.seed, self.both_ways = gan, seed, both_ways
        self.source_range = getattr(gan, "source_range", (-1.0, 1.0))
        self.sources, self.targets = self._examples(data, count)
        if both_ways and (self.targets is None or not hasattr(gan, "translate_back")):
            raise ValueError(
                "`both_ways` needs a GAN that translates both ways, such as CycleGAN, and data of both domains. Received: "
                f"{type(gan).__name__}, and {'sources alone' if self.targets is None else 'sources and targets'}."
            )

    def images(self):
        """The translations of the sources."""
        return self.gan.generate(condition=self.sources, seed=self.seed)

    def columns(self):
        """Pairs of images and their range, for each column: the source, its translation, and more."""
        source_range, image_range = self.source_range, self.gan.image_range
        translated = self.images()
        columns = [(self.sources, source_range), (translated, image_range)]
        if self.both_ways:
            back = self.gan.translate_back(self.targets, seed=self.seed)
            columns += [(self._reconstructed(self.gan.translate_back, translated, image_range), source_range)]
            columns += [(self.targets, image_range), (back, source_range)]
            columns += [(self._reconstructed(self.gan.translate, back, source_range), image_range)]
        elif self.targets is not None and getattr(self.gan, "paired", False):
            columns += [(self.targets, image_range)]
        return [(images, values) for images, values in columns if is_picture(images.shape[1:])]

    def _reconstructed(self, translate, images, image_range):
        """Images translated again, as pictures: within black and white."""
        images = np.clip(np.nan_to_num(images, nan=float(np.mean(image_range))), *image_range)
        return translate(images.astype("float32"), seed=self.seed)

    def _examples(self, data, count):
        if data is None:
            raise ValueError(f"SampleGrid shows translations of given sources. {_EXPECTED}. Received: none.")
        if not isinstance(data, tf.data.Dataset):
            data = [tuple(np.asarray(part)[:count] for part in data) if isinstance(data, tuple) else np.asarray(data)[:count]]
        sides = [], []
        for batch in data:
            for side, images in zip(sides, self._split(batch), strict=True):
                side.extend([] if images is None else np.asarray(images))
            if len(sides[0]) >= count:
                break
        ranges = self.source_range, self.gan.image_range
        return tuple(_stacked(side[:count], image_range) for side, image_range in zip(sides, ranges, strict=True))

    def _split(self, batch):
        """Sources and targets (or None) of a batch of data."""
        if not isinstance(batch, (tuple, list, dict)):
            return batch, None
        return self.gan.split(batch) if hasattr(self.gan, "split") else split_batch(batch)[::-1]


def _stacked(images, image_range):
    """Images of one size as an array in their range; None if there are none."""
    if not images:
        return None
    shapes = {image.shape for image in images}
    if len(shapes) > 1:
        raise ValueError(f"A grid shows images of one size. {_EXPECTED}, all of one size. Received: {sorted(shapes)}.")
    return as_generated(np.stack(images), image_range)
