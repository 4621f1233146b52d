"""DCGAN, with the networks and the recipe of the 2015 paper."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_networks
from keras_gans.training.gan import GAN


class DCGAN(GAN):
    """DCGAN, with the networks and the recipe of the paper: non-saturating loss, Adam(2e-4, beta_1=0.5), one step each.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.dcgan`.
        image_shape: Tuple (size, size, channels), size one of 28, 32, 64, 128. Default: (64, 64, 3).
        latents: Default: `Normal(100)`.
        ema, classes, name: As in `GAN`.

    Example:

    ```python
    gan = keras_gans.DCGAN(image_shape=(28, 28, 1))
    gan.compile()
    gan.fit(keras_gans.data.load("mnist_5k", batch_size=128), epochs=20)
    print(gan.generate(16).shape)  # (16, 28, 28, 1)
    ```

    Differences: latents are normal, as in the authors' Lua code, not uniform as in the paper; Adam's epsilon is 1e-8, added
    by Keras to the square root that is not bias-corrected.

    Reference:
        Radford, Metz, Chintala, Unsupervised Representation Learning with Deep Convolutional GANs (2015), arXiv:1511.06434,
        section 4; matches soumith/dcgan.torch.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(64, 64, 3),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(networks.dcgan, *given, prior=Normal())
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, epsilon=1e-8),
        }
