"""The base of metrics of features: images or features in, a figure and its protocol out."""

import types

import numpy as np
import tensorflow as tf

from keras_gans.features.feature_extractor import FeatureExtractor
from keras_gans.metrics.gan_metric import GANMetric
from keras_gans.metrics.gan_metric import check_sides
from keras_gans.metrics.real_statistics import resolve
from keras_gans.utils.finite import finite
from keras_gans.utils.replicas import once_for_all_replicas


class FeatureMetric(GANMetric):
    """Base of the metrics that compare features of real and generated data.

    A subclass creates its state in `create_state(width)`, adds to it in `add(side, rows, condition)`, and computes
    `compute()`, a scalar or a dict.

    Args:
        extractor: `keras_gans.metrics.features.FeatureExtractor`, or None: what is fed in are features `(batch, d)` already.
        real: The real side, if it is not to be fed in each time: a data set or an array of images, the path of statistics
            that `metrics.real_statistics` wrote, or what it returned. Default: what `update_state` gets.
        name: String.

    Attributes:
        protocol: Dict, everything that the figure depends on: extractor, preprocessing, settings, numbers of samples.

    Raises:
        ValueError: if `extractor` is something else, or `real` belongs to another extractor; in `update_state` if features
            or images have a wrong shape; in `result` if there are fewer samples than the estimator needs.
        tf.errors.InvalidArgumentError: in `update_state` if images, features or logits are NaN or infinite; not under XLA.

    Example:

    ```python
    metric = keras_gans.metrics.FID(None)  # no extractor: the rows are features
    metric.update_state(keras.random.normal((100, 4)), keras.random.normal((80, 4)))
    print(isinstance(metric, keras_gans.metrics.FeatureMetric))  # True
    print(sorted(metric.protocol["samples"].items()))  # [('generated', 80), ('real', 100)]
    ```
    """

    declares = GANMetric.declares | {
        "output": (str,),
        "figures": (tuple, types.NoneType),
        "num_real_features": (int, types.NoneType),
    }
    output = "features"  # which of the extractor's outputs it wants
    min_samples = 2  # of either side
    figures = None  # names of the results, if there are several
    num_real_features = 0  # the number of real features that it needs individually; None for all

    def __init__(self, extractor, real=None, name=None):
        super().__init__(name=name)
        if extractor is not None and not isinstance(extractor, FeatureExtractor):
            raise ValueError(
                "`extractor` must be a keras_gans.metrics.features.FeatureExtractor, or None for features. "
                f"Received: {extractor!r}. A Keras classifier becomes one with features.ClassifierFeatures(model), a function "
                "with features.FunctionFeatures(function)."
            )
        self.extractor = extractor
        self.sides = {}
        self.real = None if real is None else resolve(real, extractor, self.num_real_features)
        width = self.real.width if self.real is not None else self._known_width()
        if width is not None:
            self.build(width)

    def _known_width(self):
        if self.extractor is None:
            return None
        if self.output == "logits" and self.extractor.classes is None:
            raise ValueError(
                f"{type(self).__name__} needs logits, and {type(self.extractor).__name__} has none. "
                "Use an extractor that classifies."
            )
        return self.extractor.dimensions if self.output == "features" else self.extractor.classes

    def build(self, width):
        """Creates the state for features of length `width`. The first batch does it, where the extractor does not say."""
        self.width = width

        def create():
            with tf.init_scope():
                self.sides = self.create_state(width)

        once_for_all_replicas(create)

    def create_state(self, width):
        """A dict with the state of each side, `generated`, and `real` unless `self.real` replaces it."""
        raise NotImplementedError(f"{type(self).__name__} must implement create_state(width).")

    def state_for_sides(self, make):
        """`make(side)` for each side whose samples are fed in."""
        fed = ["generated"] + ["real"] * (self.uses_real and not self.knows_real)
        return {side: make(side) for side in fed}

    def update_state(self, real, generated, condition=None):
        """Adds a batch of real and generated images, or features.

        Args:
            real: Array or tensor. Ignored if the real side is known, or has no part in the metric.
            generated: Array or tensor.
            condition: Ignored, unless the metric says otherwise.

        Raises:
            ValueError: if a side that is not ignored is None.
        """
        wanted = self.uses_real and not self.knows_real
        check_sides(self, **({"real": real} if wanted else {}), generated=generated)
        self.update_outputs(self.outputs(real) if wanted else None, self.outputs(generated), condition)

    def outputs(self, data):
        """The extractor's outputs for images, a dict; without an extractor, the features that are given."""
        if self.extractor is not None:
            return self.extractor(data)
        data = tf.convert_to_tensor(data)
        if data.shape.rank != 2:
            raise ValueError(
                f"Without an extractor {type(self).__name__} takes features (batch, d). Received: shape {tuple(data.shape)}. "
                "For images, pass an extractor."
            )
        return {self.output: data}

    def update_outputs(self, real, generated, condition=None):
        """Adds outputs of the extractor, computed elsewhere: dicts with `features` or `logits`; None adds nothing to a side."""
        given = {"generated": generated, "real": real}
        given = {side: outputs[self.output] for side, outputs in given.items() if outputs is not None}
        if not self.sides:
            self.build(next(iter(given.values())).shape[-1])
        for side in [side for side in self.sides if side in given]:
            rows = given[side]
            if rows.shape[-1] != self.width:
                raise ValueError(f"Features must have {self.width} numbers, as before. Received: shape {tuple(rows.shape)}.")
            # A logit of minus infinity is a probability of 0.
            rows = finite(rows, f"The metric {self.name}: {side} {self.output}", minus_infinity=self.output == "logits")
            self.add(side, rows, condition)

    def add(self, side, rows, condition):
        self.sides[side].add(rows)

    def result(self):
        """A float64 scalar, or a dict of them. NaN before the first sample, real or generated.

        Raises:
            ValueError: eagerly, if there are some samples and fewer than the estimator needs.
        """
        if not self.sides:
            return self._named(self.nothing())
        if tf.executing_eagerly():
            counts = self.counts
            if not all(counts.values()):
                return self._named(self.nothing())
            if min(counts.values()) < self.min_samples:
                raise ValueError(f"{type(self).__name__} needs {self.min_samples} samples of each side. Received: {counts}.")
        return self._named(self.compute())

    def compute(self):
        """The figure; both sides have enough samples."""
        raise NotImplementedError(f"{type(self).__name__} must implement compute().")

    def nothing(self):
        """The result of a metric that has seen nothing."""
        nan = tf.constant(np.nan, tf.float64)
        return nan if self.figures is None else dict.fromkeys(self.figures, nan)

    def _named(self, values):
        return self.named(values) if isinstance(values, dict) else values

    @property
    def knows_real(self):
        return self.real is not None

    @property
    def counts(self):
        """The number of samples of each side that the figure rests on."""
        counts = {side: int(state.count.numpy()) for side, state in self.sides.items()}
        if self.real is None:
            return counts
        return {**counts, "real": min(self.real.count, self.num_real_features or self.real.count)}

    @property
    def protocol(self):
        extractor = {"extractor": "none, features given"} if self.extractor is None else self.extractor.protocol
        return {**super().protocol, **extractor, "samples": self.counts}
