"""Measures whether a conditional generator makes the intended class."""

import dataclasses

import numpy as np

from keras_gans.evaluation.analyses.confusion import confusion_matrix
from keras_gans.evaluation.analyses.extractor_outputs import computed
from keras_gans.evaluation.analyses.extractor_outputs import outputs
from keras_gans.evaluation.analysis_result import AnalysisResult
from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.report import html_blocks


@dataclasses.dataclass(frozen=True)
class ClassLeakage:
    """What `class_leakage` found.

    labels           int `(n,)`: the intended classes
    predicted        int `(n,)`: the classifier's
    confusion        int `(classes, classes)`: row = intended, column = the classifier's
    """

    labels: np.ndarray
    predicted: np.ndarray
    confusion: np.ndarray

    @property
    def share(self):
        """Share of the images that the classifier assigns to another class than the intended."""
        return float(np.mean(self.labels != self.predicted))

    def pairs(self, count=5):
        """The most confused pairs: a list of at most `count` tuples `(intended, seen, share)`, the largest share first.

        `share` is that of the images of class `intended`. Pairs that never occur are left out.
        """
        off_diagonal = self.confusion * (1 - np.eye(len(self.confusion), dtype=int))
        shares = off_diagonal / np.maximum(self.confusion.sum(axis=1, keepdims=True), 1)
        best = np.argsort(-shares, axis=None, kind="stable")[:count]
        pairs = [(int(row), int(column)) for row, column in zip(*np.unravel_index(best, shares.shape), strict=True)]
        return [(intended, seen, float(shares[intended, seen])) for intended, seen in pairs if shares[intended, seen] > 0]

    def examples(self, intended, seen):
        """Indices of the images of class `intended` that the classifier takes for `seen`."""
        return np.flatnonzero((self.labels == intended) & (self.predicted == seen))


def class_leakage(images, labels, classifier_extractor):
    """How often a classifier sees another class in generated images than the intended one.

    The classifier errs on real images too: call this on real test images to measure its own error.

    Args:
        images: Array `(n, height, width, channels)` in [-1, 1].
        labels: Int array `(n,)`, the classes that the images were generated for.
        classifier_extractor: `keras_gans.metrics.features.FeatureExtractor` with logits, whose classes are those of `labels`.

    Returns:
        `ClassLeakage`.

    Raises:
        ValueError: if there is not one label an image, the extractor has no logits, or a label is not one of its classes.

    Example:

    ```python
    gan = keras_gans.ConditionalGAN(classes=10)
    labels = np.repeat(np.arange(10), 2)
    leakage = keras_gans.evaluation.class_leakage(gan.generate(20, condition=labels), labels, extractor)
    for intended, seen, share in leakage.pairs():
        print(f"{share:.1%} of class {intended} look like {seen}")
    ```

    Reference:
        Brock et al., Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096, which shows
        such images; no code of theirs measures it.
    """
    labels = np.asarray(labels)
    if labels.shape != (len(images),) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"`labels` must be ints of shape ({len(images)},). Received: {labels.dtype} of shape {labels.shape}")
    logits = outputs(images, classifier_extractor, "logits")
    classes = logits.shape[1]
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"The classifier has classes 0 to {classes - 1}. Received labels {labels.min()} to {labels.max()}.")
    predicted = np.argmax(logits, axis=1)
    return ClassLeakage(labels, predicted, confusion_matrix(labels, predicted, classes, classes))


def leakage_analysis(sample_set, pairs=5, columns=10):
    """Samples of one class that a classifier takes for another."""
    if sample_set.classes is None:
        raise NotApplicable("The generator has no classes as its condition.")
    if sample_set.outputs is None or "logits" not in sample_set.outputs:
        raise NotApplicable("No metric has an extractor with logits, such as features.ClassifierFeatures.")
    logits = sample_set.outputs["logits"]
    if logits.shape[1] < sample_set.classes:
        raise NotApplicable(f"The extractor knows {logits.shape[1]} classes, but the generator makes {sample_set.classes}.")
    result = class_leakage(logits, sample_set.requested_classes[: len(logits)].astype(int), computed("logits"))
    figures = {"leakage": result.share}
    if sample_set.labels is not None:
        labels = sample_set.real_classes[: len(sample_set.real)].astype(int)
        figures["leakage_of_real"] = class_leakage(sample_set.real_outputs["logits"], labels, computed("logits")).share
    blocks = [html_blocks.matrix(result.confusion)]
    for intended, seen, share in result.pairs(pairs):
        caption = f"Intended {intended}, seen as {seen}: {share:.1%} of class {intended}"
        images = sample_set.images[result.examples(intended, seen)[:columns]]
        pictures = sample_set.picturable
        blocks.append(
            html_blocks.images(images, columns=columns, caption=caption) if pictures else html_blocks.paragraph(caption)
        )
    protocol = sample_set.protocol | {"samples": {"generated": len(logits)}} | sample_set.extractor_protocol
    return AnalysisResult(figures, blocks, result, protocol)
