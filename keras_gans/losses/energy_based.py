"""The loss of the energy-based GAN: a margin on energies, which are low for real data."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores
from keras_gans.utils.numbers import check_positive


class EnergyBased(AdversarialLoss):
    """The margin loss on energies, which are LOW for real data: reconstruction errors of an autoencoder, say.

    D: real + max(0, margin - fake)
    G: fake

    `keras_gans.networks.autoencoder_discriminator` turns an autoencoder into such a discriminator.

    Args:
        margin: Float > 0, in the units of the energy: it grows with the size of the images. The authors search around 10 for
            MNIST. Default: 10.

    Raises:
        ValueError: if `margin` is not positive.

    Example:

    ```python
    discriminator = keras_gans.networks.autoencoder_discriminator(autoencoder)
    gan = keras_gans.GAN(generator, discriminator)
    gan.compile(loss=keras_gans.losses.EnergyBased(margin=10.0))
    real, fake = tf.constant([[2.0]]), tf.constant([[7.0]])
    print(gan.adversarial_loss.discriminator(real, fake).numpy())  # [[5.]]
    ```

    Reference:
        Zhao, Mathieu, LeCun, Energy-based Generative Adversarial Network (2016), arXiv:1609.03126, equations 1 and 2. (Widely
        copied code takes one norm over the whole batch; here each example has its own hinge.)
    """

    threshold = None  # energies are low for real data

    def __init__(self, margin=10.0, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_positive(margin=margin)
        self.margin = margin

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return real + ops.relu(self.margin - fake)

    def generator(self, real, fake):
        return fake
