"""The common part of the metrics that `..._streaming` functions return."""

import tensorflow as tf

from keras_gans.tfgan.activations import as_matrix
from keras_gans.tfgan.run import run_classifier_fn


class Streaming:
    """Mixin of a `FeatureMetric` that is fed with inputs of a classifier, and whose result has the type of its outputs.

    Args:
        classifier_fn: Function of a batch, or None: then the metric is fed with logits or activations.
        num_batches: Int, parts that a batch is classified in.
    """

    def __init__(self, classifier_fn, num_batches, **arguments):
        self.classifier_fn = classifier_fn
        self.num_batches = num_batches
        self.result_dtype = tf.float64
        super().__init__(None, **arguments)

    def outputs(self, data):
        if self.classifier_fn is not None:
            data = run_classifier_fn(data, self.classifier_fn, self.num_batches)
        rows = as_matrix(data, self.output if self.classifier_fn is None else "classifier_fn(input_tensor)")
        self.result_dtype = rows.dtype
        return {self.output: rows}

    def result(self):
        return tf.cast(super().result(), self.result_dtype)


def started(metric, *batches):
    """Feeds the metric with `batches`, unless all of them are None, and returns the metric."""
    if any(batch is not None for batch in batches):
        metric.update_state(*batches)
    return metric


def required(classifier_fn):
    """Returns `classifier_fn`. TF-GAN puts it after arguments that may be left out, so that Python cannot require it.

    Raises:
        ValueError: if `classifier_fn` is None.
    """
    if classifier_fn is None:
        raise ValueError("`classifier_fn` must be a function of a batch of images. Received: None.")
    return classifier_fn
