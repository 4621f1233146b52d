"""The loss of Fisher GAN: a difference of means under a constraint on second moments."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores
from keras_gans.utils.numbers import check_positive
from keras_gans.utils.replicas import global_mean


class Fisher(AdversarialLoss):
    """The difference of mean scores, with their second moment held at 1 by an augmented Lagrangian.

    O = (mean real^2 + mean fake^2) / 2
    D: -(mean real - mean fake + l (1 - O) - rho / 2 (O - 1)^2)
    G: -mean fake
    l <- l - rho (1 - O)          after each update of the discriminator, from 0

    The multiplier l is a weight of this loss, not of the discriminator: saved with the model, the same on all replicas. The
    means are taken over all replicas, and gradient accumulation is not exact.

    Args:
        rho: Float > 0, weight of the quadratic penalty and rate of the multiplier. Default: 1e-6.

    Raises:
        ValueError: if `rho` is not positive.

    Example:

    ```python
    gan.compile(loss=keras_gans.losses.Fisher(rho=1e-6), discriminator_steps=2)
    gan.fit(dataset, epochs=20)
    multiplier = float(gan.adversarial_loss.multiplier)  # moves from 0 until the second moment is 1
    ```

    Reference:
        Mroueh, Sercu, Fisher GAN (2017), arXiv:1705.09675, equation 9 and Algorithm 1; matches tomsercu/FisherGAN (Adam(2e-4,
        beta_1=0.5), two critic steps).
    """

    threshold = None  # only differences of scores count

    def __init__(self, rho=1e-6, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_positive(rho=rho)
        self.rho = rho
        self.multiplier = None

    def build_for(self, gan):
        self.multiplier = self.add_weight(shape=(), initializer="zeros", trainable=False, name="multiplier")

    def discriminator(self, real, fake):
        check_scores(real, fake)
        slack = 1.0 - second_moment(real, fake)
        difference = global_mean(real) - global_mean(fake)
        multiplier = 0.0 if self.multiplier is None else self.multiplier
        return -(difference + multiplier * slack - 0.5 * self.rho * ops.square(slack))

    def generator(self, real, fake):
        return -fake

    def after_step(self, player, minibatch):
        if player == "discriminator":
            slack = 1.0 - second_moment(minibatch.real_scores, minibatch.fake_scores)
            self.multiplier.assign(self.multiplier - self.rho * slack)

    def ratio(self, real, fake):
        """The critic's value as a ratio, (mean real - mean fake) / sqrt(O), which no scale of the scores changes."""
        difference = global_mean(real) - global_mean(fake)
        return difference / ops.sqrt(second_moment(real, fake))


def second_moment(real, fake):
    """O, the mean of both kinds' mean squares."""
    return 0.5 * (global_mean(ops.square(real)) + global_mean(ops.square(fake)))
