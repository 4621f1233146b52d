"""VAE/GAN."""

import keras
import tensorflow as tf

from keras_gans import networks
from keras_gans.balance import Equilibrium
from keras_gans.latents import Normal
from keras_gans.losses import FeatureReconstruction
from keras_gans.losses import GaussianKL
from keras_gans.losses import Weighted
from keras_gans.models.encoding import Encoding
from keras_gans.models.encoding import check_decodes_latents_alone
from keras_gans.models.encoding import check_stochastic
from keras_gans.models.encoding import inverse_networks
from keras_gans.training.gan import GAN
from keras_gans.training.minibatch import SameRealMinibatch
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import check_is_told_nothing
from keras_gans.training.network_checks import output_shape
from keras_gans.utils import random
from keras_gans.utils.choices import check_bools
from keras_gans.utils.gradients import scale_gradient
from keras_gans.utils.networks import images_in
from keras_gans.utils.numbers import check_finite_numbers


class VAEGAN(Encoding, GAN):
    """VAE/GAN: a variational autoencoder that compares images by the discriminator's features, and whose decoder plays a GAN.

    z ~ q(z|x) = N(mean(x), scale(x)^2),    x~ = G(z),    z_p ~ N(0, 1)

    L_prior = KL(q(z|x) || N(0, 1)),    L_rec = 1/2 sum (f(x) - f(x~))^2,    f the discriminator's features
    L_GAN = log D(x) + log(1 - D(G(z_p)))

    E: L_prior + L_rec
    G: gamma L_rec + (1 - gamma) L_GAN
    D: -1/2 L_GAN

    The game sends the encoder no gradient, and the reconstruction none to the discriminator. Encoder and generator are one side,
    with one objective, L_prior + L_rec + (1 - gamma) L_GAN: on its way back the gradient of L_rec is multiplied by gamma
    where it enters the generator, and divided by gamma where it leaves it for the encoder.

    A player rests while the other one is far behind (`balance.Equilibrium`), so updates alternate, D first. RMSprop with a rate
    of 0.025 / 64. Images are in [-1, 1]. The authors' batches have 64 images.

    Args:
        generator, encoder, discriminator: Networks instead of the paper's, `keras_gans.networks.vaegan`: latents to images;
            images to a dict with `mean` and `log_scale`; images to a dict with `scores` and `features`.
        gamma: Float in (0, 1), the share of L_rec in the generator's gradient. Default: 1e-6, that for CelebA; the code's default
            is 5e-5.
        discriminate_reconstructions: Bool, whether reconstructions, without a gradient to the encoder, are the fakes of a second
            game, as in the paper; the authors' script for CelebA has them not. Default: False.
        image_shape: Tuple (height, width, channels), sizes multiples of 8. Default: (64, 64, 3).
        ema, name: As in `GAN`; the encoder has an average, too.

    Raises:
        ValueError: if `gamma` is out of range, or the networks do not fit together.

    Example:

    ```python
    network, small = keras_gans.networks.vaegan, {"image_shape": (16, 16, 1), "filters": 4}
    gan = keras_gans.VAEGAN(network.generator(**small), network.encoder(**small), network.discriminator(**small))
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    print(gan.encode(images).shape, gan.reconstruct(images).shape)  # (8, 128) (8, 16, 16, 1)
    ```

    Differences: where the generator rests, so does the encoder, which the release always updates; the rule looks at the step
    before, there at the one at hand; a round's two steps draw anew, there all gradients come from one pass. (Fixed steps,
    `compile(discriminator_steps=1)`, leave the rule out, and all networks then move from one pass.) With
    `discriminate_reconstructions`, the rule's cost of fakes is that of the samples; there it is the mean over samples and
    reconstructions. The discriminator normalizes real, generated and reconstructed images each by themselves, there real and
    generated ones together. The rate stays (there it falls to 1e-5 / 64), there is no weight decay (1e-5), and logarithms have no
    0.001 added.

    The gradient of L_rec is itself multiplied by gamma on its way through the generator, and divided by it behind; there the
    generator's variables multiply theirs. In exact numbers both are the same. Under a policy of half precision a millionth of the
    gradient passes the generator's layers: `mixed_bfloat16` has float32's range for it, `mixed_float16` rounds to 0 what is below
    3e-8, also of a scaled loss.

    Reference:
        Larsen, Sønderby, Larochelle, Winther, Autoencoding beyond pixels using a learned similarity metric (2015),
        arXiv:1512.09300, algorithm 1; matches andersbll/autoencoding_beyond_pixels (model/aegan.py, celeba_aegan.py).
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator", "encoder")}

    def __init__(
        self,
        generator=None,
        encoder=None,
        discriminator=None,
        gamma=1e-6,
        discriminate_reconstructions=False,
        image_shape=(64, 64, 3),
        ema=None,
        name=None,
    ):
        check_bools(discriminate_reconstructions=discriminate_reconstructions)
        check_finite_numbers(gamma=gamma)
        if not 0 < gamma < 1:
            raise ValueError(f"`gamma` must be in (0, 1). Received: gamma={gamma!r}")
        given = generator, encoder, image_shape, None
        generator, encoder, latents = inverse_networks(networks.vaegan, *given, prior=Normal)
        if discriminator is None:
            discriminator = networks.vaegan.discriminator(output_shape(generator))
        self.gamma = gamma
        self.discriminate_reconstructions = discriminate_reconstructions
        super().__init__(generator, discriminator, latents, ema, None, name)
        self.set_networks(encoder=encoder)

    @property
    def games(self):
        games = ["samples", *(["reconstructions"] if self.discriminate_reconstructions else [])]
        return dict.fromkeys(games, "discriminator")

    def recipe(self):
        loss = Weighted("minimax", discriminator=0.5 / len(self.games), generator=1.0 - self.gamma)
        return {
            **super().recipe(),
            "generator_optimizer": keras.optimizers.RMSprop(0.025 / 64, rho=0.9),
            "discriminator_optimizer": keras.optimizers.RMSprop(0.025 / 64, rho=0.9),
            "loss": loss,
            "auxiliary_losses": {"samples": [GaussianKL(1.0, reduction="sum"), FeatureReconstruction()]},
            "balance": Equilibrium(),
        }

    def check_networks(self):
        super().check_networks()
        check_stochastic(self.encoder, "a VAE/GAN")
        check_decodes_latents_alone(self.generator, type(self).__name__)
        check_is_told_nothing(self.discriminator, "images", f"The discriminator of {type(self).__name__}")

    def draw(self, real, condition, seed, training=True):
        code, outputs, losses = self.infer(real, seed, training)
        latents = self.latents.sample(tf.shape(real)[0], random.fold_in(seed, "latents"))

        def decoded(latents):
            output, own = run_network(self.generator, "latents", latents, None, training)
            losses.extend(own)
            return images_in(output)

        minibatch = self.minibatch(real, decoded(latents), latents, None, seed, training)
        reconstruction = decoded(scale_gradient(code, 1.0 / self.gamma))
        minibatch.outputs |= {**outputs, "reconstruction": scale_gradient(tf.cast(reconstruction, tf.float32), self.gamma)}
        if self.discriminate_reconstructions:
            fake = decoded(tf.stop_gradient(code))
            game = self.minibatch(real, fake, code, None, seed, training, "reconstructions", SameRealMinibatch)
            minibatch.add_game("reconstructions", game)
        minibatch.generator_losses.extend(losses)
        return minibatch
