"""All metrics fed in one pass: each image through each extractor once."""

import itertools
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analysis_result import SampleSet
from keras_gans.metrics.feed import ImageBatch
from keras_gans.metrics.feed import feed

_KEPT = 2_000  # generated images that analyses look at
_KEPT_REAL = 10_000


class OnePass:
    """Feeds real and generated images to metrics, and keeps the first ones with their features for analyses.

    Args:
        generator: `GeneratorAdapter`.
        real: `RealData`.
        metrics: List of `keras.metrics.Metric`.
        extractor: The `FeatureExtractor` whose outputs are kept, or None.
        keep: Bool, whether images and features are kept.
        num_samples, batch_size, seed, truncation, condition, statistics: As `evaluate` takes them, checked.
        protocol: Dict, the same for the protocols of figures.
    """

    def __init__(self, generator, real, metrics, extractor, keep, **sampling):
        self.generator, self.real, self.extractor, self.keep = generator, real, extractor, keep
        self.sampling = sampling
        self.metrics = metrics
        self.kept = {"generated": _Kept(_KEPT), "real": _Kept(_KEPT_REAL)}
        self.conditions = []
        self.unseen = {"generated", "real"}

    def run(self, progress):
        """Draws, extracts, and feeds. Returns the `SampleSet` for analyses."""
        size, number = self.sampling["batch_size"], self.sampling["num_samples"]
        target = max(-(-number // size), self.real.batch_count)
        bar = keras.utils.Progbar(target, unit_name="batch", verbose=int(progress))
        # A generated batch takes the labels of the real one before it as its condition.
        for count, (real, generated) in enumerate(itertools.zip_longest(self.real.batches(), self._generated()), 1):
            batches = {"real": self._batch("real", real), "generated": self._batch("generated", generated)}
            feed(self.metrics, **batches)
            for side, batch in batches.items():
                if self.keep and batch is not None and self.kept[side].open:
                    self.kept[side].add(batch, self.extractor)
            bar.target = max(target, count)
            bar.update(count, finalize=False)
        bar.target = count
        bar.update(count, finalize=True)
        self._warn_of_missing_classes()
        return self._sampled()

    def _warn_of_missing_classes(self):
        if self.sampling["condition"] is not None or not self.conditions:
            return
        made, all_of_them = (len(np.unique(labels, axis=0)) for labels in (np.concatenate(self.conditions), self.real.labels))
        if made < all_of_them:
            warnings.warn(
                f"The samples have {made} of the {all_of_them} labels of the real images, those that come first. Shuffle the "
                "real images, or take more samples.",
                RuntimeWarning,
                stacklevel=3,
            )

    def _generated(self):
        sampling = self.sampling
        for number, start in enumerate(range(0, sampling["num_samples"], sampling["batch_size"])):
            size = min(sampling["batch_size"], sampling["num_samples"] - start)
            condition = self._condition(np.arange(start, start + size))
            arguments = {"truncation": sampling["truncation"], "seed": (sampling["seed"], number)}
            images = self.generator.generate(size, condition=condition, **arguments)
            if condition is not None:
                self.conditions.append(condition)
            yield images, condition

    def _condition(self, places):
        """Conditions of the samples of these numbers; labels start again where they end."""
        if not self.generator.conditional:
            return None
        condition = self.sampling["condition"]
        values = self.real.labels if condition is None else condition
        return values[places % len(values)]

    def _batch(self, side, pair):
        """An `ImageBatch` of images and their condition; None if there are none."""
        if pair is None:
            return None
        images, condition = pair
        if side in self.unseen:
            self.unseen.remove(side)
            _warn_of_range(side, images)
        return ImageBatch(tf.constant(images), condition)

    def _sampled(self):
        generated, real = self.kept["generated"], self.kept["real"]
        return SampleSet(
            generator=self.generator,
            extractor=self.extractor,
            **{name: value for name, value in self.sampling.items() if name != "condition"},
            images=generated.all_images(),
            outputs=generated.all_outputs(),
            conditions=np.concatenate(self.conditions) if self.conditions else None,
            real=real.all_images(),
            real_outputs=real.all_outputs(),
            labels=self.real.labels if self.real.labeled else None,
        )


_REMEDIES = {
    "real": "If they are scaled to [0, 1], scale them to [-1, 1]: 2 * x - 1.",
    "generated": "If they are meant to be in [0, 1], evaluate load_generator(module, image_range=(0, 1)).",
}


def _warn_of_range(side, images):
    """Warns of a batch that looks as if it were in [0, 1]."""
    low, high = float(images.min()), float(images.max())
    if images.ndim == 4 and 0 <= low < high <= 1:
        warnings.warn(
            f"Images are taken to be in [-1, 1], and the {side} ones lie in [{low:g}, {high:g}]. {_REMEDIES[side]}",
            RuntimeWarning,
            stacklevel=4,
        )


class _Kept:
    """The first images, and their outputs."""

    def __init__(self, capacity):
        self.capacity, self.count = capacity, 0
        self.images, self.outputs = [], []

    @property
    def open(self):
        return self.count < self.capacity

    def add(self, batch, extractor):
        room = self.capacity - self.count
        self.images.append(batch.images[:room].numpy())
        self.count += len(self.images[-1])
        if extractor is not None:
            self.outputs.append({name: rows[:room].numpy() for name, rows in batch.extracted(extractor).items()})

    def all_images(self):
        return np.concatenate(self.images) if self.images else None

    def all_outputs(self):
        if not self.outputs:
            return None
        return {name: np.concatenate([part[name] for part in self.outputs]) for name in self.outputs[0]}
