"""The mutual information of images and the codes that they were made from: InfoGAN."""

import math

import tensorflow as tf

from keras_gans.losses.auxiliary.auxiliary_loss import AuxiliaryLoss
from keras_gans.utils.networks import output_of
from keras_gans.utils.numbers import check_finite_numbers

_CATEGORIES, _MEAN, _LOG_SCALE = "category_logits", "continuous_mean", "continuous_log_scale"
CODE_HEADS = _CATEGORIES, _MEAN  # a discriminator's outputs for categories and for continuous codes


class MutualInformation(AuxiliaryLoss):
    """The discriminator finds the code of a generated image, and the generator makes images that show it.

    D and G: -weight * I
    I = sum over categorical codes of (H(c) + log q(c|x)) + continuous * sum over continuous codes of (H(u) + log q(u|x))

    where x = G(z) and z has the codes c, u. I is a lower bound of the mutual information of code and image. A category's q is the
    softmax of its logits, H(c) = log k; a continuous code's is a Gaussian, of standard deviation 1 unless the discriminator gives
    one, and H(u) = log 2, that of U(-1, 1). A categorical code adds at most log k, 2.302585 for ten categories.

    Args:
        weight: Float or schedule. Default: 1.
        continuous: Float >= 0, the share of the continuous codes. Default: 1, that of the authors' code; the paper makes it
            smaller, so that both parts have the size of the adversarial loss.
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: if `continuous` is negative; from `compile`, unless the latents are `keras_gans.latents.Coded`, and the
            discriminator has an output for each code, as `keras_gans.networks.infogan.discriminator` has; beside a replay.

    Example:

    ```python
    gan = keras_gans.InfoGAN()
    gan.compile(auxiliary_losses=[keras_gans.losses.MutualInformation(continuous=0.1)])
    ```

    Reference:
        Chen et al., InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial Nets (2016),
        arXiv:1606.03657, equations 5 and 6; matches openai/InfoGAN (`infogan/algos/infogan_trainer.py`): both players minimize
        it, and what finds the codes is trained with the discriminator.
    """

    needs_origin = True

    def __init__(self, weight=1.0, continuous=1.0, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        check_finite_numbers(continuous=continuous)
        if continuous < 0:
            raise ValueError(f"`continuous` must not be negative. Received: continuous={continuous!r}")
        self.continuous = continuous

    def build_for(self, gan):
        if not hasattr(gan.latents, "categories"):
            raise ValueError(
                "MutualInformation finds the codes of keras_gans.latents.Coded. Received: a GAN with latents "
                f"{type(gan.latents).__name__}. Pass GAN(..., latents=keras_gans.latents.Coded(...))."
            )
        self.latents = gan.latents
        check_code_heads(gan.discriminator, gan.latents)

    def discriminator(self, minibatch):
        return -self.information(minibatch.latents, minibatch.fake_output)

    def generator(self, minibatch):
        return -self.information(minibatch.latents, minibatch.fake_output)

    def information(self, latents, output):
        """I for each example.

        Args:
            latents: Float tensor `(batch, width)`.
            output: Dict, the discriminator's output for the images made from these latents.

        Returns:
            Float32 tensor `(batch,)`.
        """
        codes, found = self.latents.split(tf.cast(latents, tf.float32)), tf.zeros(tf.shape(latents)[0])
        if self.latents.categories:
            logits = tf.split(tf.cast(output[_CATEGORIES], tf.float32), self.latents.categories, axis=-1)
            for code, own in zip(codes["categories"], logits, strict=True):
                found += math.log(own.shape[-1]) - tf.nn.softmax_cross_entropy_with_logits(code, own)
        if self.latents.continuous:
            log_scale = tf.cast(output.get(_LOG_SCALE, 0.0), tf.float32)
            errors = (codes["continuous"] - tf.cast(output[_MEAN], tf.float32)) * tf.exp(-log_scale)
            log_q = -0.5 * tf.square(errors) - log_scale - 0.5 * math.log(2 * math.pi)
            found += self.continuous * tf.reduce_sum(math.log(2) + log_q, axis=-1)
        return found


def check_code_heads(discriminator, latents):
    """Raises unless a discriminator has an output for the codes of `latents.Coded`."""
    output = output_of(discriminator)
    widths = {_CATEGORIES: sum(latents.categories), _MEAN: latents.continuous}
    shapes = {name: tuple(tensor.shape) for name, tensor in output.items()} if isinstance(output, dict) else {}
    missing = [f"{name} {(None, width)}" for name, width in widths.items() if width and shapes.get(name) != (None, width)]
    if missing:
        raise ValueError(
            f"The discriminator must return a dict with {' and '.join(missing)}, for the codes of the latents. Received: "
            f"{shapes or 'one tensor'}. keras_gans.networks.infogan.discriminator makes one."
        )
