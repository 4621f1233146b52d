"""The kernel inception distance."""

import tensorflow as tf

from keras_gans.metrics.buffered_metric import BufferedMetric
from keras_gans.metrics.functions.kernel import unbiased_mmd
from keras_gans.metrics.functions.random_subset import random_subset
from keras_gans.utils.integers import check_ints


class KID(BufferedMetric):
    """Squared maximum mean discrepancy between the features of real and generated images: lower is better.

    KID = mean over i != j of k(x_i, x_j) + mean over i != j of k(y_i, y_j) - 2 mean k(x_i, y_j),   k(x, y) = (x . y / d + 1)^3

    averaged over random subsets. It is unbiased at any number of samples, and may be negative. Papers report it times 1,000.
    The results are a dict: `kid`, and `kid_std`, the standard deviation over the subsets (divisor: their number); NaN if there is
    only one.

    Args:
        extractor: `features.FeatureExtractor`, or None for features.
        real: Data set, path of cached statistics, or statistics of the real side. Default: what `update_state` gets.
        num_samples: Int, how many features of either side are kept, the first ones; float32. Default: 10,000.
        subsets: Int, how many. Default: 100.
        subset_size: Int, the samples of either side in one, drawn without replacement; all of the smaller side if there are
            fewer; if that is all of both, there is only one subset. Default: 1,000.
        seed: Int, of the subsets. Default: 0.
        name: String. Default: "kid".

    Raises:
        ValueError: see `FeatureMetric`; `result` needs two samples of each side.

    Example:

    ```python
    metric = keras_gans.metrics.KID(extractor)
    metric.update_state(images, gan.generate(20))
    print(sorted(metric.result()))  # ['kid', 'kid_std']
    ```

    Reference:
        Binkowski et al., Demystifying MMD GANs (2018), arXiv:1801.01401; the estimator of toshas/torch-fidelity, whose random
        subsets are other ones.
    """

    default_name = "kid"
    figures = ("kid", "kid_std")
    settings = ("subsets", "subset_size", "seed")

    def __init__(self, extractor, real=None, num_samples=10_000, subsets=100, subset_size=1000, seed=0, name="kid"):
        check_ints(0, seed=seed)
        check_ints(1, subsets=subsets)
        check_ints(2, subset_size=subset_size)
        self.subsets = subsets
        self.subset_size = subset_size
        self.seed = seed
        super().__init__(extractor, real, num_samples, name)

    def compare(self, real, generated):
        sides = (real, generated)
        size = tf.minimum(self.subset_size, tf.reduce_min([tf.shape(rows)[0] for rows in sides]))

        def estimate(subset):
            return unbiased_mmd(*(random_subset(rows, size, (self.seed, 2 * subset + side)) for side, rows in enumerate(sides)))

        # If a subset holds all samples, all subsets are equal: one is enough, and it has no deviation.
        whole = tf.reduce_all([size == tf.shape(rows)[0] for rows in sides])
        number = tf.where(whole, 1, self.subsets)
        values = tf.map_fn(estimate, tf.range(number), fn_output_signature=tf.float64)
        return {"kid": tf.reduce_mean(values), "kid_std": tf.where(number > 1, tf.math.reduce_std(values), float("nan"))}

    @property
    def protocol(self):
        sizes = [count for count in self.counts.values() if count]
        size = min([self.subset_size, *sizes])
        subsets = 1 if sizes and size == max(sizes) else self.subsets
        return {**super().protocol, "subsets": subsets, "subset_size": size}
