"""The relativistic average loss: each score compared with the mean of the other kind."""

from keras import ops

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.adversarial_loss import check_scores
from keras_gans.utils.replicas import global_mean


class RelativisticAverage(AdversarialLoss):
    """The relativistic average standard GAN loss, RaSGAN: each score against the mean of the other kind.

    D: sp(-(real - mean fake)) + sp(fake - mean real)
    G: sp(real - mean fake) + sp(-(fake - mean real))       with sp = softplus

    Gradients flow through the means. They couple the batch: under `tf.distribute` they are taken over all replicas, and
    gradient accumulation is not exact.

    Example:

    ```python
    gan.compile(loss="relativistic_average")
    scores = tf.constant([[3.0]])
    print(keras_gans.losses.RelativisticAverage().generator(scores, scores).numpy())  # [[1.3862944]]; 2 log 2
    ```

    Reference:
        Jolicoeur-Martineau, The Relativistic Discriminator (2018), arXiv:1807.00734. TF-GAN's form; the author's code
        halves both.
    """

    uses_real = True
    threshold = None  # only differences of scores count

    def discriminator(self, real, fake):
        check_scores(real, fake)
        return ops.softplus(global_mean(fake) - real) + ops.softplus(fake - global_mean(real))

    def generator(self, real, fake):
        return self.discriminator(fake, real)
