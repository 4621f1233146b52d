"""A loss whose generator plays with both scores."""

from keras_gans.losses.wrapper import LossWrapper


class Symmetric(LossWrapper):
    """Another loss with the labels flipped for the generator, on both scores.

    D: base D(real, fake)
    G: base D(fake, real)          with "non_saturating": sp(-fake) + sp(real), sp = softplus

    BiGAN and ALI need this loss: their "real" scores depend on the encoder, which plays on the generator's side.

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Default: "non_saturating".

    Example:

    ```python
    loss = keras_gans.losses.Symmetric("hinge")
    real, fake = tf.constant([[2.0]]), tf.constant([[-0.5]])
    print(loss.discriminator(real, fake).numpy())  # [[0.5]]
    print(loss.generator(real, fake).numpy())  # [[4.5]]
    ```

    Differences: the authors of BiGAN weight every term by 1/2.

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782; jeffdonahue/bigan. Dumoulin et al.,
        Adversarially Learned Inference (2016), arXiv:1606.00704.
    """

    uses_real = True

    def __init__(self, base="non_saturating", name=None, **kwargs):
        super().__init__(base, name=name, **kwargs)

    def generator(self, real, fake):
        return self.base.discriminator(fake, real)
