"""Unrolled GANs: the generator looks ahead at the discriminator's next steps."""

from keras_gans.models.paper import saddle_recipe
from keras_gans.training.functional import functional_scope
from keras_gans.training.functional import functional_step
from keras_gans.training.gan import GAN
from keras_gans.utils.integers import check_ints


class UnrolledGAN(GAN):
    """The generator minimizes what its loss will be after the discriminator's next K steps.

    theta_D^0 = theta_D
    theta_D^(k+1) = theta_D^k - optimizer step on d L_D(theta_G, theta_D^k) / d theta_D^k      k < K
    G: L_G(theta_G, theta_D^K), differentiated through all K steps
    D: one ordinary step from theta_D; the unrolled values are forgotten

    The unrolled steps are those of the discriminator's own optimizer (any of Keras'; its moments, schedule, clipping and
    constraints included) on its whole objective, all terms included, with the same real data and latents. The default loss
    is the zero-sum game `losses.Saddle("minimax")`, as the paper's: the generator minimizes the whole value function, its
    real term included. Another loss plays its own generator's half against the unrolled discriminator. K = 0 is the plain
    game.

    A step costs about K + 1 discriminator steps forwards and twice that backwards; memory grows with K.

    Args:
        generator, discriminator, latents, ema, classes, name: As in `GAN`.
        unroll_steps: Int K >= 0. Default: 10.

    Raises:
        ValueError: if `unroll_steps` is not an int >= 0.

    Example:

    ```python
    gan = keras_gans.UnrolledGAN(generator, discriminator, unroll_steps=2)
    gan.compile()  # Saddle("minimax"), Adam(1e-4, beta_1=0.5), alternating
    gan.fit(dataset, epochs=20)
    ```

    Differences: batch statistics and power iterations evolve through the unrolled steps and are forgotten with them; so is the
    state of random layers: the discriminator's next own step draws the numbers of the first unrolled one. Evaluation is not
    unrolled. Loss scales and gradient accumulation of the optimizer are left out of the unrolled steps.

    Reference:
        Metz, Poole, Pfau, Sohl-Dickstein, Unrolled Generative Adversarial Networks (2016), arXiv:1611.02163, equations 7 to
        11 and appendix A. (poolio/unrolled_gan, the authors' notebook, updates simultaneously.)
    """

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, classes=None, unroll_steps=10, name=None):
        check_ints(0, unroll_steps=unroll_steps)
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.unroll_steps = unroll_steps

    def recipe(self):
        return {**super().recipe(), **saddle_recipe()}

    def objective(self, player, minibatch):
        if player == "discriminator" or not minibatch.training or not self.unroll_steps:
            return super().objective(player, minibatch)
        with functional_scope(self.variables_of("discriminator")):
            for _ in range(self.unroll_steps):
                self._step_ahead(minibatch.rerun())
            return super().objective("generator", minibatch.rerun())

    def _step_ahead(self, minibatch):
        """The discriminator's next step, inside a functional scope."""
        gradients = self.functional_gradients("discriminator", minibatch)
        functional_step(self.optimizers["discriminator"], gradients, self.variables_of("discriminator"))
        self.after_update("discriminator", minibatch)
