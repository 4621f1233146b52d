"""BigGAN-deep."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.models.paper import hinge_recipe
from keras_gans.models.paper import image_size
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.models.paper import published_average
from keras_gans.regularizers import Orthogonal
from keras_gans.training.gan import GAN


class BigGANDeep(GAN):
    """BigGAN-deep: bottleneck blocks, four times as many layers, half as many parameters.

    The recipe is that of `BigGAN`: hinge loss, two discriminator steps, orthogonal start and regularization; Adam with learning
    rates 5e-5 and 2e-4 for 128x128, 2.5e-5 for both players above. All latents reach every block.

    A generator with released weights (`keras_gans.networks.biggan_deep.from_pretrained`) can be trained further: its third
    input, the truncation, is 1 in training.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.biggan_deep`.
        image_shape: Tuple (size, size, channels), size 128, 256 or 512. Default: (128, 128, 3).
        latents: Default: `Normal(128)`.
        ema: As in `GAN`; None for none. Default: "published", `EMA(0.9999, start=20_000)`.
        classes: Int, number of labels. Default: that of the network given, else 1000.
        channels: Int, the unit of the networks' widths. Default: 128.
        name: String.

    Example:

    ```python
    gan = keras_gans.BigGANDeep(classes=10, channels=4, ema=0.999)
    gan.compile()
    images = gan.generate(2, condition=[3, 7], truncation=0.5)
    print(images.shape)  # (2, 128, 128, 3)
    ```

    Differences: as for `BigGAN`.

    Reference:
        Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096,
        appendix B; the generator matches the released modules.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(128, 128, 3),
        latents=None,
        ema="published",
        classes=None,
        channels=128,
        name=None,
    ):
        classes = paper_classes(classes, generator, discriminator, default=1000)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(
            networks.biggan_deep,
            *given,
            prior=Normal(),
            generator_arguments=lambda image_shape: {"kernel_regularizer": Orthogonal(1e-4)},
            classes=classes,
            channels=channels,
        )
        super().__init__(generator, discriminator, latents, published_average(ema, start=20_000), classes, name)

    def recipe(self):
        rates = (2.5e-5, 2.5e-5) if image_size(self) > 128 else (5e-5, 2e-4)
        return {**super().recipe(), **hinge_recipe(*rates, 2)}
