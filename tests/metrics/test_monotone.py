"""Metrics on real digits that are damaged more and more: each figure moves the way that it claims, at every step.

Real and generated images are disjoint halves of the digits of each class; the first level leaves the generated ones as they are.
"""

import functools

import keras
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

import keras_gans
from keras_gans import metrics
from keras_gans.metrics import features
from keras_gans.metrics.feed import results_of

pytestmark = pytest.mark.slow

# Of each damage, from none to the most.
LEVELS = {
    "blur": (0, 0.5, 1, 1.5, 2),  # deviation, in pixels
    "heavy blur": (0, 2, 2.5, 3),
    "noise": (0, 0.1, 0.2, 0.4, 0.8),  # deviation, white being 1 and black -1
    "heavy noise": (0, 0.2, 0.4, 0.8),
    "strangers": (0, 0.05, 0.1, 0.2, 0.4),  # share of fives, where the real side has digits up to four
    "fewer modes": (10, 8, 6, 4, 2, 1),  # digits that are left, as many images in all
    "few modes": (10, 4, 2, 1),
    "copies": (0, 0.25, 0.5, 0.75, 1),  # share of one image, again and again
    "wrong labels": (0, 0.1, 0.2, 0.4, 0.8),  # share
}

METRICS = {
    "fid": lambda model: metrics.FID(None),
    "kid": lambda model: metrics.KID(None, subsets=1, subset_size=2000),
    "precision and recall": lambda model: metrics.PrecisionRecall(None),
    "density and coverage": lambda model: metrics.DensityCoverage(None),
    "precision and recall of pixels": lambda model: metrics.PrecisionRecall(None),
    "density and coverage of pixels": lambda model: metrics.DensityCoverage(None),
    "intra-fid": lambda model: metrics.IntraFID(None, classes=10),
    "inception score": lambda model: metrics.InceptionScore(None, splits=1),
    "sliced wasserstein": lambda model: metrics.SlicedWasserstein(projections=128, patches=32),
    "psnr": lambda model: metrics.PSNR(),
    "ssim": lambda model: metrics.SSIM(),
    "ms-ssim": lambda model: metrics.MSSSIM(),
    "mode coverage": lambda model: metrics.ModeCoverage(classifier=model, modes=10, minimum=0.01),
}

# Of features of the classifier, unless of pixels. Mild blur and noise raise precision and density: see the test at the end.
CLAIMS = [
    ("fid", "fid", "up", ("blur", "noise", "strangers", "fewer modes")),
    ("kid", "kid", "up", ("blur", "noise", "strangers", "fewer modes")),
    ("precision and recall", "precision", "down", ("heavy blur", "strangers")),
    ("precision and recall of pixels", "precision", "down", ("heavy noise",)),
    ("precision and recall", "recall", "down", ("fewer modes",)),
    ("density and coverage", "density", "down", ("heavy blur", "strangers")),
    ("density and coverage of pixels", "density", "down", ("heavy noise",)),
    ("density and coverage", "coverage", "down", ("fewer modes",)),
    ("intra-fid", "intra_fid", "up", ("wrong labels",)),
    ("inception score", "inception_score", "down", ("fewer modes",)),
    ("sliced wasserstein", "sliced_wasserstein", "up", ("blur", "noise")),
    ("psnr", "psnr", "down", ("blur", "noise")),
    ("ssim", "ssim", "down", ("blur", "noise")),
    ("ms-ssim", "ms_ssim", "up", ("copies", "few modes")),
    ("mode coverage", "modes", "down", ("fewer modes",)),
    ("mode coverage", "reverse_kl", "up", ("fewer modes",)),
]


class Digits:
    """5,000 digits in two halves, a classifier, and what it makes of each damaged set, computed once."""

    def __init__(self, seed=0):
        data = keras_gans.data.load("mnist_5k", batch_size=5000, shuffle=False)
        self.images, self.labels = next(data.as_numpy_iterator())
        keras.utils.set_random_seed(seed)
        self.model, self.accuracy = features.train_classifier(self.images, self.labels, steps=300, batch_size=64)
        self.extractor = features.ClassifierFeatures(self.model)
        order = np.random.default_rng(seed).permutation(len(self.images))
        by_class = [order[self.labels[order] == digit] for digit in range(10)]
        self.halves = {"real": [rows[:250] for rows in by_class], "generated": [rows[250:] for rows in by_class]}
        self.sides = functools.cache(self.sides)
        self.outputs = functools.cache(self.outputs)
        self.figures = functools.cache(self.figures)

    def half(self, side, digits=10, count=1000):
        """Indices of `count` images of a half, as many of each of the first digits, in random order."""
        number, extra = divmod(count, digits)
        rows = [self.halves[side][digit][: number + (digit < extra)] for digit in range(digits)]
        return np.random.default_rng(0).permutation(np.concatenate(rows))

    def sides(self, damage, level):
        """Real images and labels, generated images and labels."""
        real, generated = self.half("real"), self.half("generated")
        if damage == "strangers":
            real, generated = self.half("real", digits=5), self.half("generated", digits=5)
            number = round(level * len(generated))
            strangers = np.concatenate([self.halves[side][5] for side in ("real", "generated")])[:number]
            generated = np.concatenate([generated[number:], strangers])
        if damage in ("fewer modes", "few modes"):
            generated = self.half("generated", digits=level, count=250)
        if damage == "copies":
            same = np.random.default_rng(1).uniform(size=len(generated)) < level
            generated = np.where(same, generated[0], generated)
        images, labels = self.images[generated], self.labels[generated]
        if damage == "wrong labels":
            labels = np.where(np.arange(len(labels)) < level * len(labels), (labels + 1) % 10, labels)
        return self.images[real], self.labels[real], _damaged(images, damage, level), labels

    def outputs(self, damage, level):
        real, _, generated, _ = self.sides(damage, level)
        return self.extractor(real), self.extractor(generated)

    def figures(self, name, damage, level):
        metric = METRICS[name](self.model)
        real, real_labels, generated, labels = self.sides(damage, level)
        if isinstance(metric, metrics.FeatureMetric):
            if name.endswith("of pixels"):
                real, generated = ({"features": images.reshape(len(images), -1)} for images in (real, generated))
            else:
                real, generated = self.outputs(damage, level)
            metric.update_outputs(real, None, real_labels)
            metric.update_outputs(None, generated, labels)
        elif name in ("psnr", "ssim"):  # of pairs
            metric.update_state(self.images[self.half("generated")[:200]], generated[:200])
        else:
            metric.update_state(real if name == "sliced wasserstein" else None, generated)
        return {key: float(value) for key, value in results_of(metric).items()}


def _damaged(images, damage, level):
    if damage.endswith("blur"):
        return gaussian_filter(images, (0, level, level, 0))
    if damage.endswith("noise"):
        noise = np.random.default_rng(1).normal(0, level, images.shape).astype("float32")
        return np.clip(images + noise, -1, 1)
    return images


@pytest.fixture(scope="module")
def digits():
    return Digits()


@pytest.mark.parametrize(
    ("metric", "figure", "direction", "damage"),
    [(*claim, damage) for *claim, damages in CLAIMS for damage in damages],
    ids=lambda value: value.replace(" ", "_"),
)
def test_it_is_monotone(digits, metric, figure, direction, damage):
    levels = LEVELS[damage]
    values = np.array([digits.figures(metric, damage, level)[figure] for level in levels])
    steps = np.diff(values if direction == "up" else -values)
    assert len(levels) >= 4
    assert (steps > 0).all(), f"{figure} must go {direction} with {damage} {levels}. Received: {values.round(5).tolist()}"


@pytest.mark.parametrize("damage", ["blur", "noise"])
@pytest.mark.parametrize(
    ("metric", "figure"),
    [("precision and recall", "precision"), ("density and coverage", "density")],
    ids=["precision", "density"],
)
def test_mild_damage_is_rewarded_where_balls_are_counted(digits, metric, figure, damage):
    # It pulls features to the middle of the real ones, where the most balls are. What is lost there shows in the recall.
    undamaged, *mild = (digits.figures(metric, damage, level)[figure] for level in LEVELS[damage][:3])
    assert max(mild) > undamaged
    recalls = [digits.figures("precision and recall", damage, level)["recall"] for level in LEVELS[damage]]
    assert (np.diff(recalls) < 0).all(), recalls
