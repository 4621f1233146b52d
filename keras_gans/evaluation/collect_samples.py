"""Draws samples, feeds them and real images once to all metrics, and keeps some for the analyses."""

import dataclasses
import itertools
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gans.evaluation.sample_set import SampleSet
from keras_gans.metrics.feed import ImageBatch
from keras_gans.metrics.feed import feed
from keras_gans.utils.conditions import labels_of
from keras_gans.utils.finite import check_finite

_KEPT = {"generated": 2_000, "real": 10_000}  # images that analyses look at


def collect_samples(generator, real, metrics, options, extractor=None, keep=True, progress=False, paired=False):
    """Draws samples, feeds them and real images to metrics, and keeps the first images with their features for analyses.

    Each image goes through each extractor once.

    Args:
        generator: `GeneratorAdapter`.
        real: `RealData`.
        metrics: List of `keras.metrics.Metric`.
        options: `SamplingOptions`. Without a condition, a conditional generator gets the labels of the real images, and one that
            translates their sources, each once.
        extractor: `FeatureExtractor` whose outputs are kept. Default: none.
        keep: Bool, whether images and outputs are kept. Default: True.
        progress: Bool, whether to show a progress bar. Default: False.
        paired: Bool, whether sources and targets belong together. Default: False.

    Returns:
        `SampleSet`.

    Raises:
        ValueError: if generated images hold NaN or infinite values.
    """
    options = generator.resolved(options)
    kept = {side: _FirstImages(capacity, extractor) for side, capacity in _KEPT.items()}
    conditions, count = [], 0
    if generator.translates and options.condition is None:
        pairs = _translations(generator, real, options, paired)
    else:
        # A generated batch takes the labels of the real one before it as its condition.
        requested = options.conditions if options.condition is not None else _real_labels(generator, real)
        pairs = itertools.zip_longest(real.batches(), generator.batches(options, requested))
    for first, (real_pair, pair) in _counted(pairs, max(len(options.batch_sizes), real.batch_count), progress):
        batches = {"real": _batch(real_pair), "generated": _batch(pair)}
        if pair is not None and pair[0].ndim == 4:
            check_finite(pair[0], f"The images of {generator.name}")
        for side, batch in batches.items():
            if first and batch is not None:
                _warn_of_range(side, batch.images.numpy())
            if keep and batch is not None:
                kept[side].add(batch)
        feed(metrics, **batches)
        count += 0 if pair is None else len(pair[0])
        if pair is not None and pair[1] is not None and not generator.translates:
            conditions.append(pair[1])
    options = dataclasses.replace(options, num_samples=max(count, 1))
    conditions = np.concatenate(conditions) if conditions else None
    if options.condition is None and conditions is not None:
        warn_of_missing_classes(conditions, real.labels)
    return SampleSet(
        generator=generator,
        extractor=extractor,
        options=options,
        protocol=_protocol(options, generator, paired),
        images=kept["generated"].images(),
        outputs=kept["generated"].outputs(),
        conditions=kept["generated"].conditions() if generator.translates else conditions,
        real=kept["real"].images(),
        real_outputs=kept["real"].outputs(),
        labels=real.labels if real.labeled and not generator.translates else None,
        paired=paired,
        rescale_real=real.rescaled,
    )


def _real_labels(generator, real):
    """A function of the numbers of samples to the labels of the real images, which start again where they end."""

    def labels(places):
        return real.labels[places % len(real.labels)] if generator.conditional else None

    return labels


def _translations(generator, real, options, paired):
    """Pairs of a real batch and the translations of its sources, until there are enough of these."""
    left = options.num_samples
    for number, (images, sources) in enumerate(real.batches()):
        sources = sources[:left]
        left -= len(sources)
        made = None
        if len(sources):
            arguments = {"truncation": options.truncation, "seed": (options.seed, number)}
            made = generator.generate(len(sources), condition=sources, **arguments), sources
        yield (images, sources if paired and made else None), made


def _counted(items, target, progress):
    """Yields whether each item is the first one, and the item, and moves a progress bar."""
    bar, count = keras.utils.Progbar(target, unit_name="batch", verbose=int(progress)), 0
    for count, item in enumerate(items, 1):
        yield count == 1, item
        bar.target = max(target, count)
        bar.update(count, finalize=False)
    bar.target = count
    bar.update(count, finalize=True)


def _batch(pair):
    """An `ImageBatch` of images and their condition; None if there are none."""
    return None if pair is None else ImageBatch(tf.constant(pair[0]), pair[1])


def _protocol(options, generator, paired):
    """How the samples were drawn, for the protocols of figures."""
    form = {} if options.truncation is None else {"truncation_form": generator.truncation_form}
    form |= {"paired": paired} if generator.translates else {}
    return {**options.protocol, **form, "condition": _described(options.condition, generator), **generator.protocol}


def _described(condition, generator):
    if not generator.conditional:
        return None
    if generator.translates:
        return "sources of the data" if condition is None else "given sources"
    if condition is None:
        return "labels of the real images"
    return labels_of(condition, generator.classes).tolist() if len(condition) == 1 else "given"


def warn_of_missing_classes(conditions, labels):
    """Warns if the samples have fewer classes than the real images. Conditions that are not whole numbers are not classes."""
    if not all(np.array_equal(each, np.floor(each)) for each in (conditions, labels)):
        return
    requested, all_of_them = len(np.unique(conditions, axis=0)), len(np.unique(labels, axis=0))
    if requested < all_of_them:
        warnings.warn(
            f"The samples have {requested} of the {all_of_them} labels of the real images, those that come first. Shuffle the "
            "real images, or take more samples.",
            RuntimeWarning,
            stacklevel=4,
        )


_REMEDIES = {
    "real": "If they are scaled to [0, 1], scale them to [-1, 1]: 2 * x - 1.",
    "generated": "If they are meant to be in [0, 1], evaluate load_generator(path, image_range=(0, 1)).",
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


class _FirstImages:
    """The first images of a side, those of one size, with their conditions, and the outputs of an extractor, if there is one."""

    def __init__(self, capacity, extractor):
        self.room, self.extractor = capacity, extractor
        self._images, self._conditions, self._outputs = [], [], []

    def add(self, batch):
        if not self.room or (self._images and self._images[0].shape[1:] != tuple(batch.images.shape[1:])):
            return
        self._images.append(batch.images[: self.room].numpy())
        if batch.condition is not None:
            self._conditions.append(np.asarray(batch.condition)[: self.room])
        if self.extractor is not None:
            outputs = batch.extracted(self.extractor)
            self._outputs.append({name: rows[: self.room].numpy() for name, rows in outputs.items()})
        self.room -= len(self._images[-1])

    def images(self):
        """An array; None if there are none."""
        return np.concatenate(self._images) if self._images else None

    def conditions(self):
        """An array; None if there are none."""
        return np.concatenate(self._conditions) if self._conditions else None

    def outputs(self):
        """A dict of arrays; None if there are none."""
        if not self._outputs:
            return None
        return {name: np.concatenate([part[name] for part in self._outputs]) for name in self._outputs[0]}
