"""ProGAN."""

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.losses import AuxiliaryClassifier
from keras_gans.models.growing import Growing
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_classes
from keras_gans.models.paper import paper_networks
from keras_gans.penalties import Drift
from keras_gans.penalties import GradientPenalty
from keras_gans.schedules import Growth
from keras_gans.training.gan import GAN
from keras_gans.utils.choices import check_choice

_TO_16 = {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16}
# What was published, by name: when to grow, and how large the networks are.
_GROWTH = {
    "celeba_hq": {"hold": 800_000, "fade": 800_000, "step_sizes": {4: 16, 256: 14, 512: 6, 1024: 3}},
    "v2": {"hold": 600_000, "fade": 600_000, "step_sizes": {**_TO_16, 256: 8, 512: 4}, "learning_rates": {1024: 1.5}},
    "v2_8gpus": {
        "hold": 600_000,
        "fade": 600_000,
        "step_sizes": {4: 512, 8: 256, 16: 128, 32: 64, 64: 32},
        "learning_rates": {128: 1.5, 256: 2.0, 512: 3.0},
    },
    "cifar10": {"hold": 400_000, "fade": 400_000, "step_sizes": {4: 16}},
}
_NETWORKS = {"cifar10": {"base_filters": 4096, "max_filters": 128}}
_GROUPS = {"celeba_hq": 16, "v2": 4, "v2_8gpus": 4, "cifar10": None}  # of images whose deviation the discriminator sees


class ProGAN(Growing, GAN):
    """Progressive GAN: networks that begin with images of 4x4, and grow to the full size in one training.

    D: E[D(fake)] - E[D(real)] + 10 (||grad D(x)|| - 1)^2 + 0.001 E[D(real)^2]
    G: -E[D(fake)]

    The generator normalizes each pixel's features, the discriminator sees the deviation of a batch, and all weights learn at an
    equalized rate (`layers.EqualizedLearningRate`). Each size of images is trained for a while, then layers of the next one fade
    in: in both networks and in the real images. At a new size both optimizers begin anew, schedules of their rates too. One step
    each, alternating; Adam(1e-3, beta_1=0, beta_2=0.99); an average of 0.999.

    Data are images of the full size, which are reduced as long as the networks are small: one `fit` is the whole training. What
    `generate` and an export make has the full size from the start, smaller images enlarged.

    configuration="celeba_hq":  the paper's: 800,000 images a size and as many for a fade; steps of 16, then 14, 6 and 3 images
    configuration="v2":         the authors' later one, for one GPU: 600,000; steps of 128 images to 16x16, then 64, 32, 16, 8, 4
    configuration="v2_8gpus":   the same for eight: steps of 512, 256, 128, 64, then 32 images, and higher rates from 128x128
    configuration="cifar10":    32x32: narrower networks, 400,000; a gradient of norm 750; simultaneous updates

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.progan`, that grow.
        image_shape: Tuple (size, size, channels), size a power of two. Default: (1024, 1024, 3); (32, 32, 3) for "cifar10".
        latents: Default: `Normal(512)`; 128 wide for "cifar10".
        configuration: String, see above. Default: "celeba_hq".
        growth: A `keras_gans.schedules.Growth` instead of the configuration's.
        ema: As in `GAN`. Default: 0.999.
        classes: Int, for networks that know labels: the discriminator names them, with weight 1. Default: that of the networks
            given, else none.
        name: String.

    Raises:
        ValueError: for another configuration; if the networks do not grow, or not to the same size.

    Example:

    ```python
    small = {"image_shape": (8, 8, 1), "base_filters": 64, "max_filters": 8}
    network, growth = keras_gans.networks.progan, keras_gans.schedules.Growth(hold=16, fade=16)
    gan = keras_gans.ProGAN(network.generator(**small, latents=8), network.discriminator(**small), growth=growth)
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (24, 8, 8, 1)).astype("float32")
    gan.fit(images, batch_size=8)
    print(growth.at(24, 8), gan.generate(2).shape)  # (8, 0.5) (2, 8, 8, 1)
    ```

    Differences: the authors' code keeps the schedule for four steps at a time, and raises the rate of the first 40,000 images in
    the first release; its optimizers also begin anew where a fade ends, and its average follows the generator of the step before.
    A step has at least as many images as the configuration says: as many batches of the data as it takes. Real images are
    averaged over squares of pixels in float32, there in 8 bits.

    Reference:
        Karras, Aila, Laine, Lehtinen, Progressive Growing of GANs for Improved Quality, Stability, and Variation (2018),
        arXiv:1710.10196; matches tkarras/progressive_growing_of_gans (`train.py`, `config.py`, `loss.py`).
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=None,
        latents=None,
        configuration="celeba_hq",
        growth=None,
        ema=0.999,
        classes=None,
        name=None,
    ):
        check_choice(_GROWTH, configuration=configuration)
        if image_shape is None:
            image_shape = (32, 32, 3) if configuration == "cifar10" else (1024, 1024, 3)
        classes = paper_classes(classes, generator, discriminator, default=None)
        prior = Normal(128 if configuration == "cifar10" else 512)
        given = generator, discriminator, image_shape, prior if generator is None and latents is None else latents
        sizes = {"classes": classes, **_NETWORKS.get(configuration, {})}
        group = {"group_size": _GROUPS[configuration]}
        generator, discriminator, latents = paper_networks(
            networks.progan, *given, prior=prior, discriminator_arguments=group, **sizes
        )
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.configuration = configuration
        self.growth = Growth(**_GROWTH[configuration]) if growth is None else growth
        self.start_growing()

    def recipe(self):
        cifar10 = self.configuration == "cifar10"
        target = 750.0 if cifar10 else 1.0
        return {
            **super().recipe(),
            **adam_for_both(1e-3, beta_1=0.0, beta_2=0.99, epsilon=1e-8),
            "loss": "wasserstein",
            "penalties": [GradientPenalty(10.0 / target**2, target), Drift(0.001)],
            "auxiliary_losses": [AuxiliaryClassifier()] if self.classes else (),
            "update_rule": "simultaneous" if cifar10 else "alternating",
        }
