"""The adversarial autoencoder."""

import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Normal
from keras_gans.losses import Reconstruction
from keras_gans.models.autoencoding import Autoencoding
from keras_gans.models.encoding import inverse_networks
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_width
from keras_gans.training.gan import GAN
from keras_gans.utils.networks import images_in


class AAE(Autoencoding, GAN):
    """The adversarial autoencoder: an autoencoder whose codes are distributed as the prior, because a discriminator judges them.

    D:    BCE(D(z), 1) + BCE(D(E(x)), 0)                                z of the prior, standard normal
    E, G: sum (G(E(x)) - x)^2 + BCE(D(E(x)), 1)

    Nobody judges images: the one game is "code", the discriminator is of codes, and `generate` decodes latents of the prior.
    The discriminator's step comes first. Images are in [0, 1].

    A generator that is told a label learns what of an image the label does not say, such as the style of a digit:
    `classes=10`. A discriminator that is told it, `keras_gans.networks.aae.code_discriminator(classes=10)`, wants the codes of
    each class by itself to fill the prior, and so drives what the label says out of them. Data then are images and labels.

    Args:
        generator, encoder, discriminator: Networks instead of the paper's, `keras_gans.networks.aae`: latents (and a condition)
            to images; images to latents, or to a dict with `mean` and `log_scale` (`posterior="gaussian"`); latents to scores.
        image_shape: Tuple (height, width, channels). Default: (28, 28, 1).
        latents: A prior, or the width of a `Normal` one. Default: `Normal`, of the generator's width, or 8.
        ema, name: As in `GAN`; the encoder has an average, too.
        classes: Int, for a generator that is told the label: of the paper's that is made, or of yours. Default: that of your
            generator; the paper's is told none.

    Raises:
        ValueError: if the networks do not fit together.

    Example:

    ```python
    network = keras_gans.networks.aae
    gan = keras_gans.AAE(*(build(units=(16,)) for build in (network.generator, network.encoder, network.code_discriminator)))
    gan.compile()
    images = np.random.default_rng(0).uniform(0, 1, (8, 28, 28, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    print(gan.encode(images).shape, gan.reconstruct(images).shape)  # (8, 8) (8, 28, 28, 1)
    print(gan.generate(4).shape)  # (4, 28, 28, 1)
    ```

    Differences: the paper trains each batch in two phases: the autoencoder on the reconstruction, then the discriminator and,
    last, the encoder against it. Here the discriminator's step is followed by one step of encoder and generator on both terms,
    whose weights therefore count: the reconstruction is a sum over pixels. Optimizers are Adam(2e-4, beta_1=0.5), not the
    paper's. Its third posterior, its networks for semi-supervised learning and clustering, and its prior that is another one for
    each label, which puts each class where one wants it, are left out: the prior is drawn without looking at the label. Metrics
    of `evaluate` see reconstructions.

    Reference:
        Makhzani, Shlens, Jaitly, Goodfellow, Frey, Adversarial Autoencoders (2015), arXiv:1511.05644. There is no official
        code.
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator", "encoder")}
    games = {"code": "discriminator"}

    def __init__(
        self,
        generator=None,
        encoder=None,
        discriminator=None,
        image_shape=(28, 28, 1),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        given = generator, encoder, image_shape, latents
        generator, encoder, latents = inverse_networks(networks.aae, *given, prior=Normal, classes=classes)
        if discriminator is None:
            discriminator = networks.aae.code_discriminator(paper_width(latents))
        super().__init__(generator, discriminator, latents, ema, classes, name)
        self.set_networks(encoder=encoder)

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, epsilon=1e-8),
            "auxiliary_losses": [Reconstruction(1.0, "l2_sum")],
            "update_rule": "alternating",
        }

    def check_networks(self):
        self.check_encoder()
        self.check_judge("discriminator")

    def draw(self, real, condition, seed, training=True):
        codes, output, losses = self.autoencode(real, condition, seed, training)
        minibatch = self.code_game(codes, condition, seed, training)
        minibatch.outputs["images"] = tf.cast(images_in(output), tf.float32)
        minibatch.target = real
        minibatch.generator_losses.extend(losses)
        return minibatch
