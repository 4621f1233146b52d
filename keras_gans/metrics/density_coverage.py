"""Density and coverage."""

import tensorflow as tf

from keras_gans.metrics.functions.balls import in_blocks
from keras_gans.metrics.functions.balls import squared_distances
from keras_gans.metrics.functions.balls import squared_radii
from keras_gans.metrics.neighbor_metric import NeighborMetric


class DensityCoverage(NeighborMetric):
    """Fidelity and variety like precision and recall, but robust against outliers: higher is better.

    Around each real feature is a ball, as large as the distance to its k-th nearest other real one.

    density     the number of balls that a generated feature lies in, on average, divided by k; may exceed 1
    coverage    share of the balls that have a generated feature inside; about 1 - 2^-k for equal distributions

    Inside means d < r. The results are a dict of the two. Mild blur or noise raises density, as it does precision.

    Args:
        extractor: `features.FeatureExtractor`, or None for features.
        real: Data set, path of cached statistics, or statistics of the real side. Default: what `update_state` gets.
        neighbors: Int k. Default: 5.
        num_samples: Int, how many features of either side are kept, the first ones; float32. Default: 10,000.
        name: String. Default: "density_coverage".

    Raises:
        ValueError: see `FeatureMetric`; `result` needs k + 1 samples of each side.

    Example:

    ```python
    metric = keras_gans.metrics.DensityCoverage(extractor)
    metric.update_state(images, gan.generate(20))
    print(sorted(metric.result()))  # ['coverage', 'density']
    ```

    Reference:
        Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models (2020), arXiv:2002.09797; equals
        clovaai/generative-evaluation-prdc.
    """

    default_name = "density_coverage"
    figures = ("density", "coverage")

    def __init__(self, extractor, real=None, neighbors=5, num_samples=10_000, name="density_coverage"):
        super().__init__(extractor, real, neighbors, num_samples, name)

    def compare(self, real, generated):
        radii = squared_radii(real, self.neighbors)

        def inside(block):  # the last column is the radius of the row's ball
            return tf.cast(squared_distances(block[:, :-1], generated) < block[:, -1:], tf.float64)

        balls = tf.concat([real, radii[:, None]], axis=1)
        counts = in_blocks(lambda block: tf.reduce_sum(inside(block), axis=1), balls)
        return {
            "density": tf.reduce_sum(counts) / float(self.neighbors) / tf.cast(tf.shape(generated)[0], tf.float64),
            "coverage": tf.reduce_mean(tf.cast(counts > 0, tf.float64)),
        }
