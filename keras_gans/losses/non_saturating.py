"""The usual loss of GANs since 2014."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores
from keras_gans.utils.numbers import check_finite_numbers


class NonSaturating(AdversarialLoss):
    """The non-saturating loss, with one-sided label smoothing. With sp = softplus and a = 1 - label_smoothing:

    D: a * sp(-real) + (1 - a) * sp(real) + sp(fake)
    G: sp(-fake)                     = -log sigmoid(fake)

    Only the target of real images is smoothed: smoothing that of generated ones too would let a wrong generator reinforce
    itself. (Keras' own `label_smoothing` is symmetric.)

    Args:
        label_smoothing: Float in [0, 1). The target of real images is 1 - label_smoothing. Default: 0.

    Raises:
        ValueError: if `label_smoothing` is outside [0, 1).

    Example:

    ```python
    gan.compile(loss=keras_gans.losses.NonSaturating(label_smoothing=0.1))
    undecided = tf.constant([[0.0]])
    print(gan.adversarial_loss.generator(None, undecided).numpy())  # [[0.6931472]]; log 2
    ```

    Reference:
        Goodfellow et al., Generative Adversarial Networks (2014), arXiv:1406.2661, section 3; Salimans et al., Improved
        Techniques for Training GANs (2016), arXiv:1606.03498, section 3.4.
    """

    def __init__(self, label_smoothing=0.0, name=None, **kwargs):
        check_finite_numbers(label_smoothing=label_smoothing)
        super().__init__(name=name, **kwargs)
        if not 0 <= label_smoothing < 1:
            raise ValueError(f"`label_smoothing` must be in [0, 1). Received: label_smoothing={label_smoothing!r}")
        self.label_smoothing = label_smoothing

    def discriminator(self, real, fake):
        check_scores(real, fake)
        # a * sp(-r) + (1 - a) * sp(r) = sp(-r) + (1 - a) * r
        real_part = ops.softplus(-real)
        if self.label_smoothing:
            real_part = real_part + self.label_smoothing * real
        return real_part + ops.softplus(fake)

    def generator(self, real, fake):
        return ops.softplus(-fake)
