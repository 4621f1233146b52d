"""The standard normal prior, with both truncations that are published under that name."""

import tensorflow as tf

from keras_gans.latents.latents import Latents
from keras_gans.utils import random
from keras_gans.utils.choices import check_choice
from keras_gans.utils.numbers import check_finite_numbers

_FORMS = {"scaling": "t * TN(-2, 2)", "resampling": "TN(-t, t)"}


class Normal(Latents):
    """Standard normal latents.

    z ~ N(0, I)             with `truncation=None`, as in training
    z ~ t * TN(-2, 2)       with `truncation=t` and "scaling": normal values redrawn until they lie in [-2, 2], times t
    z ~ TN(-t, t)           with `truncation=t` and "resampling": normal values redrawn until they lie in [-t, t]

    With None there is no truncation, for networks that truncate something else, such as StyleGAN's styles.

    Two distributions are published as truncation, and the same number means different ones. "scaling" is what the published
    BigGAN modules expect; "resampling" is the BigGAN paper's, with t its threshold. At t = 0.5 their standard deviations are
    0.4398 and 0.2839. t = 0 gives zeros in both. A generator with an input called "truncation" goes with "scaling"
    alone, for which its statistics are made. A negative value means None; a served model, which cannot be sent None, uses
    that.

    Args:
        shape: Int or tuple, the shape of one latent. Default: 100.
        truncate_by: "scaling", "resampling", or None. Default: "scaling".
        default_truncation: Float >= 0, the truncation that `truncation=None`, or a negative one, stands for: 1 for the published
            BigGAN modules, which are sampled from TN(-2, 2) unless told otherwise. Default: none, N(0, I).

    Raises:
        ValueError: if `truncate_by` is none of these, or the default truncation is negative, or there is no truncation for it.

    Example:

    ```python
    prior = keras_gans.latents.Normal(100)
    z = prior.sample(64, seed=(0, 1), truncation=0.5)
    print(z.shape, bool(tf.reduce_all(tf.abs(z) <= 1.0)))  # (64, 100) True
    paper = keras_gans.latents.Normal(100, truncate_by="resampling")
    print(bool(tf.reduce_all(tf.abs(paper.sample(64, seed=(0, 1), truncation=0.5)) <= 0.5)))  # True
    ```

    Reference:
        Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018),
        arXiv:1809.11096, section 3.1 ("resampling"); the deepmind/biggan modules on TF Hub ("scaling").

    Differences: "resampling" draws once, by the inverse of the distribution function.
    """

    truncatable = True

    def __init__(self, shape=100, truncate_by="scaling", default_truncation=None):
        super().__init__(shape)
        check_choice((*_FORMS, None), truncate_by=truncate_by)
        if default_truncation is not None:
            if truncate_by is None:
                raise ValueError(
                    "With truncate_by=None nothing is truncated, so there is no default. Received: default_truncation="
                    f"{default_truncation}. Leave it out."
                )
            check_finite_numbers(default_truncation=default_truncation)
            if default_truncation < 0:
                raise ValueError(f"`default_truncation` must be >= 0. Received: default_truncation={default_truncation!r}")
        self.truncate_by = truncate_by
        self.default_truncation = default_truncation
        self.truncatable = truncate_by is not None
        self.truncation_form = _FORMS.get(truncate_by)

    def sample(self, batch_size, seed, truncation=None):
        if truncation is not None and not self.truncatable:
            raise ValueError(f"This prior has no truncation. Received: truncation={truncation!r}. Leave it out.")
        shape, default = (batch_size, *self.shape), self.default_truncation
        truncation = default if truncation is None else truncation
        if truncation is None:
            return random.normal(shape, seed)
        truncation = tf.cast(truncation, tf.float32)
        if default is not None:
            return self._truncated(shape, seed, tf.where(truncation < 0, tf.cast(default, tf.float32), truncation))
        return tf.cond(truncation < 0, lambda: random.normal(shape, seed), lambda: self._truncated(shape, seed, truncation))

    def _truncated(self, shape, seed, truncation):
        if self.truncate_by == "resampling":
            return random.resampled_normal(shape, seed, truncation)
        return truncation * random.truncated_normal(shape, seed)
