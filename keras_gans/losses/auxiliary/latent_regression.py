"""Latents that an encoder finds again: the baseline of BiGAN."""

import math

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.choices import check_choice
from keras_gans.utils.networks import bounds_of
from keras_gans.utils.networks import output_of

_FORMS = ("squared", "cross_entropy")
_LARGEST = 1.0 - 2.0**-24  # the float32 number before 1


class LatentRegression(AuxiliaryLoss):
    """An encoder finds the latents of generated images: the latent regressor.

    With codes e = E(G(z)),

    squared:          G: weight * mean over dimensions of (z - e)^2 / 2
    cross_entropy:    G: weight * mean over dimensions of -(p log q + (1 - p) log(1 - q)),
                         p = (z - low) / (high - low),   q = (e - low) / (high - low)

    Only the encoder minimizes it, or in a joint regressor also the generator: see `LatentRegressor(joint=...)`.

    The cross-entropy needs `Uniform` latents in [low, high), and an encoder that ends in a tanh or a sigmoid, so that its codes
    are in the same range. With respect to logits l, q = sigmoid(l), the gradient is q - p: it does not vanish where the sigmoid
    is flat.

    It is computed of u = 2q - 1, by log1p(u) and log1p(-u), as accurately as float32 tells u from 1. At the ends, |u| counts as 1
    - 2^-24: a code costs at most log(2^25) = 17.3, and has no gradient there. Codes of half precision reach the ends early, so
    let the encoder's last layer be float32. Perfect codes cost 1/2, the mean entropy of p, not 0.

    Args:
        weight: Float or schedule. Default: 1. That of the authors' joint regressor is 0.25, found for the cross-entropy, with
            which 1 is degenerate.
        form: "squared" or "cross_entropy". Default: "squared", for any latents. The gradients of both are equal at e = 0 for
            U(-1, 1); elsewhere that of the cross-entropy is 1 / (1 - e^2) times as large.
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: for another `form`; from `compile`, if the cross-entropy does not fit the latents or the encoder; in training,
            if the GAN does not encode generated images.

    Example:

    ```python
    gan = keras_gans.LatentRegressor(joint=True)
    gan.compile(auxiliary_losses=[keras_gans.losses.LatentRegression(0.25, form="cross_entropy")])
    ```

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782, section 4; matches jeffdonahue/bigan
        with `--encode_normalize` (`dist.py`, `recon_error`): the cross-entropy for its prior "u", the squared error for "g".
    """

    def __init__(self, weight=1.0, form="squared", every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        check_choice(_FORMS, form=form)
        self.form = form

    def build_for(self, gan):
        if self.form == "squared":
            return
        if not (hasattr(gan.latents, "low") and hasattr(gan.latents, "high")):
            raise ValueError(
                "The cross-entropy of LatentRegression needs uniform latents. Received: latents "
                f'{type(gan.latents).__name__}. Use form="squared", or latents=keras_gans.latents.Uniform(...).'
            )
        self.low, self.high = gan.latents.low, gan.latents.high
        low, high = _bounds_of_codes(gan.encoder) if hasattr(gan, "encoder") else (self.low, self.high)
        if low < self.low or high > self.high:
            raise ValueError(
                f"The cross-entropy of LatentRegression takes codes in [{self.low}, {self.high}], the range of the latents. "
                f"Received: an encoder of codes in [{low}, {high}]. Let it end in layers.Activation("
                '"tanh", dtype="float32"), for latents in [-1, 1], or use LatentRegression(form="squared").'
            )

    def generator(self, minibatch):
        if "latents_again" not in minibatch.outputs:
            raise ValueError(
                "LatentRegression needs a GAN whose encoder sees generated images. Received: one without. Train a "
                "keras_gans.LatentRegressor, or leave the loss out."
            )
        latents, codes = tf.cast(minibatch.latents, tf.float32), minibatch.outputs["latents_again"]
        values = 0.5 * tf.square(latents - codes) if self.form == "squared" else self._cross_entropy(latents, codes)
        return tf.reduce_mean(values, axis=-1)

    def _cross_entropy(self, latents, codes):
        span = self.high - self.low
        p = (latents - self.low) / span
        u = tf.clip_by_value((2.0 * codes - (self.low + self.high)) / span, -_LARGEST, _LARGEST)
        return math.log(2.0) - p * tf.math.log1p(u) - (1.0 - p) * tf.math.log1p(-u)


def _bounds_of_codes(encoder):
    """The least and the greatest latent that an encoder may give in training; infinite where it draws from a Gaussian."""
    output = output_of(encoder)
    output = output if isinstance(output, dict) else {"latents": output}
    return bounds_of(output["latents"]) if "latents" in output else (-math.inf, math.inf)
