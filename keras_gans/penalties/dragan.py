"""DRAGAN's gradient penalty around real images."""

import tensorflow as tf

from keras_gans.penalties.gradient_penalty import deviation
from keras_gans.penalties.penalty import Penalty
from keras_gans.utils import random
from keras_gans.utils.choices import check_choice
from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.replicas import global_mean

_SCALES = {"normal": 10**0.5, "uniform": 0.5, "symmetric": 0.5, "centered": 1.0}


class DRAGAN(Penalty):
    """Keeps the norm of the discriminator's gradient near a target, on noisy real images.

    D: weight * (||grad D(real + delta)|| - target)^2          form="squared", the paper
    D: weight * max(0, ||grad D(real + delta)||^2 - target)    form="hinge", an early version and the lectures

    With s the standard deviation of the whole batch and U uniform in [0, 1), one a pixel:

    noise="normal":    delta ~ N(0, scale^2 I)                 the paper
    noise="uniform":   delta = u * scale * s * U, one u ~ U[0, 1) an example: the authors' code, with scale=0.5
    noise="symmetric": delta = u * scale * s * (2 U - 1): other ports of it
    noise="centered":  delta = scale * s * (U - 1/2): google/compare_gan, which also clips the images

    Of pairs, as BiGAN's, the latents get noise too, each half with its own s, and the norm is over both.

    Args:
        weight: Float. Default: 10.
        target: Float, the wanted norm, the paper's k. Default: 1.
        noise: "normal", "uniform", "symmetric" or "centered". Default: "normal".
        scale: Float > 0. Default: 10 ** 0.5, the paper's variance c = 10, for "normal"; 1 for "centered"; else 0.5.
        form: "squared" or "hinge". Default: "squared".
        clip: Pair of floats that noisy images are clipped to, such as (-1, 1). Default: none.
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: if `noise` or `form` is something else, or `scale` is not positive; if `target`, `scale` or `clip` has a
            number that is not finite, or `clip` is not a pair (low, high).

    Example:

    ```python
    gan.compile(penalties=[keras_gans.penalties.DRAGAN(noise="uniform")])
    print(list(gan.penalties))  # ['dragan']; the logs have d_dragan
    ```

    Reference:
        Kodali et al., On Convergence and Stability of GANs (2017), arXiv:1705.07215; kodalinaveen3/DRAGAN for "uniform".
    """

    input_gradients = True

    @property
    def couples_batch(self):
        return self.noise != "normal"

    def __init__(
        self, weight=10.0, target=1.0, noise="normal", scale=None, form="squared", clip=None, every=1, name=None, **kwargs
    ):
        super().__init__(weight, every, name, **kwargs)
        check_choice(_SCALES, noise=noise)
        if form not in ("squared", "hinge"):
            raise ValueError(f'`form` must be "squared" or "hinge". Received: form={form!r}')
        check_finite_numbers(target=target, scale=1.0 if scale is None else scale)
        if scale is not None and not scale > 0:
            raise ValueError(f"`scale` must be positive. Received: scale={scale!r}")
        if clip is not None:
            _check_interval(clip)
        self.target = target
        self.noise = noise
        self.scale = scale if scale is not None else _SCALES[noise]
        self.form = form
        self.clip = clip

    def discriminator(self, minibatch):
        seed = minibatch.seed_for(self.name)
        points = minibatch.real + self.perturbation(minibatch.real, seed)
        if self.clip is not None:
            points = tf.clip_by_value(points, *self.clip)
        condition = minibatch.real_condition
        if minibatch.of_pairs:
            condition += self.perturbation(condition, random.fold_in(seed, "condition"))
        squares = minibatch.gradient_squared_norms(points, condition)
        if self.form == "hinge":
            return tf.maximum(squares - self.target, 0.0)
        return deviation(squares, self.target, one_sided=False)

    def perturbation(self, real, seed):
        if self.noise == "normal":
            return self.scale * random.normal(tf.shape(real), seed)
        low, high = {"uniform": (0.0, 1.0), "symmetric": (-1.0, 1.0), "centered": (-0.5, 0.5)}[self.noise]
        noise = low + (high - low) * random.uniform(tf.shape(real), random.fold_in(seed, 1))
        mean = global_mean(real)
        noise *= self.scale * tf.sqrt(global_mean(tf.square(real - mean)))
        if self.noise == "centered":
            return noise
        per_example = [tf.shape(real)[0]] + [1] * (len(real.shape) - 1)
        return noise * random.uniform(per_example, random.fold_in(seed, 0))


def _check_interval(clip):
    if not isinstance(clip, (tuple, list)) or len(clip) != 2:
        raise ValueError(f"`clip` must be a pair (low, high), such as (-1, 1). Received: clip={clip!r}")
    check_finite_numbers(**{"clip[0]": clip[0], "clip[1]": clip[1]})
    if not clip[0] < clip[1]:
        raise ValueError(f"`clip` must be a pair (low, high) with low below high. Received: clip={clip!r}")
