"""Semi-supervised training with K + 1 classes."""

import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gans.losses import Classification
from keras_gans.losses import DiscriminatorOnly
from keras_gans.losses import FeatureMatching
from keras_gans.models.paper import adam_for_both
from keras_gans.networks import classifier_discriminator
from keras_gans.training.gan import GAN
from keras_gans.utils.assured import assured
from keras_gans.utils.networks import final_operations
from keras_gans.utils.networks import output_of
from keras_gans.utils.numbers import HOW_TO_NUMBER
from keras_gans.utils.split_batch import split_batch


class SemiSupervisedGAN(GAN):
    """A classifier that learns from a few labels and many unlabelled data: its class K + 1 is "generated".

    D: mean over labelled rows of (logsumexp l - l_y) + 1/2 mean softplus(-s(real)) + 1/2 mean softplus(s(fake))
    G: ||mean f(real) - mean f(fake)||^2 / number of features

    l are the classifier's K logits, s = logsumexp l its score, since the logit of class K + 1 is 0, and f its features. Data are
    batches of `(data, labels)`, with labels 0 to K - 1, and -1 for rows without; labels are not handed to the networks.
    `keras_gans.data.semi_supervised` makes such batches. The logs have `accuracy`, on labelled rows (0 without any).

    The recipe is the paper's: the loss `DiscriminatorOnly("non_saturating", weight=0.5)`, the auxiliary losses
    `Classification()` and `FeatureMatching(form="mean_squared")`, Adam(3e-3, beta_1=0.5) for both, the discriminator's step
    before the generator's.

    Args:
        generator: Built `keras.Model`, latents to data. No condition.
        discriminator: A classifier: built `keras.Model`, data to K logits, or to a dict with K logits as `classes`, and perhaps
            `features`. What is missing is added by `keras_gans.networks.classifier_discriminator`.
        latents, ema, name: As in `GAN`.
        classes: Int, K. Default: the number of logits.

    Raises:
        ValueError: if the networks take a condition, or the discriminator gives no logits, or `classes` is not their number.

    Example:

    ```python
    gan = keras_gans.SemiSupervisedGAN(generator, classifier)
    gan.compile()
    dataset = keras_gans.data.semi_supervised(images, labels, labelled_per_class=1, batch_size=10, labelled_per_batch=5)
    gan.fit(dataset, epochs=100, validation_data=(test_images, test_labels))  # logs val_accuracy
    print(gan.classify(test_images).shape)  # (10, 10); a probability of each class for each image
    ```

    Differences: labelled rows count among the real data of the other terms too; the generator's step sees the batch of the
    discriminator's, the authors' another one; accuracy is that of the weights as they are, the authors' of an average of them.

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 5; matches
        openai/improved-gan, mnist_svhn_cifar10/train_mnist_feature_matching.py.
    """

    def set_networks(self, generator=None, discriminator=None):
        if discriminator is not None and discriminator is not self.discriminator:
            discriminator = _with_scores(discriminator)
        logits_said, self.classes = self.classes, None  # they are of no condition
        super().set_networks(generator=generator, discriminator=discriminator)
        self.classes = logits_said
        if not self.built:
            return
        if self.condition_input is not None:
            raise ValueError(
                "A SemiSupervisedGAN passes no labels to its networks. Received: networks with a second input. Use networks "
                "with one input."
            )
        logits = output_of(self.discriminator)["classes"].shape[-1]
        if self.classes not in (None, logits):
            raise ValueError(f"The discriminator gives {logits} logits. Received: classes={self.classes!r}. Leave `classes` out.")
        self.classes = logits

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(3e-3, beta_1=0.5, epsilon=1e-8),
            "loss": DiscriminatorOnly("non_saturating", weight=0.5),
            "auxiliary_losses": [Classification(), FeatureMatching(form="mean_squared")],
            "update_rule": "alternating",
        }

    def classify(self, images, batch_size=None):
        """The classifier's probabilities of its K classes.

        Args:
            images: What `predict` of a `keras.Model` takes: an array `(n, ...)`, or a data set.
            batch_size: Int, how many at a time. Default: 32.

        Returns:
            Float32 NumPy array, `(n, K)`.
        """
        logits = self.discriminator.predict(images, batch_size=batch_size, verbose=0)["classes"]
        return tf.nn.softmax(tf.cast(logits, tf.float32)).numpy()

    def unpack(self, batch):
        real, labels = split_batch(batch)
        if labels is not None:
            labels = tf.reshape(tf.cast(labels, tf.int32), (-1,))
            known = tf.reduce_all((labels >= -1) & (labels < self.classes))
            labels = assured(labels, known, f"{_expected(self.classes)} Received:", labels)
        return tf.cast(real, tf.float32), labels

    def check_batch(self, batch):
        super().check_batch(batch)
        labels = split_batch(batch)[1]
        if labels is None:
            raise ValueError(
                "A SemiSupervisedGAN learns from labels, but the data have none. Expected batches of (data, labels), with the "
                "label -1 for unlabelled rows. Pass labels: fit(images, labels), or use keras_gans.data.semi_supervised."
            )
        for part in self.distribute_strategy.experimental_local_results(labels):
            _check_labels(np.asarray(part), self.classes)

    def check_labels(self, batch):
        labels = split_batch(batch)[1]
        if labels is not None:
            _check_labels(labels, self.classes)

    def final_logs(self, logs):
        rows, labelled = (int(keras.ops.convert_to_numpy(self._logs.trackers[name].count)) for name in ("d_loss", "accuracy"))
        if rows and not labelled:
            so = "`accuracy` is 0 of nothing" if self._logs.evaluating else "no class was learned"
            warnings.warn(
                f"None of the {rows} rows had a label, all were -1: {so}. Pass labels 0 to {self.classes - 1} for some of the "
                "rows, as keras_gans.data.semi_supervised does.",
                stacklevel=2,
            )
        return super().final_logs(logs)

    def term_names(self):
        return [*super().term_names(), "accuracy"]

    def log_terms(self, player, minibatch, terms):
        super().log_terms(player, minibatch, terms)
        if player == "discriminator":
            labels = minibatch.condition
            right = tf.argmax(minibatch.real_output["classes"], axis=-1, output_type=tf.int32) == labels
            labelled = tf.reduce_sum(tf.cast(labels >= 0, tf.float32))
            # Its tracker counts the labelled rows.
            self.log("accuracy", tf.math.divide_no_nan(tf.reduce_sum(tf.cast(right, tf.float32)), labelled), examples=labelled)


def _with_scores(discriminator):
    if not isinstance(discriminator, keras.Model) or not getattr(discriminator, "inputs", None):
        return discriminator  # GAN's own checks say what is wrong
    output = output_of(discriminator)
    if not isinstance(output, dict) or not {"scores", "classes", "features"} <= set(output):
        discriminator = classifier_discriminator(discriminator)
    last = final_operations(output_of(discriminator)["classes"])[-1]
    if last in ("softmax", "sigmoid"):
        raise ValueError(f"The classifier ends in a {last}, but SemiSupervisedGAN works on raw logits. Remove the activation.")
    return discriminator


def _check_labels(labels, classes):
    flat = labels.ndim == 1 or (labels.ndim == 2 and labels.shape[1] == 1)
    if not flat or not np.issubdtype(labels.dtype, np.integer):
        remedy = "Turn one-hot labels into ints: labels.argmax(-1)."
        if labels.dtype.kind in "OSU":
            remedy = HOW_TO_NUMBER
        raise ValueError(
            "Labels must be ints of shape (batch,), -1 for unlabelled rows. "
            f"Received: shape {labels.shape}, dtype {labels.dtype}. {remedy}"
        )
    if labels.size and not (labels.min() >= -1 and labels.max() < classes):
        raise ValueError(
            f"{_expected(classes)} Received: values from {labels.min()} to {labels.max()}. Count classes from 0, or build a "
            "discriminator with more logits."
        )


def _expected(classes):
    return f"Labels must be classes 0 to {classes - 1}, or -1 for unlabelled rows."
