"""The inception score, of any classifier."""

import tensorflow as tf

from keras_gans.metrics.inception_score import InceptionScore
from keras_gans.tfgan.activations import as_matrix
from keras_gans.tfgan.run import run_classifier_fn
from keras_gans.tfgan.streaming import Streaming
from keras_gans.tfgan.streaming import required
from keras_gans.tfgan.streaming import started


def classifier_score(input_tensor, classifier_fn, num_batches=1):
    """The score of `classifier_score_from_logits`, of the logits that a classifier gives.

    Args:
        input_tensor: Tensor `(n, ...)`, what the classifier takes.
        classifier_fn: Function of such a tensor that returns logits `(n, classes)`.
        num_batches: Int, parts that are classified one after the other; it divides n. Default: 1.

    Returns:
        Scalar tensor of the logits' type.

    Raises:
        ValueError: see `classifier_score_from_logits` and `run_classifier_fn`.

    Example:

    ```python
    score = keras_gans.metrics.tfgan.classifier_score(images, classifier, num_batches=2)
    print(score.shape)  # (); a scalar from 1 to the number of classes
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.classifier_score`.
    """
    return classifier_score_from_logits(run_classifier_fn(input_tensor, classifier_fn, num_batches))


def classifier_score_from_logits(logits):
    """How sure a classifier is of each image, and how unsure of all of them: higher is better.

    exp(mean over i of KL(p(y | x_i) || mean over j of p(y | x_j))),   from 1 to the number of classes

    Args:
        logits: Floating-point tensor `(n, classes)`, before the softmax. All are one split.

    Returns:
        Scalar tensor of the logits' type, computed in float64.

    Raises:
        ValueError: if the logits do not have two axes, or are integers.

    Example:

    ```python
    logits = 50.0 * tf.eye(4)
    score = keras_gans.metrics.tfgan.classifier_score_from_logits(logits)
    print(f"{float(score):.3f}")  # 4.000; four classes, each seen once and without doubt
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498; equals tensorflow/gan,
        `tfgan.eval.classifier_score_from_logits`.

    Differences: a logit of minus infinity is a probability of zero, not NaN.
    """
    logits = as_matrix(logits, "logits")
    logs = tf.nn.log_softmax(tf.cast(logits, tf.float64))
    probabilities = tf.exp(logs)
    marginal = tf.reduce_mean(probabilities, axis=0)
    negative_entropy = tf.reduce_mean(tf.reduce_sum(tf.math.multiply_no_nan(logs, probabilities), axis=1))
    return tf.cast(tf.exp(negative_entropy - tf.reduce_sum(tf.math.xlogy(marginal, marginal))), logits.dtype)


def classifier_score_streaming(input_tensor=None, classifier_fn=None, num_batches=1):
    """`classifier_score` of batches that follow one another, as a metric of constant memory.

    Args:
        input_tensor: The first batch. Default: none yet.
        classifier_fn, num_batches: As in `classifier_score`.

    Returns:
        `keras.metrics.Metric` with `update_state(input_tensor)` and `result()`.

    Raises:
        ValueError: without a classifier; in `update_state` see `classifier_score`.

    Example:

    ```python
    metric = keras_gans.metrics.tfgan.classifier_score_streaming(classifier_fn=classifier)
    for batch in dataset:
        metric.update_state(batch)
    score = metric.result()
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.classifier_score_streaming`.

    Differences: a metric, not a value and an update operation. Batches of unequal size count by their size.
    """
    return started(ClassifierScore(required(classifier_fn), num_batches), input_tensor)


def classifier_score_from_logits_streaming(logits=None):
    """`classifier_score_from_logits` of batches that follow one another, as a metric of constant memory.

    Args:
        logits: The first batch. Default: none yet.

    Returns:
        `keras.metrics.Metric` with `update_state(logits)` and `result()`.

    Raises:
        ValueError: in `update_state`, see `classifier_score_from_logits`.

    Example:

    ```python
    metric = keras_gans.metrics.tfgan.classifier_score_from_logits_streaming()
    for batch in dataset:
        metric.update_state(classifier(batch))
    score = metric.result()
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.classifier_score_from_logits_streaming`.

    Differences: a metric, not a value and an update operation. Batches of unequal size count by their size.
    """
    return started(ClassifierScore(), logits)


class ClassifierScore(Streaming, InceptionScore):
    """The sums over samples that the score follows from: of the probabilities, and of their entropies.

    Args:
        classifier_fn: Function of a batch that returns logits. Default: logits are fed in.
        num_batches: Int, parts that a batch is classified in. Default: 1.
        name: String. Default: "classifier_score".
    """

    figures = None  # one scalar

    def __init__(self, classifier_fn=None, num_batches=1, name="classifier_score"):
        super().__init__(classifier_fn, num_batches, splits=1, name=name)

    def update_state(self, input_tensor):
        """Adds a batch of what the classifier takes, or of logits."""
        self.update_outputs(None, self.outputs(input_tensor))

    def compute(self):
        return super().compute()["inception_score"]
