"""The base of metrics that check whether features lie in balls around other features."""

from keras_gans.metrics.buffered_metric import BufferedMetric
from keras_gans.utils.integers import check_ints


class NeighborMetric(BufferedMetric):
    """Base of the metrics that put a ball around each feature, as large as the distance to its k-th nearest other one.

    Args:
        extractor, real, num_samples, name: As in `BufferedMetric`.
        neighbors: Int k >= 1; `num_samples` must be larger.
    """

    settings = ("neighbors",)

    def __init__(self, extractor, real, neighbors, num_samples, name):
        check_ints(1, neighbors=neighbors)
        self.neighbors = neighbors
        self.min_samples = neighbors + 1
        super().__init__(extractor, real, num_samples, name)
