"""The hinge loss, of SNGAN, SAGAN and BigGAN."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores


class Hinge(AdversarialLoss):
    """The hinge loss of SNGAN, SAGAN and BigGAN.

    D: max(0, 1 - real) + max(0, 1 + fake)
    G: -fake

    Example:

    ```python
    gan.compile(loss="hinge")
    real, fake = tf.constant([[2.0]]), tf.constant([[-0.5]])
    print(keras_gans.losses.Hinge().discriminator(real, fake).numpy())  # [[0.5]]; the real score is beyond the margin
    ```

    Reference:
        Lim, Ye, Geometric GAN (2017), arXiv:1705.02894; Miyato et al., Spectral Normalization for GANs (2018),
        arXiv:1802.05957, equations 16 and 17. Matches pfnet-research/sngan_projection.
    """

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return ops.relu(1.0 - real) + ops.relu(1.0 + fake)

    def generator(self, real, fake):
        return -fake
