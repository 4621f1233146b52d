"""The conditional GAN with a projection discriminator."""

from keras_gans.models.paper import paper_classes
from keras_gans.models.sngan import SNGAN


class ProjectionGAN(SNGAN):
    """The projection discriminator: SNGAN with labels.

    The discriminator adds the inner product of its features with an embedding of the label to its score; the generator has
    conditional batch normalization. The recipe is that of `SNGAN`.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.sngan` with `classes`.
        image_shape: Tuple (size, size, channels), size 32, 48, 64 or 128. Default: (32, 32, 3).
        latents: Default: `Normal(128)`.
        ema: As in `GAN`.
        classes: Int, number of labels. Default: that of the network given, else 10.
        name: String.

    Example:

    ```python
    gan = keras_gans.ProjectionGAN(image_shape=(32, 32, 1))
    gan.compile()
    gan.fit(keras_gans.data.load("mnist_5k", size=32), epochs=20)
    print(gan.generate(10, condition=np.arange(10)).shape)  # (10, 32, 32, 1); a digit of each class
    ```

    Differences: as for `SNGAN`. Generated images have the labels of the batch of real ones, where the authors draw labels
    uniformly.

    Reference:
        Miyato, Koyama, cGANs with Projection Discriminator (2018), arXiv:1802.05637; matches pfnet-research/sngan_projection.
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
        classes = paper_classes(classes, generator, discriminator, default=10)
        super().__init__(generator, discriminator, image_shape, latents, ema, classes, name)
