"""All metrics fed in one pass: each image through each extractor once."""

import itertools
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gans.evaluation.analysis_result import SampleSet
from keras_gans.metrics import FeatureMetric
from keras_gans.metrics.feed import update

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
        self.others = [metric for metric in metrics if not isinstance(metric, FeatureMetric)]
        featured = [metric for metric in metrics if isinstance(metric, FeatureMetric)]
        extractors = {id(metric.extractor): metric.extractor for metric in featured}
        if extractor is not None and keep:
            extractors[id(extractor)] = extractor
        self.groups = [(each, [metric for metric in featured if metric.extractor is each]) for each in extractors.values()]
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
            images, labels = (None, None) if real is None else real
            samples, condition = (None, None) if generated is None else generated
            if real is not None:
                self._feed("real", tf.constant(images), labels)
            if generated is not None:
                self._feed("generated", tf.constant(samples), condition)
            self._feed_others(images, samples, labels, condition)
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

    def _feed(self, side, images, condition):
        if side in self.unseen:
            self.unseen.remove(side)
            _warn_of_range(side, images.numpy())
        for extractor, metrics in self.groups:
            metrics = [metric for metric in metrics if side == "generated" or (metric.uses_real and metric.real is None)]
            keeps = extractor is self.extractor and self.keep and self.kept[side].open
            if not metrics and not keeps:
                continue
            outputs = extractor(images)
            for metric in metrics:
                metric.update_outputs(**{"real": None, "generated": None, side: outputs}, condition=condition)
            if keeps:
                self.kept[side].add_outputs(outputs)
        if self.keep and self.kept[side].open:
            self.kept[side].add_images(images)

    def _feed_others(self, real, generated, labels, condition):
        """Metrics of images: pairs of batches, as long as there are both, unless they do not look at real images."""
        for metric in self.others:
            if getattr(metric, "sides_apart", False):
                metric.update_state(None, generated, condition)
                if labels is not None or not getattr(metric, "needs_labels", False):
                    metric.update_state(real, None, labels)
            elif generated is not None and not getattr(metric, "uses_real", True):
                update(metric, None, generated, condition)
            elif generated is not None and real is not None:
                n = min(len(real), len(generated))
                same = labels is not None and condition is not None and np.array_equal(labels[:n], condition[:n])
                update(metric, real[:n], generated[:n], condition[:n] if same else None)

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

    def add_outputs(self, outputs):
        self.outputs.append({name: rows[: self.capacity - self.count].numpy() for name, rows in outputs.items()})

    def add_images(self, images):
        self.images.append(images[: self.capacity - self.count].numpy())
        self.count += len(self.images[-1])

    def all_images(self):
        return np.concatenate(self.images) if self.images else None

    def all_outputs(self):
        if not self.outputs:
            return None
        return {name: np.concatenate([part[name] for part in self.outputs]) for name in self.outputs[0]}
