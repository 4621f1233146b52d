"""The base of metrics that compare features one by one, not by their moments."""

import tensorflow as tf

from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.state import Buffer
from keras_gans.utils.integers import check_ints


class BufferedMetric(FeatureMetric):
    """Base of the metrics that compare the first `num_samples` features of either side one by one.

    Subclasses compute `compare(real, generated)`.

    Args:
        extractor, real, name: As in `FeatureMetric`.
        num_samples: Int, how many features of either side are kept, the first ones; float32.

    Raises:
        ValueError: see `FeatureMetric`; if `num_samples` is less than the metric needs.
    """

    def __init__(self, extractor, real, num_samples, name):
        check_ints(self.min_samples, num_samples=num_samples)
        self.num_samples = self.num_real_features = num_samples
        super().__init__(extractor, real, name)

    def create_state(self, width):
        return self.state_for_sides(lambda side: Buffer(self, self.num_samples, width, side))

    def compute(self):
        real = self.sides["real"].values() if self.real is None else self.real.first_features(self.num_samples)
        return self.compare(*(tf.cast(rows, tf.float64) for rows in (real, self.sides["generated"].values())))

    def compare(self, real, generated):
        """The figures, a dict of float64 scalars, for float64 features `(n, d)` and `(m, d)`."""
        raise NotImplementedError(f"{type(self).__name__} must implement compare(real, generated).")
