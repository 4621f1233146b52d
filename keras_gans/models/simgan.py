"""SimGAN."""

from keras.optimizers.schedules import PiecewiseConstantDecay

from keras_gans import networks
from keras_gans.balance import SeparateWarmUps
from keras_gans.latents import NoLatents
from keras_gans.losses import SelfRegularization
from keras_gans.losses import SumOverPatches
from keras_gans.losses import Weighted
from keras_gans.models.paper import adam_for_both
from keras_gans.models.translation import Translation
from keras_gans.replay import History
from keras_gans.training.gan import GAN
from keras_gans.training.network_checks import check_network
from keras_gans.training.network_checks import output_shape
from keras_gans.utils.split_batch import split_pair

_REFINER_ALONE, _DISCRIMINATOR_ALONE = 1000, 200


class SimGAN(Translation, GAN):
    """SimGAN: refines synthetic images, which are annotated, until they look real, so that the annotations stay true.

    D: sum over patches of BCE(D(y), 1) + BCE(D(R(x)), 0)       half of the R(x) from a history of earlier ones
    R: sum over patches of BCE(D(R(x)), 1) + 0.01 sum |R(x) - x|

    The refiner moves alone for 1,000 updates, with the second term only; then the discriminator alone for 200; then each round
    has two steps of the refiner and one of the discriminator. Other numbers go into `compile` twice: as `balance`, and as the
    schedule of the adversarial loss, which is 0 for the refiner's first 1,000 updates. Adam(1e-3) for both. The paper's batches
    have 512 images. Data are batches of `(synthetic, real)`, which need not belong together; a dict of `source` and `target`
    may hold `label` too, the annotations, which nothing sees.

    Args:
        generator: Built `keras.Model`, R, synthetic to refined images. Default: `keras_gans.networks.simgan.generator`.
        discriminator: Built `keras.Model`, images to a map of scores. Default: `networks.simgan.discriminator`.
        image_shape: Tuple (height, width, channels). Default: (35, 55, 1), the paper's eyes.
        ema: As in `GAN`.
        name: String.

    Example:

    ```python
    network = keras_gans.networks.simgan
    gan = keras_gans.SimGAN(network.generator((16, 16, 1), filters=4, blocks=1), network.discriminator((16, 16, 1)))
    gan.compile(balance=keras_gans.balance.SeparateWarmUps(2, 1, generator_steps=2))
    synthetic, real = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 16, 1)).astype("float32")
    gan.fit(synthetic, real, batch_size=4)
    print(gan.translate(synthetic).shape)  # (16, 16, 16, 1)
    ```

    Differences: a high score says real, where the paper's D is the probability of "refined". The weight of the
    self-regularization, the size of the history and the refiner's steps a round are not in the paper: 0.01 and 2 are what its
    authors told re-implementers and its first version; the history holds 2500. The history moves after steps of the
    discriminator. All steps of a round see one batch.

    Reference:
        Shrivastava, Pfister, Tuzel, Susskind, Wang, Webb, Learning from Simulated and Unsupervised Images through Adversarial
        Training (2016), arXiv:1612.07828. There is no official code.
    """

    def __init__(self, generator=None, discriminator=None, image_shape=(35, 55, 1), ema=None, name=None):
        if generator is None:
            generator = networks.simgan.generator(image_shape)
        if discriminator is None:
            check_network(generator, "generator")
            discriminator = networks.simgan.discriminator(output_shape(generator))
        super().__init__(generator, discriminator, NoLatents(), ema, None, name)

    def recipe(self):
        joins = PiecewiseConstantDecay([max(_REFINER_ALONE - 1, 0)], [0.0, 1.0])
        return {
            **super().recipe(),
            **adam_for_both(1e-3),
            "loss": Weighted(SumOverPatches("non_saturating"), generator=joins),
            "auxiliary_losses": [SelfRegularization(0.01)],
            "replay": History(2500),
            "balance": SeparateWarmUps(_REFINER_ALONE, _DISCRIMINATOR_ALONE, discriminator_steps=1, generator_steps=2),
            "update_rule": "alternating",
        }

    def split(self, batch):
        return split_pair(batch, unused=("label",))
