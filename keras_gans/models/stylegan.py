"""StyleGAN."""

from keras_gans import networks
from keras_gans.models.growing import Growing
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_classes
from keras_gans.models.styles import DECAY
from keras_gans.models.styles import Styles
from keras_gans.models.styles import styled_networks
from keras_gans.penalties import R1
from keras_gans.penalties import Drift
from keras_gans.penalties import GradientPenalty
from keras_gans.schedules import Growth
from keras_gans.training.gan import GAN
from keras_gans.utils.choices import check_choice

_CONFIGURATIONS = ("ffhq", "celeba_hq")
_STEP_SIZES = {4: 512, 8: 256, 16: 128, 32: 64, 64: 32}
_LEARNING_RATES = {128: 1.5, 256: 2.0, 512: 3.0}


class StyleGAN(Styles, Growing, GAN):
    """StyleGAN: latents are mapped to a vector w, which each layer of the generator takes as its style; both networks grow.

    D: softplus(D(fake)) + softplus(-D(real)) + 10 / 2 ||grad D(real)||^2
    G: softplus(-D(fake))

    The generator begins with a trained constant. Each of its layers adds noise, and gives its normalized maps the scale and bias
    that it makes of w. In 9 of 10 steps the styles of two w are mixed: those of the layers from a random one on are the other's.
    Truncation draws w towards its average, in the first eight layers: `generate(truncation=0.7)` is the authors'.

    Networks grow as those of `ProGAN`, from 8x8: 600,000 images a size, and as many for a fade; steps of 256 images at 8x8, then
    128, 64, and 32 from 64x64 on; rates 1.5, 2 and 3 times as high from 128x128, 256x256 and 512x512 on. The authors train with
    25 million images. One step each, alternating; Adam(1e-3, beta_1=0, beta_2=0.99); an average with a half-life of 10,000
    images, in steps of 32. Data are images of the full size.

    configuration="ffhq":       the above
    configuration="celeba_hq":  the loss of WGAN-GP, and 0.001 E[D(real)^2], as in `ProGAN`, in place of the logistic loss and R1

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.stylegan`, that grow.
        image_shape: Tuple (size, size, channels), size a power of two. Default: (1024, 1024, 3).
        latents: Default: `Normal(512, truncate_by=None)`. A prior that truncates does so beside the generator.
        configuration: String, see above. Default: "ffhq".
        growth: A `keras_gans.schedules.Growth` instead of the paper's.
        mixing_probability: Float in [0, 1], how many of the steps mix styles. Default: 0.9.
        ema: As in `GAN`. Default: 0.5^(32 / 10,000).
        classes: Int, for networks that are told labels. Default: that of the networks given, else none.
        name: String.

    Raises:
        ValueError: for another configuration; if `mixing_probability` is out of range; if the networks do not grow to the same
            size, or the generator has no styles.

    Example:

    ```python
    network, small = keras_gans.networks.stylegan, {"image_shape": (8, 8, 1), "base_filters": 64, "max_filters": 8}
    generator = network.generator(**small, latents=8, mapping_layers=2, style_width=8)
    growth = keras_gans.schedules.Growth(hold=16, fade=16)
    gan = keras_gans.StyleGAN(generator, network.discriminator(**small), growth=growth)
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (24, 8, 8, 1)).astype("float32")
    gan.fit(images, batch_size=8)
    styles = gan.map(gan.latents.sample(3, seed=(0, 1)), truncation=0.7)
    print(styles.shape, gan.synthesize(styles).shape)  # (3, 4, 8) (3, 8, 8, 1)
    print(gan.mix([1, 2], [3, 4, 5], "coarse").shape)  # (2, 3, 8, 8, 1)
    ```

    Differences: those of `ProGAN`. The decay of the generator's average does not follow the size of the steps. The authors mirror
    half of the images, which is left to the data. Noise that is fixed is saved with the generator, in the code a variable too.

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for Generative Adversarial Networks (2018), arXiv:1812.04948;
        matches NVlabs/stylegan (`train.py`, `training/training_loop.py`, `training/loss.py`).
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(1024, 1024, 3),
        latents=None,
        configuration="ffhq",
        growth=None,
        mixing_probability=0.9,
        ema=DECAY,
        classes=None,
        name=None,
    ):
        check_choice(_CONFIGURATIONS, configuration=configuration)
        classes = paper_classes(classes, generator, discriminator, default=None)
        given = generator, discriminator, image_shape, latents
        generator, discriminator, latents = styled_networks(networks.stylegan, *given, classes)
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.configuration = configuration
        self.set_mixing_probability(mixing_probability)
        self.growth = Growth(600_000, 600_000, 8, _STEP_SIZES, _LEARNING_RATES) if growth is None else growth
        self.start_growing()

    def recipe(self):
        loss, penalties = "non_saturating", [R1(10.0)]
        if self.configuration == "celeba_hq":
            loss, penalties = "wasserstein", [GradientPenalty(10.0), Drift(0.001)]
        return {
            **super().recipe(),
            **adam_for_both(1e-3, beta_1=0.0, beta_2=0.99, epsilon=1e-8),
            "loss": loss,
            "penalties": penalties,
            "update_rule": "alternating",
        }
