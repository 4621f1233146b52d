"""The Wasserstein critic's loss."""

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores


class Wasserstein(AdversarialLoss):
    """The Wasserstein loss. A high critic value means "real".

    D: fake - real
    G: -fake

    -D estimates the earth mover's distance, times the critic's Lipschitz constant: bound that with
    `keras_gans.constraints.Clip`, `keras_gans.penalties.GradientPenalty` or spectral normalization.

    Example:

    ```python
    gan.compile(loss="wasserstein", penalties=[keras_gans.penalties.GradientPenalty(10.0)], discriminator_steps=5)
    real, fake = tf.constant([[2.0]]), tf.constant([[-0.5]])
    print(keras_gans.losses.Wasserstein().discriminator(real, fake).numpy())  # [[-2.5]]
    ```

    Reference:
        Arjovsky, Chintala, Bottou, Wasserstein GAN (2017), arXiv:1701.07875 (the authors' code flips the sign of both).
    """

    threshold = None  # only differences of scores count

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return fake - real

    def generator(self, real, fake):
        return -fake
