"""StyleGAN2."""

import keras

from keras_gans import networks
from keras_gans.models.paper import paper_classes
from keras_gans.models.styles import DECAY
from keras_gans.models.styles import Styles
from keras_gans.models.styles import styled_networks
from keras_gans.penalties import R1
from keras_gans.penalties import PathLength
from keras_gans.training.gan import GAN
from keras_gans.utils.choices import check_choice

_GAMMA = {"F": 10.0, "E": 100.0}
_BASE_FILTERS = {"F": 16384, "E": 8192}
_EVERY = {"discriminator": 16, "generator": 4}  # updates, of which one is regularized


class StyleGAN2(Styles, GAN):
    """StyleGAN2: styles modulate the kernels of convolutions, demodulation keeps the scale, nothing grows.

    D: softplus(-D(real)) + softplus(D(fake)) + gamma / 2 ||grad D(real)||^2
    G: softplus(-D(fake)) + 2 (||J^T y|| - a)^2

    The generator maps latents to w, which scales the input channels of each convolution; images of each size are summed. The
    discriminator is residual. Lazily regularized: R1 in every 16th update of the discriminator, the path length in every fourth
    of the generator, as many times as strong then. One step each, alternating; Adam(0.002 c, beta_1=0, beta_2=0.99^c), c = 16/17
    for the discriminator and 4/5 for the generator; styles mixed in nine steps of ten; an average that halves in 10,000 images at
    32 a step.

    configuration="F":  the large networks, gamma 10
    configuration="E":  half as wide from 64x64 on, gamma 100

    gamma suits an image size and a batch; `compile(penalties=[R1(...), PathLength()])` sets it. The authors' later rule of thumb
    is 0.0002 size^2 / batch.

    `generate(truncation=)` draws styles towards their average; `map`, `synthesize` and `mix` work with styles themselves, as of
    `StyleGAN`.

    Args:
        generator, discriminator: Networks instead of the paper's, `keras_gans.networks.stylegan2`. The generator has a layer
            `StyleTruncation`.
        image_shape: Tuple (size, size, channels), size a power of two. Default: (1024, 1024, 3).
        latents: Default: `Normal(512, truncate_by=None)`.
        configuration: "E" or "F", see above. Default: "F".
        mixing_probability: Float in [0, 1], the share of steps that mix styles. Default: 0.9.
        ema: As in `GAN`. Default: 0.5^(32 / 10,000).
        classes: Int, for networks that are told labels. Default: that of the networks given, else none.
        name: String.

    Raises:
        ValueError: for another configuration, or if the generator has no styles.

    Example:

    ```python
    network, small = keras_gans.networks.stylegan2, {"image_shape": (8, 8, 1), "base_filters": 64, "max_filters": 8}
    generator = network.generator(**small, latents=8, mapping_layers=2, style_width=8)
    gan = keras_gans.StyleGAN2(generator, network.discriminator(**small))
    gan.compile(penalties=[keras_gans.penalties.R1(0.01, every=16), keras_gans.penalties.PathLength()])
    images = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    styles = gan.map(gan.latents.sample(3, seed=(0, 1)), truncation=0.5)
    print(styles.shape, gan.synthesize(styles).shape)  # (3, 4, 8) (3, 8, 8, 1)
    ```

    Differences: the code regularizes in updates of their own, 17 in 16 rounds for the discriminator and five in four for the
    generator, which is what c makes up for. Here the term joins the objective of every 16th or fourth update (an update of its
    own inside a branch is not possible on several replicas), and c is kept: per image the discriminator moves by 1/17 less than
    published, the generator by a fifth. `compile(keras.optimizers.Adam(0.002, 0.0, 0.99, epsilon=1e-8), ...)` has no c. The path
    length is asked of that step's images, the code draws others. Latents of a second style and noise are drawn for the
    discriminator's step and for the generator's, as in the code. Images are not mirrored: see
    `keras_gans.data.images(flip=True)`.

    Reference:
        Karras, Laine, Aittala, Hellsten, Lehtinen, Aila, Analyzing and Improving the Image Quality of StyleGAN (2019),
        arXiv:1912.04958; matches NVlabs/stylegan2 (`run_training.py`, `training/training_loop.py`, `training/loss.py`).
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(1024, 1024, 3),
        latents=None,
        configuration="F",
        mixing_probability=0.9,
        ema=DECAY,
        classes=None,
        name=None,
    ):
        check_choice(_GAMMA, configuration=configuration)
        classes = paper_classes(classes, generator, discriminator, default=None)
        given, filters = (generator, discriminator, image_shape, latents), _BASE_FILTERS[configuration]
        generator, discriminator, latents = styled_networks(networks.stylegan2, *given, classes, base_filters=filters)
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.configuration = configuration
        self.set_mixing_probability(mixing_probability)

    def recipe(self):
        return {
            **super().recipe(),
            **{f"{player}_optimizer": _adam(every) for player, every in _EVERY.items()},
            "loss": "non_saturating",
            "penalties": [
                R1(_GAMMA[self.configuration], every=_EVERY["discriminator"]),
                PathLength(2.0, every=_EVERY["generator"]),
            ],
            "update_rule": "alternating",
        }


def _adam(every):
    share = every / (every + 1)
    return keras.optimizers.Adam(0.002 * share, beta_1=0.0, beta_2=0.99**share, epsilon=1e-8)
