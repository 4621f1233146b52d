"""SRGAN."""

from keras.optimizers.schedules import PiecewiseConstantDecay

from keras_gans import networks
from keras_gans.latents import NoLatents
from keras_gans.losses import Perceptual
from keras_gans.losses import Weighted
from keras_gans.models.paper import adam_for_both
from keras_gans.models.translation import Translation
from keras_gans.training.gan import GAN


class SRGAN(Translation, GAN):
    """SRGAN: enlarges photographs, with details that are made up where the small image does not tell.

    D: BCE(D(y), 1) + BCE(D(G(x)), 0)
    G: content loss of VGG19's block5_conv4 + 1e-3 BCE(D(G(x)), 1)

    The discriminator's step comes first; both have Adam with learning rate 1e-4, and 1e-5 after 100,000 updates. The paper's
    batches have 16 crops of 96x96. Data are batches of `(small, large)`, the small ones in [0, 1], the large ones in [-1, 1];
    `keras_gans.data.super_resolution` makes them.

    The generator is trained first, alone, for the mean squared error, by Keras itself. The GAN then takes it over, and forgets
    its optimizer:

    ```python
    generator = keras_gans.networks.srgan.generator(filters=4, blocks=1)
    small, large = np.random.default_rng(0).uniform(0, 1, (2, 4, 8, 8, 3)).astype("float32")
    large = keras.ops.image.resize(2 * large - 1, (32, 32))
    generator.compile(keras.optimizers.Adam(1e-4), loss="mse")
    generator.fit(small, large)
    ```

    Args:
        generator: Built `keras.Model`, small images to large ones. Default: `keras_gans.networks.srgan.generator`, SRResNet.
        discriminator: Built `keras.Model`, large images to scores. Default: `networks.srgan.discriminator`, for crops of 96x96.
        image_shape: Tuple (height, width, channels) of the large images that the discriminator sees. Default: (96, 96, 3).
        scale: Int, 2, 4 or 8, the factor of the default generator. Default: 4.
        ema: As in `GAN`.
        name: String.

    Raises:
        FileNotFoundError: from `compile` with the paper's content loss, if the weights of VGG19 are not there; see
            `losses.Perceptual`, which takes any other network too.

    Example:

    ```python
    network = keras_gans.networks.srgan
    gan = keras_gans.SRGAN(network.generator(filters=4, blocks=1), network.discriminator((32, 32, 3), filters=4, units=8))
    phi = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 3, activation="relu")])
    gan.compile(auxiliary_losses=[keras_gans.losses.Perceptual(phi, scale=1.0)])
    small, large = np.zeros((2, 8, 8, 3), "float32"), np.zeros((2, 32, 32, 3), "float32")
    small[0], large[0] = 1.0, -1.0
    gan.fit(small, large, batch_size=2)
    print(gan.translate(np.zeros((1, 10, 7, 3), "float32")).shape)  # (1, 40, 28, 3)
    ```

    Differences: the adversarial term is a mean over the batch, the paper writes a sum. PSNR and SSIM fall when the GAN takes
    over: that is what the paper reports.

    Reference:
        Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network (2016),
        arXiv:1609.04802. There is no official code.
    """

    source_range = (0.0, 1.0)
    paired = True

    def __init__(self, generator=None, discriminator=None, image_shape=(96, 96, 3), scale=4, ema=None, name=None):
        if generator is None:
            generator = networks.srgan.generator((None, None, image_shape[-1]), scale)
        if discriminator is None:
            discriminator = networks.srgan.discriminator(image_shape)
        super().__init__(generator, discriminator, NoLatents(), ema, None, name)

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(PiecewiseConstantDecay([100_000 - 1], [1e-4, 1e-5])),
            "loss": Weighted("non_saturating", generator=1e-3),
            "auxiliary_losses": [Perceptual("vgg19")],
            "update_rule": "alternating",
        }
