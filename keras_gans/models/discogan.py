"""DiscoGAN."""

from keras.optimizers.schedules import PiecewiseConstantDecay

from keras_gans import networks
from keras_gans.losses import CycleConsistency
from keras_gans.losses import FeatureMatching
from keras_gans.losses import Weighted
from keras_gans.models.paper import adam_for_both
from keras_gans.models.two_way import TwoWayTranslation
from keras_gans.models.two_way import paper_pairs
from keras_gans.utils.networks import output_of

_STARTING, _LATER = 0.01, 0.5  # shares of the reconstruction
_SWITCH = 10_000  # iterations, of which two of three are the generators'


class DiscoGAN(TwoWayTranslation):
    """DiscoGAN: finds relations between two domains, learnt without pairs, by images that come back.

    G, F: (1 - r) (0.1 GAN + 0.9 FM) + r mean (F(G(a)) - a)^2, and for b likewise
    D_b, D_a: 1/2 BCE of real and of generated images

    GAN is the non-saturating loss, FM the squared distance between the means of the discriminator's features on real and on
    generated images, a mean over features, summed over the layers that the discriminator gives: three for 64x64. r is 0.01 for
    the first 10,000 iterations, then 0.5. One iteration of three is a step of the discriminators, the others are steps of the
    generators. Adam(2e-4, beta_1=0.5, weight_decay=1e-5) for both. The released code's batches have 64 images. Images are in
    [0, 1]. Data are batches of `(a, b)`.

    Args:
        generator: Built `keras.Model`, G, images of a to images of b. Default: `keras_gans.networks.discogan.generator`.
        backward_generator: F. Default: as G.
        discriminator: D_b, images of b to a dict of scores and features, all of which are matched. Default:
            `networks.discogan.discriminator`.
        backward_discriminator: D_a. Default: as D_b.
        image_shape: Tuple (size, size, channels) of both domains. Default: (64, 64, 3).
        ema: As in `GAN`; both generators have an average.
        name: String.

    Raises:
        ValueError: if one generator does not take what the other one makes; from `compile`, if a discriminator has no features.

    Example:

    ```python
    network = keras_gans.networks.discogan
    generators = [network.generator((32, 32, 1), 1, filters=4) for _ in range(2)]
    discriminators = [network.discriminator((32, 32, 1), filters=4) for _ in range(2)]
    gan = keras_gans.DiscoGAN(*generators, *discriminators)
    gan.compile()
    a, b = np.random.default_rng(0).uniform(0, 1, (2, 8, 32, 32, 1)).astype("float32")
    gan.fit(a, b, batch_size=4)
    print(gan.translate(a).shape)  # (8, 32, 32, 1)
    ```

    Differences: the generators' two steps see the batch of the discriminators' step, the authors' a batch each. Weight decay is
    Keras', apart from the gradient; that of the authors' framework is added to it.

    Reference:
        Kim, Cha, Kim, Lee, Kim, Learning to Discover Cross-Domain Relations with Generative Adversarial Networks (2017),
        arXiv:1703.05192; matches SKTBrain/DiscoGAN.
    """

    def __init__(
        self,
        generator=None,
        backward_generator=None,
        discriminator=None,
        backward_discriminator=None,
        image_shape=(64, 64, 3),
        ema=None,
        name=None,
    ):
        given = generator, backward_generator, discriminator, backward_discriminator
        super().__init__(*paper_pairs(networks.discogan, given, image_shape), ema, name)

    def recipe(self):
        output = output_of(self.discriminator)
        features = tuple(sorted(set(output) - {"scores"})) if isinstance(output, dict) else "features"
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, weight_decay=1e-5),
            "loss": Weighted("non_saturating", discriminator=0.5, generator=_switch(0.1 * (1 - _STARTING), 0.1 * (1 - _LATER))),
            "auxiliary_losses": [
                CycleConsistency(_switch(_STARTING, _LATER), form="l2"),
                FeatureMatching(_switch(0.9 * (1 - _STARTING), 0.9 * (1 - _LATER)), form="mean_squared", features=features),
            ],
            "generator_steps": 2,
            "update_rule": "alternating",
        }


def _switch(before, after):
    """A weight that changes after so many of the generators' updates as there are in the first 10,000 iterations."""
    updates = _SWITCH - -(-_SWITCH // 3)  # the discriminators have iterations 0, 3, 6, ...
    return PiecewiseConstantDecay([updates - 1], [before, after])
