"""Real images from any source, in batches of one size."""

import os

import numpy as np
import tensorflow as tf

from keras_gans.metrics.real_statistics import IMAGES_OF_A_FOLDER
from keras_gans.utils.endless import is_endless
from keras_gans.utils.finite import check_examples
from keras_gans.utils.finite import check_not_masked


class RealData:
    """Real images and perhaps their labels, or the sources of translations, read once, in order.

    Args:
        real: Array of images, a pair of it and labels, or a finite `tf.data.Dataset` of batches of images, of such pairs, or of
            dicts with `image` and perhaps `label`; of a generator that translates, of sources and targets. None: there are none.
        batch_size: Int.
        generator: `GeneratorAdapter`, which knows how data are split, and which sources it takes. If its `image_range` is (0, 1),
            real images without negative values are taken to be in [0, 1] too, and rescaled.

    Attributes:
        image_shape: Tuple; None without images.
        batch_shape: Tuple, the shape of the first batch; None without images.
        count: Int, the number of images, if it is known at once, for arrays and for data sets of one batch; else None.
        labeled: Bool, whether there are labels, or sources.
        labels: Array, the labels of the images read so far; sources are not kept.
        batch_count: Int, about the number of batches; 0 if it is not known.

    Raises:
        ValueError: if these are not finitely many batches of float images in [-1, 1] (or of vectors of floats), hold none, or
            hold NaN or infinite values; for later batches, while they are read.
    """

    def __init__(self, real, batch_size, generator):
        self._generator = generator
        self._labels, self._in_unit_range = [], False
        self.image_shape, self.labeled, self._dataset, self.batch_count = None, False, None, 0
        self.batch_shape = self.count = None
        if real is None:
            return
        if isinstance(real, (str, os.PathLike)):
            raise ValueError(
                f"`real` must be a tf.data.Dataset or an array. Received: real={os.fspath(real)!r}. Of a folder of images: "
                f"real={IMAGES_OF_A_FOLDER}."
            )
        if not isinstance(real, tf.data.Dataset):
            rows = _rows(real)
            self.count = int(rows.cardinality())
            real = rows.batch(batch_size)
        if is_endless(real):
            raise ValueError("`real` must be finite. Leave out `repeat`, or `take` a number of batches.")
        pairs = real.map(lambda *batch: _pair(generator.split(batch[0] if len(batch) == 1 else batch)))
        images, labels = next(pairs.as_numpy_iterator(), (None, None))
        _check(images)
        self._in_unit_range = tuple(generator.image_range) == (0, 1) and images.min() >= 0
        self.batch_shape, self.image_shape, self.labeled = tuple(images.shape), tuple(images.shape[1:]), labels.size > 0
        self.count = len(images) if self.count is None and int(real.cardinality()) == 1 else self.count
        if generator.translates and self.labeled:
            generator.check_sources(labels)
        self.batch_count = max(0, -(-int(real.cardinality()) * len(images) // batch_size))
        self._dataset = pairs.rebatch(batch_size)

    def batches(self):
        """Yields pairs of images and labels (None without)."""
        if self._dataset is None:
            return
        for images, labels in self._dataset.as_numpy_iterator():
            _check(images)
            images = self.rescaled(images)
            if self.labeled and not self._generator.translates:
                self._labels.append(labels)
            yield images, labels if self.labeled else None

    def rescaled(self, images):
        """Images of the range of the real ones in [-1, 1].

        Raises:
            ValueError: if they have negative values, and the first real ones have none.
        """
        if not self._in_unit_range:
            return images
        if images.min() < 0:
            raise ValueError(
                "`real` must have one range. The generator makes images in [0, 1], and the first real images have no negative "
                f"values, so all are taken to be in [0, 1]. Received: values down to {images.min()}. Shuffle them, or scale all "
                "of them to [0, 1]."
            )
        return (2.0 * images - 1.0).astype(images.dtype)

    @property
    def labels(self):
        self._labels = [np.concatenate(self._labels)] if self._labels else []
        return self._labels[0] if self._labels else np.zeros(0, "int64")


def _rows(real):
    """A data set of the examples of arrays."""
    for part in tf.nest.flatten(real):
        check_not_masked(part, "`real` has")
    try:
        return tf.data.Dataset.from_tensor_slices(real)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "`real` must be a tf.data.Dataset of batches, an array, or a pair of arrays. Received: a "
            f"{type(real).__name__}: {error}"
        ) from error


def _pair(batch):
    """Images and labels; zero labels an image stand for none."""
    images, labels = batch
    if labels is None:
        labels = tf.zeros((tf.shape(images)[0], 0), tf.int64)
    return images, labels


def _check(images):
    if images is None or not len(images):
        raise ValueError("`real` holds no images.")
    if np.issubdtype(images.dtype, np.floating):
        check_examples(images, "A batch of `real` has", "Drop or fill these examples.")
    if images.ndim < 2 or not np.issubdtype(images.dtype, np.floating) or (images.ndim == 4 and np.abs(images).max() > 1 + 1e-3):
        raise ValueError(
            "`real` must be batches of float images in [-1, 1]; keras_gans.data.images makes them. "
            f"Received: shape {images.shape}, dtype {images.dtype}, values from {images.min()} to {images.max()}."
        )
