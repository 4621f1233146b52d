"""Improved precision and recall."""

import tensorflow as tf

from keras_gans.metrics.functions.balls import in_blocks
from keras_gans.metrics.functions.balls import squared_distances
from keras_gans.metrics.functions.balls import squared_radii
from keras_gans.metrics.neighbor_metric import NeighborMetric


class PrecisionRecall(NeighborMetric):
    """The shares of generated images that resemble real ones, and of real ones that resemble generated ones: higher is better.

    Images that resemble a set lie in balls around its features, each as large as the distance to the k-th nearest other one.

    precision   share of the generated features in a ball of the real ones, d <= r       fidelity
    recall      share of the real features in a ball of the generated ones, d <= r       variety

    The results are a dict of the two. Compare only figures of equal numbers of samples. Mild blur or noise moves features to
    where balls are dense, and raises precision: read it together with recall, which falls.

    Args:
        extractor: `features.FeatureExtractor`, or None for features. The paper's features are those of VGG-16.
        real: Data set, path of cached statistics, or statistics of the real side. Default: what `update_state` gets.
        neighbors: Int k. Default: 3.
        num_samples: Int, how many features of either side are kept, the first ones; float32. Default: 10,000. The paper: 50,000.
        name: String. Default: "precision_recall".

    Raises:
        ValueError: see `FeatureMetric`; `result` needs k + 1 samples of each side.

    Example:

    ```python
    metric = keras_gans.metrics.PrecisionRecall(None)  # no extractor: the rows are features
    points = keras.random.normal((100, 2))
    metric.update_state(points, points + 10.0)
    print({name: float(value) for name, value in metric.result().items()})  # {'precision': 0.0, 'recall': 0.0}
    ```

    Reference:
        Kynkaanniemi et al., Improved Precision and Recall Metric for Assessing Generative Models (2019), arXiv:1904.06991;
        equals kynkaat/improved-precision-and-recall-metric.
    """

    default_name = "precision_recall"
    figures = ("precision", "recall")

    def __init__(self, extractor, real=None, neighbors=3, num_samples=10_000, name="precision_recall"):
        super().__init__(extractor, real, neighbors, num_samples, name)

    def compare(self, real, generated):
        return {"precision": self._share(generated, real), "recall": self._share(real, generated)}

    def _share(self, points, centers):
        """The share of the points in a ball of the centers."""
        radii = squared_radii(centers, self.neighbors)

        def inside(block):
            return tf.cast(tf.reduce_any(squared_distances(block, centers) <= radii, axis=1), tf.float64)

        return tf.reduce_mean(in_blocks(inside, points))
