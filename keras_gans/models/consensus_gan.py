"""Consensus optimization, of The Numerics of GANs."""

import keras
import tensorflow as tf

from keras_gans.training.gan import GAN
from keras_gans.training.players import PLAYERS
from keras_gans.utils.gradients import mean_gradients
from keras_gans.utils.gradients import squared_norm
from keras_gans.utils.numbers import check_not_negative


class ConsensusGAN(GAN):
    """Both players also minimize the length of the vector field that they move along.

    v = (d L_G / d theta_G, d L_D / d theta_D)
    G, D: L_G, L_D + consensus_weight / 2 * ||v||^2      squared norm over all variables of both players

    Both are updated at once, from one minibatch: the field turns players around a stationary point, the extra term pulls them
    towards it. (It pulls towards any stationary point, if it is large.) It is logged as `d_consensus` and `g_consensus`, one
    value. L_G and L_D are the whole objectives, all terms included.

    Args:
        generator, discriminator, latents, ema, classes, name: As in `GAN`.
        consensus_weight: Float >= 0, the paper's gamma; twice the lambda of a form without the 1/2. Default: 10.

    Raises:
        ValueError: if `consensus_weight` is negative; from `compile`, for any but one simultaneous step of each player, and
            for lazy terms, whose gradient would be squared with their factor.

    Example:

    ```python
    gan = keras_gans.ConsensusGAN(generator, discriminator, consensus_weight=10.0)
    gan.compile()  # RMSprop(1e-4) for both players, simultaneous
    gan.fit(dataset, epochs=20)  # logs g_consensus and d_consensus
    ```

    Differences: the authors' one RMSprop(1e-4) over both networks is one for each player here, which is the same rule.

    Reference:
        Mescheder, Nowozin, Geiger, The Numerics of GANs (2017), arXiv:1705.10461, Algorithm 2; matches
        LMescheder/TheNumericsOfGANs. (The authors' later DiracGAN notebook has half of one of the gradient's terms.)
    """

    update_rules = ("simultaneous",)
    lazy_terms = False
    extra_terms = {"generator": ("consensus",), "discriminator": ("consensus",)}

    def __init__(
        self, generator=None, discriminator=None, latents=None, ema=None, classes=None, consensus_weight=10.0, name=None
    ):
        check_not_negative(consensus_weight=consensus_weight)
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.consensus_weight = consensus_weight

    def recipe(self):
        return {
            **super().recipe(),
            "generator_optimizer": _rmsprop(),
            "discriminator_optimizer": _rmsprop(),
            "update_rule": "simultaneous",
        }

    def joint_objectives(self, real, condition, seed, training=True):
        with tf.GradientTape(persistent=True) as tape:
            minibatch, terms = super().joint_objectives(real, condition, seed, training)
        field = []
        for player in PLAYERS:
            field += mean_gradients(tape, list(terms[player].values()), self.variables_of(player))
        consensus = 0.5 * self.consensus_weight * squared_norm(field)
        return minibatch, {player: {**terms[player], "consensus": consensus} for player in PLAYERS}


def _rmsprop():
    return keras.optimizers.RMSprop(1e-4, rho=0.9, epsilon=1e-10)
