"""CoGAN."""

import functools

import tensorflow as tf

from keras_gans import networks
from keras_gans.export import Sampler
from keras_gans.models.joint import Joint
from keras_gans.models.joint import joint
from keras_gans.models.paper import adam_for_both
from keras_gans.training.batch_checks import check_batch
from keras_gans.training.gan import GAN
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import check_fit_together
from keras_gans.utils import random
from keras_gans.utils.networks import image_range_of
from keras_gans.utils.split_batch import split_pair


class CoGAN(Joint, GAN):
    """CoGAN: two GANs that share the layers for the content of images, so that one z gives a pair of images.

    Each game is an ordinary one: G_a(z) against images a, G_b(z) against images b, with one z. Nothing pairs the images; that the
    generators share all but their last layers makes pairs of what they make of one z.

    Non-saturating loss, the discriminators' step first, then the generators' with a fresh z; Adam(2e-4, beta_1=0.5,
    weight_decay=5e-4) for both. The authors' batches have 64 images of each domain. Images are in [0, 1]. Data are batches of
    `(a, b)`, which need not belong together.

    Args:
        generator: A pair of built `keras.Model`, latents to images of a and of b, which may share layers; or one joint model of
            both, `utils.joined.joined` by the names "first" and "second". Default: `keras_gans.networks.cogan.generators`.
        discriminator: A pair, images of a and of b to scores; or one joint model. Default: `networks.cogan.discriminators`.
        latents, ema: As in `GAN`.
        image_shape: Tuple (28, 28, channels) of both domains. Default: (28, 28, 1).
        name: String.

    Raises:
        ValueError: if these are not two networks each, or do not fit together.

    Example:

    ```python
    network = keras_gans.networks.cogan
    gan = keras_gans.CoGAN(network.generators(filters=4), network.discriminators(widths=(4, 8, 16)))
    gan.compile()
    a, b = np.random.default_rng(0).uniform(0, 1, (2, 8, 28, 28, 1)).astype("float32")
    gan.fit(a, b, batch_size=4)
    first, second = gan.generate_pairs(3, seed=0)
    print(first.shape, second.shape)  # (3, 28, 28, 1) (3, 28, 28, 1)
    ```

    Differences: weight decay is Keras', apart from the gradient; that of the authors' framework is added to it.

    Reference:
        Liu, Tuzel, Coupled Generative Adversarial Networks (2016), arXiv:1606.07536; matches mingyuliutw/CoGAN.
    """

    games = {"first": "discriminator", "second": "discriminator"}

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, image_shape=(28, 28, 1), name=None):
        generator = networks.cogan.generators(image_shape) if generator is None else generator
        discriminator = networks.cogan.discriminators(image_shape) if discriminator is None else discriminator
        super().__init__(
            joint(generator, self.games, "cogan_generator"),
            joint(discriminator, self.games, "cogan_discriminator"),
            latents,
            ema,
            None,
            name,
        )

    def recipe(self):
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, weight_decay=5e-4),
            "update_rule": "alternating",
        }

    condition_input = None

    def check_networks(self):
        for game in self.games:
            check_fit_together(self.view(self.generator, game), self.view(self.discriminator, game), f"{game} ")

    def sampling_network(self, generator):
        return self.view(generator, "first")

    def generate_pairs(self, batch_size, latents=None, truncation=None, seed=None):
        """Pairs of images of both domains, each of one z.

        Args:
            batch_size, latents, truncation, seed: As in `generate`, which gives the first of each pair.

        Returns:
            Two float32 NumPy arrays.
        """
        given = {"truncation": truncation, "seed": seed}
        if latents is None:
            latents, given = self.as_sampler().draw_latents(batch_size, **given), {}
        first = self.generate(batch_size, latents=latents, **given)
        return first, self._second_sampler.generate(batch_size, latents=latents)

    @functools.cached_property
    def _second_sampler(self):
        network = self.view(self.sampled_networks()[0], "second")
        return Sampler(network, self.latents, None, image_range_of(network))

    def endpoints(self, generator):
        return {"serve_second": (self.view(generator, "second"), "latents", "images")}

    def draw(self, real, condition, seed, training=True):
        latents = self.latents.sample(tf.shape(real)[0], random.fold_in(seed, "latents"))
        # `condition` is the batch of the second domain: the networks take none.
        made, losses = self._pairs(latents, training)
        minibatch = self.minibatch(real, made["first"], latents, None, seed, training)
        minibatch.add_game("second", self.minibatch(condition, made["second"], latents, None, seed, training, "second"))
        minibatch.generator_losses.extend(losses)
        return minibatch

    def _pairs(self, latents, training):
        """The outputs of both generators, by game, and what their layers passed to `add_loss`."""
        if not isinstance(self.generator.input, dict):  # both begin at one input: what they share is computed once
            return run_network(self.generator, "latents", latents, None, training)
        runs = {game: run_network(self.view(self.generator, game), "latents", latents, None, training) for game in self.games}
        return {game: made for game, (made, _) in runs.items()}, [loss for _, losses in runs.values() for loss in losses]

    def unpack(self, batch):
        first, second = split_pair(batch)
        return tf.cast(first, tf.float32), tf.cast(second, tf.float32)

    def check_batch(self, batch):
        for game, key, real in zip(self.games, ("source", "target"), split_pair(self.local_part(batch)), strict=True):
            of = f' of the {game} domain ("{key}" of a dict)'
            check_batch(real, None, self.view(self.generator, game), None, None, of)
