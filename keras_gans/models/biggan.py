"""BigGAN."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.models.paper import hinge_recipe
from keras_gans.models.paper import image_size
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.models.paper import published_average
from keras_gans.regularizers import Orthogonal
from keras_gans.training.gan import GAN


class BigGAN(GAN):
    """BigGAN: a class-conditional GAN with large batches, a shared class embedding, latents at every level, and truncation.

    Hinge loss, two discriminator steps a round, Adam with learning rate 5e-5 for the generator and 2e-4 for the discriminator,
    beta_1=0, beta_2=0.999. The generator's kernels start orthogonal and have `regularizers.Orthogonal(1e-4)`; its batch
    statistics are those of all replicas. The paper's batch size is 2048.

    For 32x32 networks and recipe are those of BigGAN-PyTorch for CIFAR-10: none of BigGAN's tricks (`networks.biggan.generator`
    can switch each on), four discriminator steps, both learning rates 2e-4, no regularizer, batches of 50.

    `generate(truncation=t)` draws latents as the prior says: `Normal` in the sense of the released modules, or of the paper.
    The statistics of batch normalization are those of untruncated latents; `export(statistics="standing")` and the evaluation
    compute them anew for truncated ones.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.biggan`.
        image_shape: Tuple (size, size, channels), size 32, 64, 128, 256 or 512. Default: (128, 128, 3).
        latents: Default: `Normal` of 120 numbers for 128x128, 140 for 256x256, 125 for 64x64, 128 for 32x32 and 512x512.
        ema: As in `GAN`; None for none. Default: "published", `EMA(0.9999, start=20_000)`, with `start=1_000` for 32x32.
        classes: Int, number of labels. Default: that of the network given, else 1000.
        channels: Int, the unit of the networks' widths. Default: 96, and 64 for 32x32.
        name: String.

    Example:

    ```python
    gan = keras_gans.BigGAN(image_shape=(32, 32, 1), classes=10, channels=8, ema=0.999)
    gan.compile()
    gan.fit(keras_gans.data.load("mnist_5k", size=32), epochs=20)
    images = gan.generate(10, condition=np.arange(10), truncation=0.5)
    ```

    Differences: the average's start is that of BigGAN-PyTorch; the paper says none. Real and generated images are scored in two
    passes with the same spectral norms, where the authors join them in one batch: the discriminator couples no images. Generated
    images have the labels of the batch of real ones.

    Reference:
        Brock, Donahue, Simonyan, Large Scale GAN Training for High Fidelity Natural Image Synthesis (2018), arXiv:1809.11096,
        section 3 and appendices B and C; networks match ajbrock/BigGAN-PyTorch and the released modules.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(128, 128, 3),
        latents=None,
        ema="published",
        classes=None,
        channels=None,
        name=None,
    ):
        classes = paper_classes(classes, generator, discriminator, default=1000)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = paper_networks(
            networks.biggan,
            *given,
            prior=Normal(),
            generator_arguments=_regularizer,
            classes=classes,
            channels=channels,
        )
        ema = published_average(ema, start=1_000 if generator.outputs[0].shape[1] == 32 else 20_000)
        super().__init__(generator, discriminator, latents, ema, classes, name)

    def recipe(self):
        recipe = hinge_recipe(2e-4, 2e-4, 4) if image_size(self) == 32 else hinge_recipe(5e-5, 2e-4, 2)
        return {**super().recipe(), **recipe}


def _regularizer(image_shape):
    return {} if image_shape[0] == 32 else {"kernel_regularizer": Orthogonal(1e-4)}
