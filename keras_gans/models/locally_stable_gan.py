"""The locally stable GAN of Nagarajan and Kolter."""

from keras_gans.models.paper import saddle_recipe
from keras_gans.training.functional import functional_scope
from keras_gans.training.gan import GAN
from keras_gans.utils.gradients import squared_norm
from keras_gans.utils.numbers import check_not_negative


class LocallyStableGAN(GAN):
    """The generator also minimizes the gradient that it leaves the discriminator.

    G: L_G + stability_weight * ||d L_D / d theta_D||^2      squared norm over all of the discriminator's variables
    D: L_D, unchanged

    A generator's improvement that the discriminator could undo at once costs something. The term is logged as
    `g_local_stability`. L_D is the discriminator's whole objective, all terms included. The default loss is the zero-sum
    game `losses.Saddle("minimax")`, so that L_D = -V as in the paper.

    Args:
        generator, discriminator, latents, ema, classes, name: As in `GAN`.
        stability_weight: Float >= 0, the paper's eta. Default: 0.5.

    Raises:
        ValueError: if `stability_weight` is negative; from `compile`, for lazy terms, whose gradient would be squared with
            their factor.

    Example:

    ```python
    gan = keras_gans.LocallyStableGAN(generator, discriminator, stability_weight=0.5)
    gan.compile()  # Saddle("minimax"), Adam(1e-4, beta_1=0.5), alternating
    gan.fit(dataset, epochs=20)  # logs g_local_stability
    ```

    Reference:
        Nagarajan, Kolter, Gradient descent GAN optimization is locally stable (2017), arXiv:1706.04156, equation 7; matches
        locuslab/gradient_regularized_gan: eta 0.5, Adam(1e-4, beta_1=0.5), the discriminator's step before the generator's.
    """

    lazy_terms = False
    extra_terms = {"generator": ("local_stability",)}

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, classes=None, stability_weight=0.5, name=None):
        check_not_negative(stability_weight=stability_weight)
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.stability_weight = stability_weight

    def recipe(self):
        return {**super().recipe(), **saddle_recipe()}

    def objective(self, player, minibatch):
        terms = super().objective(player, minibatch)
        if player == "generator":
            # Another pass of the discriminator, inside a tape; what it would do to batch statistics is forgotten.
            with functional_scope(self.variables_of("discriminator")):
                gradients = self.functional_gradients("discriminator", minibatch.rerun())
            terms["local_stability"] = self.stability_weight * squared_norm(gradients)
        return terms
