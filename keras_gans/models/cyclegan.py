"""CycleGAN."""

from keras_gans import networks
from keras_gans.losses import CycleConsistency
from keras_gans.losses import Identity
from keras_gans.losses import Weighted
from keras_gans.models.two_way import TwoWayTranslation
from keras_gans.models.two_way import paper_pairs
from keras_gans.replay import ImagePool


class CycleGAN(TwoWayTranslation):
    """CycleGAN: translates images between two domains, there and back, learnt without pairs.

    G, F: mean (D_b(G(a)) - 1)^2 + mean (D_a(F(b)) - 1)^2
          + 10 (mean |F(G(a)) - a| + mean |G(F(b)) - b|) + 5 (mean |G(b) - b| + mean |F(a) - a|)
    D_b:  1/2 [mean (D_b(b) - 1)^2 + mean D_b(pool(G(a)))^2], and D_a likewise

    Both players move at once, from one pass, as in the PyTorch code, where the generators move before the discriminators have seen
    anything new. Each has one Adam(2e-4, beta_1=0.5); after half of the training its rate falls to 0, which
    `keras_gans.schedules.LinearDecay` does. The discriminators see generated images of a pool of 50 a domain. The paper's batches
    have one image. Data are batches of `(a, b)`; `keras_gans.data.unpaired` makes them.

    Args:
        generator: Built `keras.Model`, G, images of a to images of b. Default: `keras_gans.networks.cyclegan.generator`, with nine
            residual blocks from 256x256 on, else six.
        backward_generator: F. Default: as G.
        discriminator: D_b, images of b to scores. Default: `networks.cyclegan.discriminator`, 70x70 patches.
        backward_discriminator: D_a. Default: as D_b.
        image_shape: Tuple (height, width, channels) of both domains. Default: (256, 256, 3).
        ema: As in `GAN`; both generators have an average.
        name: String.

    Raises:
        ValueError: if one generator does not take what the other one makes.

    Example:

    ```python
    network = keras_gans.networks.cyclegan
    generators = [network.generator((32, 32, 1), 1, filters=4, blocks=1) for _ in range(2)]
    discriminators = [network.discriminator((32, 32, 1), layers=1, filters=4) for _ in range(2)]
    gan = keras_gans.CycleGAN(*generators, *discriminators)
    gan.compile()
    a, b = np.random.default_rng(0).uniform(-1, 1, (2, 4, 32, 32, 1)).astype("float32")
    gan.fit(a, b, batch_size=1)
    print(gan.translate(a).shape, gan.translate_back(b).shape)  # (4, 32, 32, 1) (4, 32, 32, 1)
    ```

    Differences: domains of other shapes, which the identity loss does not fit, need `auxiliary_losses` without it.

    Reference:
        Zhu, Park, Isola, Efros, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017),
        arXiv:1703.10593; matches junyanz/pytorch-CycleGAN-and-pix2pix, whose generators come before the discriminators, and
        whose identity loss is on by default.
    """

    def __init__(
        self,
        generator=None,
        backward_generator=None,
        discriminator=None,
        backward_discriminator=None,
        image_shape=(256, 256, 3),
        ema=None,
        name=None,
    ):
        given = generator, backward_generator, discriminator, backward_discriminator
        super().__init__(*paper_pairs(networks.cyclegan, given, image_shape), ema, name)

    def recipe(self):
        return {
            **super().recipe(),
            "loss": Weighted("least_squares", generator=2.0),
            "auxiliary_losses": [CycleConsistency(10.0), Identity(5.0)],
            "replay": ImagePool(50),
            "update_rule": "simultaneous",
        }
