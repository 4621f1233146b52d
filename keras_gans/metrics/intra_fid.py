"""FID of each class."""

import tensorflow as tf

from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.functions.frechet import moments_distance
from keras_gans.metrics.state import Moments
from keras_gans.utils.assured import assured
from keras_gans.utils.conditions import to_labels
from keras_gans.utils.integers import check_ints


class IntraFID(FeatureMetric):
    """The mean over classes of the FID between a class's real images and the images generated for it: lower is better.

    Unlike FID, it notices a conditional generator that makes another class than the one asked for.

    Takes labels, or one-hot rows, as the `condition` of real and generated images alike. The results are a dict: `intra_fid`, the
    mean over the classes that have two samples of either side, and `intra_fid_classes`, the number of those. `by_class()` returns
    the FID of each class.

    Args:
        extractor: `features.FeatureExtractor`, or None for features.
        classes: Int K. Memory is two times K x d x d float64: use features of a moderate d where there are many classes.
        real: As in `FID`; the data need labels, and cached statistics need the features of all images
            (`num_real_features=None`). Default: what `update_state` gets.
        name: String. Default: "intra_fid".

    Raises:
        ValueError: without `condition`, and see `FeatureMetric`.

    Example:

    ```python
    metric = keras_gans.metrics.IntraFID(extractor, classes=10)
    metric.update_state(images, gan.generate(20), labels)  # of a conditional GAN, generate(20, condition=labels)
    print(float(metric.result()["intra_fid_classes"]))  # 10.0
    ```

    Reference:
        Miyato and Koyama, cGANs with Projection Discriminator (2018), arXiv:1802.05637; pfnet-research/sngan_projection.
    """

    default_name = "intra_fid"
    figures = ("intra_fid", "intra_fid_classes")
    settings = ("classes",)
    num_real_features = None
    needs_labels = True

    def __init__(self, extractor, classes, real=None, name="intra_fid"):
        check_ints(1, classes=classes)
        self.classes = classes
        super().__init__(extractor, real, name)
        if self.real is not None:
            self.real_moments = self.real.moments_by_class(classes)

    def create_state(self, width):
        return self.state_for_sides(lambda side: Moments(self, width, side, groups=self.classes))

    def add(self, side, rows, condition):
        labels = to_labels(condition, "IntraFID")
        are_classes = tf.reduce_all((labels >= 0) & (labels < self.classes))
        labels = assured(
            labels,
            are_classes,
            f"IntraFID of {self.classes} classes takes labels from 0 to {self.classes - 1}. Received:",
            labels,
        )
        self.sides[side].add(rows, labels)

    def by_class(self):
        """The FID of each class, float64 `(classes,)`; NaN where a class has fewer than two samples of either side."""
        if not self.sides:
            return tf.fill((self.classes,), tf.constant(float("nan"), tf.float64))
        return tf.stack([self._distance(label) for label in range(self.classes)])

    def compute(self):
        values = self.by_class()
        known = tf.cast(tf.math.is_finite(values), tf.float64)
        total = tf.reduce_sum(tf.where(known > 0, values, 0.0))
        return {"intra_fid": total / tf.reduce_sum(known), "intra_fid_classes": tf.reduce_sum(known)}

    def _distance(self, label):
        real = self.sides["real"].moments(label) if self.real is None else self.real_moments[label]
        return moments_distance(real, self.sides["generated"].moments(label))
