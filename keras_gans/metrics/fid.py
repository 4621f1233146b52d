"""The Frechet inception distance."""

import tensorflow as tf

from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.functions.frechet import moments_distance
from keras_gans.metrics.state import Moments


class FID(FeatureMetric):
    """Frechet distance between the features of real and generated images: lower is better.

    FID = ||m_r - m_g||^2 + Tr(C_r) + Tr(C_g) - 2 Tr((C_r C_g)^(1/2))

    with the features' means m and covariances C (divisor n - 1), in float64, kept as sums: memory does not grow with the number
    of images. It is FID proper with `features.Inception()`; with other features, say which ones, and compare it only with itself.
    It falls with the number of samples, about as c / n: compare only figures with equal numbers. The papers use 50,000.

    Args:
        extractor: `features.FeatureExtractor`, or None for features.
        real: Data set, path of cached statistics, or statistics of the real side. Default: what `update_state` gets.
        name: String. Default: "fid".

    Raises:
        ValueError: see `FeatureMetric`; `result` needs two samples of each side.

    Example:

    ```python
    gan.compile(metrics=[keras_gans.metrics.FID(extractor)])
    logs = gan.evaluate(dataset, return_dict=True)
    print(logs["fid"] > 0)  # True
    ```

    Reference:
        Heusel et al., GANs Trained by a Two Time-Scale Update Rule (2017), arXiv:1706.08500; equals bioinf-jku/TTUR and
        mseitzer/pytorch-fid on equal features.

    Differences: the trace of the root comes from symmetric eigenvalues, not from a matrix root: real, and faster.
    """

    default_name = "fid"

    def __init__(self, extractor, real=None, name="fid"):
        super().__init__(extractor, real, name)

    def create_state(self, width):
        return self.state_for_sides(lambda side: Moments(self, width, side))

    def compute(self):
        return moments_distance(self.real_moments(), self.sides["generated"].moments())

    def real_moments(self):
        if self.real is None:
            return self.sides["real"].moments()
        return tf.constant(self.real.count, tf.float64), self.real.mean, self.real.covariance
