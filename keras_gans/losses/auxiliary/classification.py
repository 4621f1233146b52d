"""The classes of labelled data: the supervised half of semi-supervised training."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.replicas import cross_replica_mean


class Classification(AuxiliaryLoss):
    """The discriminator names the class of labelled real data.

    D: weight * mean over the rows with a label y >= 0 of  logsumexp l(x) - l_y(x)

    l are the K logits that the discriminator returns as `classes`. Rows with the label -1 do not count; the mean is over the
    labelled rows of the whole batch, on all replicas, and 0 where there are none.

    Args:
        weight: Float. Default: 1.
        classes: String, the key of the logits in the discriminator's output. Default: "classes".
        every: Int, see `Term`. Default: 1.

    Shapes: logits `(batch, K)`; labels `(batch,)`, ints, which are `minibatch.condition`.

    Raises:
        ValueError: in training, if the minibatch has no labels; from `compile`, if the discriminator has no such output.

    Example:

    ```python
    gan = keras_gans.SemiSupervisedGAN(generator, classifier)
    gan.compile(loss="non_saturating", auxiliary_losses=[keras_gans.losses.Classification(weight=2.0)])
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 5; matches
        openai/improved-gan, mnist_svhn_cifar10/train_mnist_feature_matching.py.
    """

    couples_batch = True

    def __init__(self, weight=1.0, classes="classes", every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        self.classes = classes
        self.heads = (classes,)

    def discriminator(self, minibatch):
        labels = minibatch.condition
        if labels is None:
            raise ValueError(
                "Classification needs labels as `minibatch.condition`. Received: None. Train a keras_gans.SemiSupervisedGAN, on "
                "batches of (data, labels)."
            )
        logits = tf.cast(minibatch.real_output[self.classes], tf.float32)
        is_labelled = labels >= 0
        errors = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.where(is_labelled, labels, 0), logits)
        total = tf.reduce_sum(tf.where(is_labelled, errors, 0.0))
        # The GAN takes the mean over replicas. Sums: a replica may have no labelled row, or no row at all.
        return tf.math.divide_no_nan(total, cross_replica_mean(tf.reduce_sum(tf.cast(is_labelled, tf.float32))))
