"""Reconstructions that look to the discriminator like their originals: VAE/GAN's likelihood."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss


class FeatureReconstruction(AuxiliaryLoss):
    """Compares an image and its reconstruction by the features that the discriminator gives of both.

    G: weight * 1/2 sum over features of (f(x) - f(x~))^2       x~ the reconstruction of x

    which is, but for a constant, minus the log likelihood of f(x) under a Gaussian of mean f(x~) and variance 1. The
    discriminator does not minimize it. The minibatch has x~ among its `outputs`, as `reconstruction`.

    Args:
        weight: Float or schedule. Default: 1.
        features: String, the key of the features in the discriminator's output. Default: "features".
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: from `compile`, if the discriminator has no such output; in training, if the GAN makes no reconstructions.

    Example:

    ```python
    gan = keras_gans.VAEGAN(image_shape=(32, 32, 3))
    gan.compile(auxiliary_losses=[keras_gans.losses.FeatureReconstruction(), keras_gans.losses.GaussianKL(1.0, "sum")])
    ```

    Reference:
        Larsen, Sønderby, Larochelle, Winther, Autoencoding beyond pixels using a learned similarity metric (2015),
        arXiv:1512.09300, equation 7; matches andersbll/autoencoding_beyond_pixels.
    """

    def __init__(self, weight=1.0, features="features", every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        self.features = features
        self.heads = (features,)

    def generator(self, minibatch):
        if "reconstruction" not in minibatch.outputs:
            raise ValueError(
                "FeatureReconstruction needs a GAN that reconstructs images. Received: one that does not. Train a "
                "keras_gans.VAEGAN, or leave the loss out."
            )
        again = minibatch.discriminate(minibatch.outputs["reconstruction"])[self.features]
        difference = tf.cast(minibatch.real_output[self.features], tf.float32) - tf.cast(again, tf.float32)
        return 0.5 * tf.reduce_sum(tf.square(difference), axis=range(1, len(difference.shape)))
