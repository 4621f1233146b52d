"""A zero-sum game made of any loss."""

from keras_gans.losses.wrapper import LossWrapper


class Saddle(LossWrapper):
    """The zero-sum game of another loss: the generator maximizes what the discriminator minimizes, real term included.

    D: base D                 = -V
    G: -base D                = V

    With "minimax" it is the value function of the 2014 paper whole. Its real term has no gradient for the generator, unless
    the discriminator depends on the generator, as in `UnrolledGAN` and in `LocallyStableGAN`.

    Args:
        base: A name, a configuration or an `AdversarialLoss`. Default: "minimax".

    Example:

    ```python
    gan.compile(loss=keras_gans.losses.Saddle("hinge"))
    real, fake = tf.constant([[2.0]]), tf.constant([[-0.5]])
    print(gan.adversarial_loss.discriminator(real, fake).numpy())  # [[0.5]]
    print(gan.adversarial_loss.generator(real, fake).numpy())  # [[-0.5]]
    ```

    Reference:
        Goodfellow et al., Generative Adversarial Networks (2014), arXiv:1406.2661, equation 1.
    """

    uses_real = True

    def __init__(self, base="minimax", name=None, **kwargs):
        super().__init__(base, name=name, **kwargs)

    def generator(self, real, fake):
        return -self.base.discriminator(real, fake)
