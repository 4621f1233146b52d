"""UNIT."""

import keras
import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import NoLatents
from keras_gans.losses import CycleConsistency
from keras_gans.losses import GaussianKL
from keras_gans.losses import SelfReconstruction
from keras_gans.losses import Weighted
from keras_gans.models.joint import Joint
from keras_gans.models.joint import joint
from keras_gans.models.paper import adam_for_both
from keras_gans.models.translation import TranslationBack
from keras_gans.training.gan import GAN
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import check_fit_together
from keras_gans.utils import random
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.sources import checked_source


class UNIT(Joint, TranslationBack, GAN):
    """UNIT: translates images between two domains by codes that both share: two variational autoencoders and two GANs in one.

    Images of each domain are encoded to the mean of a Gaussian of scale 1, z = E(x) + noise, and decoded in either domain. The
    encoders share their last layers, the generators their first, the discriminators their last. For each domain:

    G, E: 10 BCE(D_b(G_b(z_a)), 1) + 100 (mean |G_a(z_a) - a| + mean |G_a(z_ab) - a|) + 0.1 (mean E_a(a)^2 + mean E_b(G_b(z_a))^2)
    D_b:  BCE(D_b(b), 1) + BCE(D_b(G_b(z_a)), 0)

    where z_ab encodes the translated image, G_b(z_a). The discriminators' step comes first; Adam(1e-4, beta_1=0.5,
    weight_decay=1e-4) for both. The paper's batches have one image of each domain. Data are batches of `(a, b)`;
    `keras_gans.data.unpaired` makes them. (The lectures list it as "CoVAE-GAN".)

    Args:
        generator: A pair of built `keras.Model`, codes to images of b and of a, which may share layers; or one joint model of
            both, `utils.joined.joined` by the names "forward" and "backward". Default: `keras_gans.networks.unit.generators`.
        encoder: A pair, images of a and of b to codes; or one joint model. Default: `networks.unit.encoders`.
        discriminator: A pair, images of b and of a to scores; or one joint model. Default: `networks.unit.discriminators`.
        image_shape: Tuple (height, width, channels) of both domains. Default: (128, 128, 3).
        ema: As in `GAN`; all generators and encoders have an average.
        name: String.

    Raises:
        ValueError: if these are not two networks each, or do not fit together.

    Example:

    ```python
    network, small = keras_gans.networks.unit, {"image_shape": (16, 16, 1), "filters": 4}
    discriminators = network.discriminators(shared_layers=1, **small)
    gan = keras_gans.UNIT(network.generators(blocks=1, **small), network.encoders(blocks=1, **small), discriminators)
    gan.compile()
    a, b = np.random.default_rng(0).uniform(-1, 1, (2, 4, 16, 16, 1)).astype("float32")
    gan.fit(a, b, batch_size=2)
    print(gan.translate(a).shape, gan.translate_back(b).shape)  # (4, 16, 16, 1) (4, 16, 16, 1)
    print(gan.encode(a).shape)  # (4, 4, 4, 16)
    ```

    Differences: translations, `evaluate` and exports use the mean of a code, without noise. The divergence is that of the mean
    of a code; the authors' code squares the code with its noise, whose expectation is larger by a constant. The authors' code
    weighs the discriminators' loss by 10 too, which Adam does not see. Weight decay is Keras', apart from the gradient; that of
    the authors' framework is added to it.

    Reference:
        Liu, Breuel, Kautz, Unsupervised Image-to-Image Translation Networks (2017), arXiv:1703.00848; weights, order and losses
        match mingyuliutw/UNIT at the time of the paper (`src/trainers/cocogan_trainer.py`, `exps/unit`).
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator", "encoder")}
    games = {"forward": "discriminator", "backward": "discriminator"}

    def __init__(self, generator=None, encoder=None, discriminator=None, image_shape=(128, 128, 3), ema=None, name=None):
        given = {"generator": generator, "encoder": encoder, "discriminator": discriminator}
        for role in given:
            pair = getattr(networks.unit, f"{role}s")(image_shape) if given[role] is None else given[role]
            setattr(self._arguments, role, joint(pair, self.games, f"unit_{role}"))
        super().__init__(self._arguments.generator, self._arguments.discriminator, NoLatents(), ema, None, name)

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(1e-4, beta_1=0.5, weight_decay=1e-4),
            "loss": Weighted("non_saturating", generator=10.0),
            "auxiliary_losses": [
                SelfReconstruction(100.0),
                CycleConsistency(100.0),
                GaussianKL(0.2, log_scale=None),
                GaussianKL(0.2, mean="cycle_mean", log_scale=None, name="cycle_kl"),
            ],
            "update_rule": "alternating",
        }

    @property
    def condition_input(self):
        return NetworkInputs(self.sampler, None).condition

    @property
    def source_range(self):
        return image_range_of(self.view(self.generator, "backward"))

    def check_networks(self):
        for game in self.games:
            generator, encoder = self.view(self.generator, game), self.view(self.encoder, game)
            check_fit_together(generator, self.view(self.discriminator, game), f"{game} ")
            made, taken = encoder.output.shape[1:], generator.inputs[0].shape[1:]
            if made != taken:
                raise ValueError(
                    f"The generators must take what an encoder makes. Received: codes {tuple(made)}, and generators that take "
                    f"{tuple(taken)}."
                )

    def sampling_network(self, generator, encoder):
        return self._translation(generator, encoder, "forward")

    def _translation(self, generator, encoder, game):
        encoder, generator = self.view(encoder, game), self.view(generator, game)
        source = keras.Input(encoder.inputs[0].shape[1:], name="source")
        return keras.Model(source, generator(encoder(source)), name=f"unit_{game}")

    def backward_network(self, generator, encoder):
        return self._translation(generator, encoder, "backward")

    def encode(self, images, batch_size=None):
        """The codes of images of domain a, the means of their Gaussians: a float32 NumPy array.

        Args:
            images: Float array `(batch, height, width, channels)`, or a list of images, in `source_range`.
            batch_size: Int, how many at a time. Default: 32.
        """
        images = checked_source(images, self.condition_input, self.source_range, "encoder takes")
        self.follow_loaded_weights()
        encoder = self.view(self.sampled_networks()[1], "forward")
        return encoder.predict(images, batch_size=batch_size, verbose=0)

    def endpoints(self, generator, encoder):
        encode = self.view(encoder, "forward"), "images", "latents", self.source_range
        return {**super().endpoints(generator, encoder), "encode": encode}

    def draw(self, real, condition, seed, training=True):
        minibatch = self._draw("forward", "backward", real, condition, seed, training)
        minibatch.add_game("backward", self._draw("backward", "forward", condition, real, seed, training))
        return minibatch

    def _draw(self, game, back, real, source, seed, training):
        losses = []

        def call(network, view, main, x):
            output, own = run_network(self.view(network, view), main, x, None, training)
            losses.extend(own)
            return output

        def encoded(images, view, name):
            mean = tf.cast(call(self.encoder, view, "images", images), tf.float32)
            noise = random.normal(tf.shape(mean), random.fold_in(seed, game, name)) if training else 0.0
            return mean, mean + noise

        mean, code = encoded(source, game, "code")
        translated = call(self.generator, game, "latents", code)
        cycle_mean, cycle_code = encoded(translated, back, "cycle code")
        outputs = {
            "images": translated,
            "mean": mean,
            "self_reconstruction": call(self.generator, back, "latents", code),
            "cycle_mean": cycle_mean,
        }
        minibatch = self.minibatch(real, outputs, None, source, seed, training, game)
        minibatch.reconstruction = tf.cast(call(self.generator, back, "latents", cycle_code), tf.float32)
        minibatch.generator_losses.extend(losses)
        return minibatch
