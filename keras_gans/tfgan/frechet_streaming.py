"""The Frechet distance of any classifier, of batches that follow one another."""

from keras_gans.metrics.fid import FID
from keras_gans.tfgan.streaming import Streaming
from keras_gans.tfgan.streaming import required
from keras_gans.tfgan.streaming import started


def frechet_classifier_distance_streaming(input_tensor1=None, input_tensor2=None, classifier_fn=None, num_batches=1):
    """`frechet_classifier_distance` of batches that follow one another, as a metric of constant memory.

    Args:
        input_tensor1, input_tensor2: The first batches. Default: none yet.
        classifier_fn, num_batches: As in `frechet_classifier_distance`.

    Returns:
        `keras.metrics.Metric` with `update_state(input_tensor1, input_tensor2)` and `result()`, which needs two samples of
        either side.

    Raises:
        ValueError: without a classifier; in `update_state` see `frechet_classifier_distance`.

    Example:

    ```python
    metric = keras_gans.metrics.tfgan.frechet_classifier_distance_streaming(classifier_fn=classifier)
    for batch in dataset:
        metric.update_state(batch, gan.generate(len(batch)))
    distance = metric.result()
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.frechet_classifier_distance_streaming`.

    Differences: a metric, not a value and an update operation.
    """
    return started(FrechetClassifierDistance(required(classifier_fn), num_batches), input_tensor1, input_tensor2)


def frechet_classifier_distance_from_activations_streaming(activations1=None, activations2=None):
    """`frechet_classifier_distance_from_activations` of batches that follow one another, as a metric of constant memory.

    Args:
        activations1, activations2: The first batches. Default: none yet.

    Returns:
        `keras.metrics.Metric` with `update_state(activations1, activations2)` and `result()`, which needs two samples of
        either side.

    Raises:
        ValueError: in `update_state`, see `frechet_classifier_distance_from_activations`.

    Example:

    ```python
    metric = keras_gans.metrics.tfgan.frechet_classifier_distance_from_activations_streaming()
    for batch in dataset:
        metric.update_state(classifier(batch), classifier(gan.generate(len(batch))))
    distance = metric.result()
    ```

    Reference:
        tensorflow/gan, `tfgan.eval.frechet_classifier_distance_from_activations_streaming`.

    Differences: a metric, not a value and an update operation.
    """
    return started(FrechetClassifierDistance(), activations1, activations2)


class FrechetClassifierDistance(Streaming, FID):
    """The sums over samples that both Gaussians follow from, in float64.

    Args:
        classifier_fn: Function of a batch that returns activations. Default: activations are fed in.
        num_batches: Int, parts that a batch is classified in. Default: 1.
        name: String. Default: "frechet_classifier_distance".
    """

    def __init__(self, classifier_fn=None, num_batches=1, name="frechet_classifier_distance"):
        super().__init__(classifier_fn, num_batches, name=name)

    def update_state(self, input_tensor1, input_tensor2):
        """Adds a batch of either side, of what the classifier takes, or of activations."""
        outputs2, outputs1 = self.outputs(input_tensor2), self.outputs(input_tensor1)
        self.update_outputs(outputs1, outputs2)
