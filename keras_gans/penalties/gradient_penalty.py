"""The gradient penalty of WGAN-GP and WGAN-LP."""

import tensorflow as tf

from keras_gans.penalties.penalty import Penalty
from keras_gans.utils import random
from keras_gans.utils.choices import check_bools
from keras_gans.utils.gradients import safe_sqrt
from keras_gans.utils.numbers import check_finite_numbers


def deviation(squared_norms, target, one_sided):
    """(norm - target)^2, or max(0, norm - target)^2 if one-sided."""
    difference = safe_sqrt(squared_norms) - target
    return tf.square(tf.maximum(difference, 0.0) if one_sided else difference)


class GradientPenalty(Penalty):
    """Keeps the norm of the critic's gradient near a target, on the lines between real and generated images.

    D: weight * (||grad D(x)|| - target)^2          x = real + u * (fake - real),  u ~ U[0, 1), one u an example

    The norm is L2 over all axes of an image. It is never divided by target^2 (ProGAN's code does: pass weight / target^2).
    A conditional discriminator sees the condition of the real image. Of pairs, as BiGAN's, both halves lie between those of the
    real and of the generated pair, with one u, and the norm is over both.

    Args:
        weight: Float. Default: 10.
        target: Float, the wanted norm. Default: 1.
        one_sided: Bool. True is WGAN-LP: max(0, norm - target)^2. Default: False.
        every: Int, see `Term`. Default: 1.

    Raises:
        ValueError: if `target` is not a finite number.

    Example:

    ```python
    gan.compile(loss="wasserstein", penalties=[keras_gans.penalties.GradientPenalty(10.0)], discriminator_steps=5)
    print(list(gan.penalties))  # ['gradient_penalty']; the logs have d_gradient_penalty
    ```

    Reference:
        Gulrajani et al., Improved Training of Wasserstein GANs (2017), arXiv:1704.00028, Algorithm 1, matches
        igul222/improved_wgan_training; one-sided: Petzka, Fischer, Lukovnicov, On the Regularization of Wasserstein GANs
        (2017), arXiv:1709.08894. Of pairs as fmu2/Wasserstein-BiGAN (`util.py`).
    """

    input_gradients = True

    def __init__(self, weight=10.0, target=1.0, one_sided=False, every=1, name=None, **kwargs):
        check_bools(one_sided=one_sided)
        super().__init__(weight, every, name, **kwargs)
        check_finite_numbers(target=target)
        self.target = target
        self.one_sided = one_sided

    def discriminator(self, minibatch):
        u = random.uniform([tf.shape(minibatch.real)[0]], minibatch.seed_for(self.name))

        def between(real, fake):
            return real + tf.reshape(u, [-1] + [1] * (len(real.shape) - 1)) * (fake - real)

        points, condition = between(minibatch.real, minibatch.fake), minibatch.real_condition
        if minibatch.of_pairs:
            condition = between(condition, minibatch.fake_condition)
        return deviation(minibatch.gradient_squared_norms(points, condition), self.target, self.one_sided)
