"""The pulling-away term of the energy-based GAN."""

import tensorflow as tf

from keras_gans.penalties.penalty import Penalty
from keras_gans.utils.replicas import gather


class PullingAway(Penalty):
    """Keeps the codes of generated examples at right angles.

    G: weight / (N (N - 1)) * sum over i != j of cos(S_i, S_j)^2

    S are the discriminator's features of the N generated examples, flattened: with `networks.autoencoder_discriminator`, the
    autoencoder's codes. N counts the whole batch, on all replicas.

    Args:
        weight: Float. Default: 0.1.
        features: String, the key of the codes in the discriminator's output. Default: "features".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: from `compile`, if the discriminator has no such output.

    Example:

    ```python
    discriminator = keras_gans.networks.autoencoder_discriminator(autoencoder)
    gan = keras_gans.GAN(generator, discriminator)
    gan.compile(loss="energy_based", penalties=[keras_gans.penalties.PullingAway(0.1)])
    ```

    Reference:
        Zhao, Mathieu, LeCun, Energy-based Generative Adversarial Network (2016), arXiv:1609.03126, equation 4. (Widely copied
        code leaves the square out, which rewards codes that point in opposite directions.)
    """

    couples_batch = True

    def __init__(self, weight=0.1, features="features", every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        self.features = features
        self.heads = (features,)

    def generator(self, minibatch):
        codes = gather(tf.cast(minibatch.fake_output[self.features], tf.float32))
        count = tf.shape(codes)[0]
        codes = tf.math.l2_normalize(tf.reshape(codes, (count, -1)), axis=1)
        cosines = tf.matmul(codes, codes, transpose_b=True)
        others = tf.square(tf.linalg.set_diag(cosines, tf.zeros(count)))
        pairs = tf.cast(count * (count - 1), tf.float32)
        return tf.reduce_sum(others) / tf.maximum(pairs, 1.0)
