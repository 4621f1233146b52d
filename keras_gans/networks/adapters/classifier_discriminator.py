"""Discriminators made of classifiers, for semi-supervised training."""

import keras
from keras import ops

from keras_gans.networks.adapters.with_features import features_of
from keras_gans.utils.config import Serializable
from keras_gans.utils.networks import inputs_of
from keras_gans.utils.networks import output_of


class LogSumExp(Serializable, keras.layers.Layer):
    """The logarithm of the sum of the exponentials of the last axis, float32, kept as an axis of length 1."""

    def __init__(self, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)

    def call(self, inputs):
        return ops.logsumexp(ops.cast(inputs, "float32"), axis=-1, keepdims=True)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 1)


def classifier_discriminator(classifier, layer=None):
    """A discriminator whose scores come from a classifier's K logits, for semi-supervised training.

    score = logsumexp l(x)          so that sigmoid(score) = 1 - p(class K + 1 | x), whose logit is 0

    The discriminator shares its layers with the classifier.

    Args:
        classifier: Functional or Sequential `keras.Model`, whose output is K logits, without softmax, or a dict with K logits
            as `classes`, and perhaps `features` and `scores`, which are kept.
        layer: String, name of the layer whose output is the features, if the classifier does not give them. Default: whatever
            the last layer with weights takes in.

    Returns:
        `keras.Model` of the same inputs; a dict of outputs: `scores` `(batch, 1)` float32, `classes` `(batch, K)`, `features`.

    Raises:
        ValueError: if there are no logits of at least two classes, or no such layer.

    Example:

    ```python
    discriminator = keras_gans.networks.classifier_discriminator(classifier)
    outputs = discriminator(images)
    print(outputs["scores"].shape, outputs["classes"].shape)  # (20, 1) (20, 10)
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 5.
    """
    output = output_of(classifier)
    heads = dict(output) if isinstance(output, dict) else {"classes": output}
    logits = heads.get("classes")
    if logits is None or len(logits.shape) != 2 or (logits.shape[-1] or 0) < 2:
        received = f"outputs {sorted(heads)}" if logits is None else f"an output of shape {tuple(logits.shape)}"
        raise ValueError(
            'A classifier must give logits of shape (batch, K), K >= 2, alone or as "classes" in a dict. '
            f"Received: {received}. End it with keras.layers.Dense(K)."
        )
    if "features" not in heads:
        heads["features"] = features_of(classifier, logits, layer)
    heads.setdefault("scores", LogSumExp(name="scores")(logits))
    return keras.Model(inputs_of(classifier), heads, name=classifier.name)
