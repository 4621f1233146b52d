"""The relativistic loss: each real score compared with one generated score."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores


class Relativistic(AdversarialLoss):
    """The relativistic standard GAN loss, RSGAN: real and fake compared in pairs, row i with row i.

    D: sp(-(real - fake))
    G: sp(-(fake - real))            with sp = softplus

    Example:

    ```python
    gan.compile(loss="relativistic", penalties=[keras_gans.penalties.R1(10.0)])
    scores = tf.constant([[3.0]])
    print(keras_gans.losses.Relativistic().discriminator(scores, scores).numpy())  # [[0.6931472]]; log 2, whatever the scores
    ```

    Reference:
        Jolicoeur-Martineau, The Relativistic Discriminator (2018), arXiv:1807.00734. Matches AlexiaJM/RelativisticGAN.
    """

    uses_real = True
    threshold = None  # only differences of scores count

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return ops.softplus(fake - real)

    def generator(self, real, fake):
        return self.discriminator(fake, real)
