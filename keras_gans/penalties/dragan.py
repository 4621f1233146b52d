"""DRAGAN's gradient penalty around real images."""

import tensorflow as tf

from keras_gans.penalties.gradient_penalty import deviation
from keras_gans.penalties.penalty import Penalty
from keras_gans.utils import random
from keras_gans.utils.gradients import input_gradient_squared_norms
from keras_gans.utils.replicas import cross_replica_mean


class DRAGAN(Penalty):
    """Keeps the norm of the discriminator's gradient near a target, on noisy real images.

    D: weight * (||grad D(real + delta)|| - target)^2

    noise="normal":  delta ~ N(0, scale^2 I)        the paper's form
    noise="uniform": delta ~ U[0, scale * s) per pixel, then shortened by one factor ~ U[0, 1) an example, where s is the
                     standard deviation of the whole batch: what the authors' code does, with scale=0.5

    Args:
        weight: Float. Default: 10.
        target: Float, the wanted norm, the paper's k. Default: 1.
        noise: "normal" or "uniform". Default: "normal".
        scale: Float > 0. Default: 10 ** 0.5, the paper's variance c = 10, for "normal"; 0.5 for "uniform".
        every: Int, see `Penalty`. Default: 1.

    Raises:
        ValueError: if `noise` is something else, or `scale` is not positive.

    Reference:
        Kodali et al., On Convergence and Stability of GANs (2017), arXiv:1705.07215; kodalinaveen3/DRAGAN for "uniform".
    """

    input_gradients = True

    def __init__(self, weight=10.0, target=1.0, noise="normal", scale=None, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        if noise not in ("normal", "uniform"):
            raise ValueError(f'`noise` must be "normal" or "uniform". Received: noise={noise!r}')
        if scale is not None and not scale > 0:
            raise ValueError(f"`scale` must be positive. Received: scale={scale}")
        self.target = target
        self.noise = noise
        self.scale = scale if scale is not None else {"normal": 10**0.5, "uniform": 0.5}[noise]

    def discriminator(self, minibatch):
        points = minibatch.real + self.perturbation(minibatch.real, minibatch.seed_for(self.name))
        return deviation(input_gradient_squared_norms(minibatch.discriminate, points), self.target, one_sided=False)

    def perturbation(self, real, seed):
        if self.noise == "normal":
            return self.scale * random.normal(tf.shape(real), seed)
        per_example = [tf.shape(real)[0]] + [1] * (len(real.shape) - 1)
        shorten = random.uniform(per_example, random.fold_in(seed, 0))
        mean = cross_replica_mean(tf.reduce_mean(real))
        spread = tf.sqrt(cross_replica_mean(tf.reduce_mean(tf.square(real - mean))))
        return shorten * self.scale * spread * random.uniform(tf.shape(real), random.fold_in(seed, 1))
