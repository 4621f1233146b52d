"""The saturating loss of 2014."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores


class Minimax(AdversarialLoss):
    """The zero-sum loss of the first GAN. With sp = softplus:

    D: sp(-real) + sp(fake)          = -log sigmoid(real) - log(1 - sigmoid(fake))
    G: -sp(fake)                     = log(1 - sigmoid(fake))

    The generator's gradient vanishes where the discriminator is sure of itself; `NonSaturating` is what the paper trains.

    Example:

    ```python
    gan.compile(loss="minimax")
    undecided = tf.constant([[0.0]])
    print(keras_gans.losses.Minimax().generator(None, undecided).numpy())  # [[-0.6931472]]; log 1/2
    ```

    Reference:
        Goodfellow et al., Generative Adversarial Networks (2014), arXiv:1406.2661, equation 1.
    """

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return ops.softplus(-real) + ops.softplus(fake)

    def generator(self, real, fake):
        return -ops.softplus(fake)
