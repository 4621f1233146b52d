"""The classes of real and of generated images: the auxiliary classifier of AC-GAN."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.numbers import check_not_negative


class AuxiliaryClassifier(AuxiliaryLoss):
    """The discriminator names the class of every image, and the generator makes images whose class it can name.

    D: weight * (real * CE(c(x), y) + fake * CE(c(G(z, y)), y))
    G: weight * generator * CE(c(G(z, y)), y)

    CE(c, y) = logsumexp c - c_y is the cross-entropy of the K logits that the discriminator returns as `classes`. The label of a
    generated image is the one that the generator was given. For weights over classes, one-hot rows or mixtures, CE is
    logsumexp c - sum_k y_k c_k.

    Args:
        weight: Float. Default: 1.
        real, fake: Floats, the shares of real and of generated images in the discriminator's half. Defaults: 1, as published;
            the conditional WGAN-GP has `fake=0`.
        generator: Float, the share in the generator's half. Default: 1; the conditional WGAN-GP has 0.1.
        classes: String, the key of the logits in the discriminator's output. Default: "classes".
        every: Int, see `Term`. Default: 1.

    Shapes: logits `(batch, K)`; `minibatch.condition` either `(batch,)`, ints, or `(batch, K)`, floats.

    Raises:
        ValueError: if a share is negative; in training, if the minibatch has no labels, or weights over other classes than the
            logits; from `compile`, if the discriminator has no such output, or beside a replay, unless `fake=0`.

    Example:

    ```python
    gan = keras_gans.ACGAN(keras_gans.networks.acgan.generator(channels=16), keras_gans.networks.acgan.discriminator(channels=4))
    gan.compile(auxiliary_losses=[keras_gans.losses.AuxiliaryClassifier(fake=0.0, generator=0.1)])
    ```

    Reference:
        Odena, Olah, Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs (2016), arXiv:1610.09585; the shares of
        igul222/improved_wgan_training, gan_cifar_resnet.py.
    """

    def __init__(self, weight=1.0, real=1.0, fake=1.0, generator=1.0, classes="classes", every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        check_not_negative(real=real, fake=fake, generator=generator)
        self.shares = {"real": real, "fake": fake, "generator": generator}
        self.classes = classes
        self.heads = (classes,)
        self.needs_origin = fake > 0

    def discriminator(self, minibatch):
        # Images without a share are not classified; their scores are computed anyway, for the adversarial loss.
        real, fake = self.shares["real"], self.shares["fake"]
        errors = tf.zeros(tf.shape(minibatch.real)[0])
        if real:
            errors += real * self._errors(minibatch.real_output, minibatch.condition)
        if fake:
            errors += fake * self._errors(minibatch.fake_output, minibatch.condition)
        return errors

    def generator(self, minibatch):
        return self.shares["generator"] * self._errors(minibatch.fake_output, minibatch.condition)

    def _errors(self, output, labels):
        if labels is None or isinstance(labels, dict):
            raise ValueError(
                "AuxiliaryClassifier needs one label for each image as `minibatch.condition`. Received: "
                f"{'none' if labels is None else f'the conditions {list(labels)}'}. Train a conditional GAN, on (images, labels)."
            )
        logits = tf.cast(output[self.classes], tf.float32)
        _check_classes(labels.shape, logits.shape)
        if labels.shape.rank == 2 and labels.shape[1] == logits.shape[-1]:
            return tf.nn.softmax_cross_entropy_with_logits(tf.cast(labels, tf.float32), logits)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(tf.reshape(tf.cast(labels, tf.int32), (-1,)), logits)


def _check_classes(labels, logits):
    """Raises unless the shapes of labels and logits fit: one label, or weights over the classes, for each row of logits."""
    one_each = labels.rank in (None, 1) or labels[1:] == [1]
    if logits.rank != 2 or not (one_each or labels[1:] == logits[1:]):
        raise ValueError(
            "AuxiliaryClassifier expects logits (batch, K), and labels (batch,) or weights over the K classes (batch, K). "
            f"Received: logits of shape {tuple(logits)} and labels of shape {tuple(labels)}. Give the discriminator as many "
            "logits as there are classes."
        )
