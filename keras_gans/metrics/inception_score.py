"""The inception score."""

import tensorflow as tf

from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.state import places_of
from keras_gans.utils.integers import check_ints


class InceptionScore(FeatureMetric):
    """How sure a classifier is about each generated image, and how varied its answers are over all of them: higher is better.

    IS = exp(mean over i of KL(p(y | x_i) || mean over j of p(y | x_j))),   from 1 to the number of classes

    averaged over splits of the samples. Real images are not used. It is IS proper with `features.Inception()`, whose logits have
    no bias, as in the published numbers; with another classifier, say which one. The results are a dict: `inception_score`, and
    `inception_score_std`, the standard deviation over the splits (divisor: their number).

    Args:
        extractor: `features.FeatureExtractor` with logits, or None for logits.
        splits: Int. Default: 10.
        num_samples: Int N, for the papers' splits, rows iN/S to (i+1)N/S of the first N, and no others. Default: none; all
            samples go to the splits in turn.
        name: String. Default: "inception_score".

    Raises:
        ValueError: if the extractor has no logits, and see `FeatureMetric`.

    Example:

    ```python
    metric = keras_gans.metrics.InceptionScore(extractor, splits=2)
    metric.update_state(None, gan.generate(20))
    print(sorted(metric.result()))  # ['inception_score', 'inception_score_std']
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498; equals openai/improved-gan and
        toshas/torch-fidelity (unshuffled) with `num_samples`.

    Differences: a probability of zero does not give NaN; splits without samples do not count.
    """

    default_name = "inception_score"
    figures = ("inception_score", "inception_score_std")
    output = "logits"
    uses_real = False
    min_samples = 1
    settings = ("splits", "num_samples")

    def __init__(self, extractor, splits=10, num_samples=None, name="inception_score"):
        check_ints(1, splits=splits, num_samples=splits if num_samples is None else num_samples)
        self.splits = splits
        self.num_samples = num_samples
        if num_samples is not None and num_samples < splits:
            raise ValueError(
                f"`num_samples` must be at least as large as `splits`. Received: splits={splits!r}, num_samples={num_samples!r}"
            )
        super().__init__(extractor, None, name)

    def create_state(self, width):
        return {"generated": SplitProbabilities(self, width)}

    def compute(self):
        counts, marginal, negative_entropy = self.sides["generated"].means()
        divergence = negative_entropy - tf.reduce_sum(tf.math.xlogy(marginal, marginal), axis=-1)
        scores = tf.boolean_mask(tf.exp(divergence), counts > 0)
        return {"inception_score": tf.reduce_mean(scores), "inception_score_std": tf.math.reduce_std(scores)}


class SplitProbabilities:
    """For each split: the number of samples, the sum of p, and the sum of sum p log p, in float64."""

    def __init__(self, metric, width):
        self.splits, self.num_samples = metric.splits, metric.num_samples
        arguments = {"dtype": "float64", "initializer": "zeros"}
        self.counts = metric.add_weight(shape=(self.splits,), name="counts", **arguments)
        self.probabilities = metric.add_weight(shape=(self.splits, width), name="probabilities", **arguments)
        self.entropies = metric.add_weight(shape=(self.splits,), name="entropies", **arguments)
        self.offered = metric.add_weight(shape=(), name="offered", **arguments)

    def add(self, logits):
        logs = tf.nn.log_softmax(tf.cast(logits, tf.float64))
        number = tf.shape(logits)[0]
        place = places_of(self.offered, number)
        # Row t is in split i where iN // S <= t < (i + 1)N // S, and beyond N in none.
        dealt, cut = place % self.splits, ((place + 1) * self.splits - 1) // (self.num_samples or 1)
        split = dealt if self.num_samples is None else cut
        member = tf.one_hot(split, self.splits, axis=0, dtype=tf.float64)
        self.counts.assign(self.counts + tf.reduce_sum(member, axis=1))
        self.probabilities.assign(self.probabilities + tf.matmul(member, tf.exp(logs)))
        # A logit of minus infinity is a probability of zero, which adds nothing.
        terms = tf.reduce_sum(tf.math.multiply_no_nan(logs, tf.exp(logs)), axis=-1, keepdims=True)
        self.entropies.assign(self.entropies + tf.matmul(member, terms)[:, 0])
        self.offered.assign(self.offered + tf.cast(number, tf.float64))

    @property
    def count(self):
        return tf.reduce_sum(tf.convert_to_tensor(self.counts.value))

    def means(self):
        weights = (self.counts, self.probabilities, self.entropies)
        counts, probabilities, entropies = (tf.convert_to_tensor(weight.value) for weight in weights)
        return counts, probabilities / counts[:, None], entropies / counts
