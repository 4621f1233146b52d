"""The self-attention GAN."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.models.paper import hinge_recipe
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.training.gan import GAN


class SAGAN(GAN):
    """The self-attention GAN: attention and spectral normalization in both players, and two learning rates.

    Hinge loss, one step each, alternating; Adam with learning rate 1e-4 for the generator and 4e-4 for the discriminator,
    beta_1=0, beta_2=0.999. The paper's batch size is 256.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.sagan`.
        image_shape: Tuple (size, size, channels). Default: (128, 128, 3).
        latents: Default: `Normal(128)`.
        ema: As in `GAN`.
        classes: Int, number of labels. Default: that of the network given, else 1000.
        name: String.

    Example:

    ```python
    gan = keras_gans.SAGAN(
        keras_gans.networks.sagan.generator((32, 32, 1), classes=10, channels=16),
        keras_gans.networks.sagan.discriminator((32, 32, 1), classes=10, channels=16),
    )
    gan.compile()
    gan.fit(keras_gans.data.load("mnist_5k", size=32), epochs=20)
    ```

    Differences: beta_2 is that of the authors' code; the paper says 0.9. Generated images have the labels of the batch of real
    ones, where the authors draw labels uniformly.

    Reference:
        Zhang et al., Self-Attention Generative Adversarial Networks (2018), arXiv:1805.08318; matches
        brain-research/self-attention-gan.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(128, 128, 3),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        classes = paper_classes(classes, generator, discriminator, default=1000)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(networks.sagan, *given, prior=Normal(), classes=classes)
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        return {**super().recipe(), **hinge_recipe(1e-4, 4e-4, 1), "update_rule": "alternating"}
