"""Feeding of Keras metrics, each extractor once a batch, and their results."""

import inspect

import numpy as np
import tensorflow as tf

from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.gan_metric import contract_of


class ImageBatch:
    """A batch of images and its features: each extractor runs once, for all metrics that use it.

    Args:
        images: Tensor `(batch, ...)`.
        condition: Array or tensor `(batch, ...)`, labels or conditions of the images. Default: none.
    """

    def __init__(self, images, condition=None):
        self.images, self.condition = images, condition
        self._extracted = {}

    def __len__(self):
        return len(self.images)

    def extracted(self, extractor):
        """The outputs of an extractor, a dict."""
        if extractor not in self._extracted:
            self._extracted[extractor] = extractor(self.images)
        return self._extracted[extractor]

    def outputs_for(self, metric):
        """The outputs of a `FeatureMetric`'s extractor; the batch itself, of features, if the metric has no extractor."""
        return metric.outputs(self.images) if metric.extractor is None else self.extracted(metric.extractor)


def feed(metrics, real, generated):
    """Feeds a batch of real and one of generated images to metrics, each as its contract says. Works in a graph.

    Metrics of features, and those of separate sides, see all images of both batches. Metrics that compare one batch with another
    see as many of both, the first ones, and nothing where either batch is missing.

    Args:
        metrics: List of `keras.metrics.Metric`.
        real, generated: `ImageBatch`, or None if there is none.
    """
    for metric in metrics:
        contract = contract_of(metric)
        if isinstance(metric, FeatureMetric):
            _feed_outputs(metric, real, generated)
        elif contract.separate_sides:
            _feed_sides(metric, real, generated)
        elif generated is not None and not contract.uses_real:
            _update(metric, None, generated.images, generated.condition)
        elif generated is not None and real is not None:
            _update(metric, *_pair(real, generated))


def results_of(metric):
    """The result of a Keras metric as a dict; a single value gets the metric's name."""
    result = metric.result()
    return result if isinstance(result, dict) else {metric.name: result}


def _feed_outputs(metric, real, generated):
    if real is not None and metric.uses_real and not metric.knows_real:
        metric.update_outputs(real.outputs_for(metric), None, real.condition)
    if generated is not None:
        metric.update_outputs(None, generated.outputs_for(metric), generated.condition)


def _feed_sides(metric, real, generated):
    if generated is not None:
        _update(metric, None, generated.images, generated.condition)
    # Real images without labels are as good as none for a metric that needs them.
    if real is not None and (real.condition is not None or not metric.needs_labels):
        _update(metric, real.images, None, real.condition)


def _pair(real, generated):
    """Equal numbers of real and generated images, and their condition if it is the same."""
    images, others = real.images, generated.images
    if images.shape[0] != others.shape[0]:
        count = tf.minimum(tf.shape(images)[0], tf.shape(others)[0])
        images, others = images[:count], others[:count]
    if real.condition is generated.condition:
        return images, others, real.condition
    both = real.condition is not None and generated.condition is not None
    count = min(len(real), len(generated))
    same = both and np.array_equal(real.condition[:count], generated.condition[:count])
    return images, others, generated.condition[:count] if same else None


def _update(metric, real, generated, condition):
    """Keras' own metrics would take a third argument for weights of the samples."""
    takes_condition = "condition" in inspect.signature(metric.update_state).parameters
    metric.update_state(real, generated, **({"condition": condition} if takes_condition else {}))
