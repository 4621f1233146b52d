"""The GAN with spectral normalization, on residual networks."""

import keras

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.models.paper import image_size
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.schedules import LinearDecay
from keras_gans.training.gan import GAN


class SNGAN(GAN):
    """Spectral normalization of a residual discriminator, with the hinge loss.

    Hinge loss, five discriminator steps a round, Adam(2e-4, beta_1=0, beta_2=0.9). The learning rate falls linearly to 0 over
    50,000 rounds; for images of 128x128 it is constant for 400,000 rounds, then falls to 0 over another 50,000.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.sngan`. `keras_gans.networks.sngan_cnn`
            has the paper's networks without residual blocks.
        image_shape: Tuple (size, size, channels), size 32, 48, 64 or 128. Default: (32, 32, 3).
        latents: Default: `Normal(128)`.
        ema, name: As in `GAN`.
        classes: None for unconditional networks; an int, the number of labels, for those of `ProjectionGAN`. Default: that of the
            network given, else None.

    Example:

    ```python
    gan = keras_gans.SNGAN(image_shape=(32, 32, 1))
    gan.compile()  # hinge, five discriminator steps
    gan.fit(keras_gans.data.load("mnist_5k", size=32), epochs=20)
    ```

    Differences: the authors' generator step takes a batch twice as large (128 and 64) and comes first in a round; they add
    uniform noise of 1/128 to the data. Their schedule for 48x48 and 64x64 is not published: that of 32x32 stands for it. After
    50,000 rounds (250,000 updates of the discriminator, whatever `discriminator_steps`) the learning rate is 0: pass optimizers
    for longer training.

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018), arXiv:1802.05957; matches
        pfnet-research/sngan_projection.
    """

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
        classes = paper_classes(classes, generator, discriminator, default=None)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(networks.sngan, *given, prior=Normal(), classes=classes)
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        steps = 5
        rounds = {"stop": 450_000, "start": 400_000} if image_size(self) == 128 else {"stop": 50_000}
        return {
            **super().recipe(),
            "generator_optimizer": _adam(rounds),
            "discriminator_optimizer": _adam({name: steps * count for name, count in rounds.items()}),
            "loss": "hinge",
            "discriminator_steps": steps,
        }


def _adam(updates):
    return keras.optimizers.Adam(LinearDecay(2e-4, **updates), beta_1=0.0, beta_2=0.9, epsilon=1e-8)
