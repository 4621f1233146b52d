"""BiGAN."""

import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Uniform
from keras_gans.losses import Symmetric
from keras_gans.losses import Weighted
from keras_gans.models.encoding import Encoding
from keras_gans.models.encoding import check_decodes_latents_alone
from keras_gans.models.encoding import inverse_networks
from keras_gans.models.paper import adam_for_both
from keras_gans.models.paper import paper_width
from keras_gans.training.gan import GAN
from keras_gans.training.minibatch import HeadMinibatch
from keras_gans.training.minibatch import Minibatch
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import output_shape
from keras_gans.utils import random
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.networks import output_of

# Games that BigBiGAN's discriminator judges besides, by its heads.
_UNARY = {"images": "image_scores", "codes": "code_scores"}


class BiGAN(Encoding, GAN):
    """BiGAN: an encoder learns beside the generator, because the discriminator judges images together with their latents.

    D:    -1/2 log D(x, E(x)) - 1/2 log(1 - D(G(z), z))
    G, E: -1/2 log(1 - D(x, E(x))) - 1/2 log D(G(z), z)

    Where nobody can tell (x, E(x)) from (G(z), z), E inverts G, though neither ever sees what the other makes. All networks move
    at once, from one pass; Adam(2e-4, beta_1=0.5). Images are in [0, 1], latents uniform in (-1, 1). The authors' batches have
    128 images, 200 epochs at this rate and 200 in which it falls to a hundredth.

    A discriminator with the outputs `image_scores` and `code_scores` judges each half alone, too, as BigBiGAN's: three games,
    each with D: hinge, G and E: real - fake, without a hinge.

    Args:
        generator, encoder, discriminator: Networks instead of the paper's, `keras_gans.networks.bigan`: latents to images; images
            to latents, or to a dict with `mean` and `log_scale`; images and latents (an input called "latents") to scores. Those
            that are not given are made for the generator's shapes.
        image_shape: Tuple (height, width, channels). Default: (28, 28, 1).
        latents: A prior, or the width of a `Uniform` one. Default: `Uniform`, of the generator's width, or 50.
        ema, name: As in `GAN`; the encoder has an average, too.

    Raises:
        ValueError: if the networks do not fit together.

    Example:

    ```python
    network = keras_gans.networks.bigan
    gan = keras_gans.BiGAN(*(build(units=16) for build in (network.generator, network.encoder, network.discriminator)))
    gan.compile()
    images = np.random.default_rng(0).uniform(0, 1, (8, 28, 28, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    print(gan.encode(images).shape, gan.reconstruct(images).shape)  # (8, 50) (8, 28, 28, 1)
    ```

    Differences: no weight decay (the release has 2.5e-5). Batch normalization of the discriminator sees pairs of images apart
    from pairs of latents, as the release's. BigBiGAN's networks are larger, and its encoder has ten times the rate.

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning (2016), arXiv:1605.09782; matches jeffdonahue/bigan. Donahue,
        Simonyan, Large Scale Adversarial Representation Learning (2019), arXiv:1907.02544, for the three scores.
    """

    roles = {"discriminator": ("discriminator",), "generator": ("generator", "encoder")}
    condition_input = None  # what the discriminator takes beside images is not a condition of the user's
    builders = networks.bigan
    prior = Uniform

    def __init__(
        self, generator=None, encoder=None, discriminator=None, image_shape=(28, 28, 1), latents=None, ema=None, name=None
    ):
        given = generator, encoder, image_shape, latents
        generator, encoder, latents = inverse_networks(self.builders, *given, prior=self.prior)
        if discriminator is None:
            discriminator = self.builders.discriminator(output_shape(generator), paper_width(latents))
        super().__init__(generator, discriminator, latents, ema, None, name)
        self.set_networks(encoder=encoder)

    @property
    def games(self):
        head = output_of(self.discriminator) if self.discriminator is not None else None
        unary = [game for game, key in _UNARY.items() if isinstance(head, dict) and key in head]
        return dict.fromkeys(["pairs", *unary], "discriminator")

    def recipe(self):
        several = len(self.games) > 1
        return {
            **super().recipe(),
            **adam_for_both(2e-4, beta_1=0.5, epsilon=1e-8),
            "loss": Symmetric("hinge", generator="wasserstein") if several else Weighted(Symmetric(), 0.5, 0.5),
        }

    def check_networks(self):
        super().check_networks()
        check_decodes_latents_alone(self.generator, type(self).__name__)
        taken = NetworkInputs(self.discriminator, "images").condition
        made = self.code_shape
        if taken is None or isinstance(taken, dict) or tuple(taken.shape[1:]) != made:
            received = "no second input" if taken is None else taken
            raise ValueError(
                f'The discriminator must take images together with their latents, an input {made} called "latents". Received: '
                f"{received}."
            )

    def check_recipe(self, plan, optimizers):
        """Raises if nothing that the generator's side minimizes depends on the real scores, from which the encoder learns."""
        super().check_recipe(plan, optimizers)
        reaching = [parts for game, parts in plan.items() if game != "images"]
        reached = any(parts.loss.uses_real or any(term.applies_to("generator") for term in parts.terms) for parts in reaching)
        if self.encoder.trainable_variables and not reached:
            loss = type(plan["pairs"].loss).__name__
            raise ValueError(
                f"The encoder of a {type(self).__name__} learns from real scores, which the generator's half of this loss does "
                f'not use. Received: {loss}. Wrap it in keras_gans.losses.Symmetric, as Symmetric("non_saturating"): generator '
                "and encoder minimize the discriminator's half with both scores exchanged."
            )

    def draw(self, real, condition, seed, training=True):
        latents = self.latents.sample(tf.shape(real)[0], random.fold_in(seed, "latents"))
        output, losses = run_network(self.generator, "latents", latents, None, training)
        codes, _, more = self.infer(real, seed, training)

        def game(name, kind):
            minibatch = self.minibatch(real, output, latents, None, seed, training, name, kind)
            minibatch.real_condition, minibatch.fake_condition, minibatch.of_pairs = codes, latents, True
            return minibatch

        main, *halves = self.games
        minibatch = game(main, Minibatch)
        minibatch.generator_losses.extend([*losses, *more])
        for half in halves:
            minibatch.add_game(half, game(half, HeadMinibatch)).head = _UNARY[half]
        return minibatch
