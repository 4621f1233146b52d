"""The least-squares loss, of LSGAN."""

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores
from keras_gans.utils.numbers import check_finite_numbers


class LeastSquares(AdversarialLoss):
    """The least-squares loss, with the paper's factor 1/2.

    D: (real - real_target)^2 / 2 + (fake - fake_target)^2 / 2
    G: (fake - generator_target)^2 / 2

    The defaults are the paper's 0-1 coding. `LeastSquares(-1.0, 1.0, 0.0)` minimizes the Pearson chi^2 divergence.

    Args:
        fake_target: Float, the paper's a. Default: 0.
        real_target: Float, the paper's b. Default: 1.
        generator_target: Float, the paper's c. Default: 1.

    Raises:
        ValueError: if a target is not a finite number.

    Example:

    ```python
    gan.compile(loss=keras_gans.losses.LeastSquares(-1.0, 1.0, 0.0))
    real, fake = tf.constant([[2.0]]), tf.constant([[-1.0]])
    print(gan.adversarial_loss.discriminator(real, fake).numpy())  # [[0.5]]; the generated score is at its target
    ```

    Reference:
        Mao et al., Least Squares Generative Adversarial Networks (2016), arXiv:1611.04076, equation 2 (the authors' code
        sums over the batch; here it is the mean).
    """

    logits = False  # google/compare_gan applies it to probabilities: both are in use.

    def __init__(self, fake_target=0.0, real_target=1.0, generator_target=1.0, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_finite_numbers(fake_target=fake_target, real_target=real_target, generator_target=generator_target)
        self.fake_target = fake_target
        self.real_target = real_target
        self.generator_target = generator_target

    @property
    def threshold(self):
        return 0.5 * (self.fake_target + self.real_target) if self.fake_target < self.real_target else None

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return 0.5 * ((real - self.real_target) ** 2 + (fake - self.fake_target) ** 2)

    def generator(self, real, fake):
        return 0.5 * (fake - self.generator_target) ** 2
