"""Latents that an encoder finds again: the baseline of BiGAN."""

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss


class LatentRegression(AuxiliaryLoss):
    """An encoder finds the latents of generated images: the latent regressor.

    G: weight * mean over dimensions of (z - E(G(z)))^2

    Only the encoder minimizes it, or, of a joint regressor, the generator too: which of both is `LatentRegressor(joint=...)`.

    Args:
        weight: Float or schedule. Default: 1; 0.25 is that of the authors' joint regressor, where 1 is degenerate.
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: in training, of a GAN that does not encode what it generates.

    Example:

    ```python
    gan = keras_gans.LatentRegressor(joint=True)
    gan.compile(auxiliary_losses=[keras_gans.losses.LatentRegression(0.25)])
    ```

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782, section 4; jeffdonahue/bigan.
    """

    def generator(self, minibatch):
        if "latents_again" not in minibatch.outputs:
            raise ValueError(
                "LatentRegression is of GANs whose encoder sees what they generate. Received: a GAN of another kind. Train a "
                "keras_gans.LatentRegressor, or leave the loss out."
            )
        errors = tf.cast(minibatch.latents, tf.float32) - minibatch.outputs["latents_again"]
        return tf.reduce_mean(tf.square(errors), axis=-1)
