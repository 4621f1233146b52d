"""ALI."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.losses import Symmetric
from keras_gans.models.bigan import BiGAN
from keras_gans.models.paper import adam_for_both


class ALI(BiGAN):
    """ALI, adversarially learned inference: BiGAN, found at the same time, with a stochastic encoder and convolutions.

    D:    -log D(x, z_x) - log(1 - D(G(z), z)),    z_x = mean(x) + scale(x) * noise
    G, E: -log(1 - D(x, z_x)) - log D(G(z), z)

    All networks move at once; Adam(1e-4, beta_1=0.5). Images are in [0, 1], latents standard normal. The authors' batches have
    100 images, 100 epochs of SVHN, 123 of CelebA.

    Args:
        generator, encoder, discriminator: Networks instead of the paper's, `keras_gans.networks.ali`, as in `BiGAN`.
        image_shape: Tuple (size, size, channels), size 32 or 64. Default: (32, 32, 3), the networks for SVHN.
        latents: A prior, or the width of a `Normal` one. Default: `Normal`, of the generator's width, or 256.
        ema, name: As in `GAN`.

    Example:

    ```python
    network, small = keras_gans.networks.ali, {"filters": 2}
    gan = keras_gans.ALI(*(build(**small) for build in (network.generator, network.encoder, network.discriminator)))
    gan.compile()
    images = np.random.default_rng(0).uniform(0, 1, (8, 32, 32, 3)).astype("float32")
    gan.fit(images, batch_size=4)
    print(gan.encode(images).shape, gan.reconstruct(images).shape)  # (8, 256) (8, 32, 32, 3)
    ```

    Differences: `encode` and `reconstruct` use the mean of a code. The tables print beta_2 = 1e-3 of a framework that took one
    minus it; here it is 0.999. Batch normalization of the discriminator sees real and generated pairs apart; the release
    normalizes them as one batch.

    Reference:
        Dumoulin et al., Adversarially Learned Inference (2016), arXiv:1606.00704; matches IshmaelBelghazi/ALI.
    """

    builders = networks.ali
    prior = Normal

    def __init__(
        self, generator=None, encoder=None, discriminator=None, image_shape=(32, 32, 3), latents=None, ema=None, name=None
    ):
        super().__init__(generator, encoder, discriminator, image_shape, latents, ema, name)

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(1e-4, beta_1=0.5, epsilon=1e-8),
            "loss": Symmetric(),
        }
