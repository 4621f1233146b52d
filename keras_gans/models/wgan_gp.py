"""The Wasserstein GAN with gradient penalty, on residual networks."""

import keras

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.models.paper import paper_networks
from keras_gans.penalties import GradientPenalty
from keras_gans.training.gan import GAN


class WGANGP(GAN):
    """The Wasserstein GAN with gradient penalty, on the residual networks for 32x32 images, with the recipe for CIFAR-10.

    Wasserstein loss, gradient penalty of weight 10, five critic steps a round, Adam(2e-4, beta_1=0, beta_2=0.9) whose
    learning rate falls linearly to 0 over 100,000 rounds.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.wgan_gp`. The critic must not use
            batch normalization.
        image_shape: Tuple (32, 32, channels). Default: (32, 32, 3).
        latents: Default: `Normal(128)`.
        ema, classes, name: As in `GAN`.

    Example:

    ```python
    gan = keras_gans.WGANGP(image_shape=(32, 32, 1))
    gan.compile()  # the Wasserstein loss, GradientPenalty(10.0), five critic steps
    gan.fit(keras_gans.data.load("mnist_5k", size=32), epochs=20)
    ```

    Differences: the authors' generator step takes a batch twice as large; they start with a generator step, and add
    uniform noise of 1/128 to the data. After 100,000 rounds
    (500,000 updates of the critic, whatever `discriminator_steps`) the learning rate is 0: pass optimizers for longer training.

    Reference:
        Gulrajani et al., Improved Training of Wasserstein GANs (2017), arXiv:1704.00028; matches
        igul222/improved_wgan_training, gan_cifar_resnet.py.
    """

    rounds = 100_000

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(32, 32, 3),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(networks.wgan_gp, *given, prior=Normal())
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        steps = 5
        return {
            **super().recipe(),
            "generator_optimizer": _adam(self.rounds),
            "discriminator_optimizer": _adam(self.rounds * steps),
            "loss": "wasserstein",
            "penalties": [GradientPenalty(10.0)],
            "discriminator_steps": steps,
        }


def _adam(updates):
    schedule = keras.optimizers.schedules.PolynomialDecay(2e-4, updates, end_learning_rate=0.0)
    return keras.optimizers.Adam(schedule, beta_1=0.0, beta_2=0.9, epsilon=1e-8)
