"""The base of systems whose generator maps latents to styles, one for each layer of a synthesis."""

import functools
import math

import tensorflow as tf

from keras_gans.export import Sampler
from keras_gans.latents import Normal
from keras_gans.models.noise_sampler import NoiseSampler
from keras_gans.models.noise_sampler import noise_of
from keras_gans.models.paper import paper_networks
from keras_gans.networks.blocks.styles import mapping_of
from keras_gans.networks.blocks.styles import synthesis_of
from keras_gans.networks.blocks.styles import with_noise_input
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_calls import run_network_on
from keras_gans.training.players import as_latents
from keras_gans.utils import random
from keras_gans.utils.finite import finite_floats
from keras_gans.utils.networks import images_alone
from keras_gans.utils.numbers import check_unit_interval
from keras_gans.utils.style_mixing import StyleMixing
from keras_gans.utils.style_mixing import check_noise

DECAY = 0.5 ** (32 / 10_000)  # of the generator's average: a half-life of 10,000 images, in steps of 32
_CHUNK_PIXELS = 2**22  # of the images that are made at a time


class Styles(StyleMixing):
    """A mixin for a `GAN` whose generator is one of `networks.stylegan`, or of the same halves, a mapping and a synthesis.

    Its prior is not truncated: an input of the generator, `truncation`, draws styles towards their average, which is a weight of
    the generator. The noise of its layers comes from seeds: in training from that of the step; in `generate` and in exports
    from theirs, other for each image. Where `generate` is given latents, all images have the noise that the generator holds.

    Attributes:
        mixing_probability: Float, how many of the steps mix styles: their images have the styles of one vector of latents up to a
            layer that is drawn, and those of another one from there on. Default: 0.9.
    """

    mixing_probability = 0.9

    def set_mixing_probability(self, probability):
        """Sets `mixing_probability`.

        Raises:
            ValueError: unless it is in [0, 1].
        """
        check_unit_interval(mixing_probability=probability)
        self.mixing_probability = probability

    def check_networks(self):
        super().check_networks()
        mapping_of(self.generator)

    def draw(self, real, condition, seed, training=True):
        minibatch = super().draw(real, condition, seed, training)
        # For terms that ask how images follow from `minibatch.outputs["styles"]`.
        minibatch.synthesize = lambda styles: self._synthesized(styles, random.fold_in(seed, "more_noise"), training)[0]
        return minibatch

    def run_generator(self, latents, condition, seed, training):
        mapping, _, count = self.halves(self.playing("generator")[0])
        styles, losses = run_network(mapping, "latents", latents, condition, training)
        if training and self.mixing_probability:
            others = self.latents.sample(tf.shape(latents)[0], random.fold_in(seed, "mixed_latents"))
            # Not in training mode: the average of w follows the styles that are not mixed in.
            others, _ = run_network(mapping, "latents", others, condition, False)
            styles = self.mixed(styles, others, count, random.fold_in(seed, "mixing"))
        images, more = self._synthesized(styles, random.fold_in(seed, "noise"), training)
        return {"images": images, "styles": styles}, losses + more

    def _synthesized(self, styles, seed, training):
        """The images of styles, with noise that is drawn, and what layers passed to `add_loss`."""
        _, synthesis, _ = self.halves(self.playing("generator")[0])
        noise = noise_of(synthesis, tf.shape(styles)[0], seed)
        return run_network_on(synthesis, {"styles": styles, **noise}, training)

    def halves(self, generator):
        """The mapping, the synthesis, which takes noise, and how many styles its images depend on."""
        # Not an attribute that Keras tracks: the halves' layers are the generator's.
        known = self.__dict__.setdefault("_known_halves", {})
        if id(generator) not in known:
            mapping, synthesis = mapping_of(generator), with_noise_input(synthesis_of(images_alone(generator)))
            layers, size = mapping.output.shape[1], synthesis.output.shape[1]
            known[id(generator)] = generator, (mapping, synthesis, min(layers, 2 * int(math.log2(size)) - 2))
        return known[id(generator)][1]

    def mixed(self, styles, others, count, seed):
        """Replaces `styles` by `others` from a random layer on, with probability `mixing_probability`; else returns `styles`.

        Args:
            styles, others: Tensors `(batch, layers, width)`.
            count: Int, the number of layers that are in use: the random layer is one of these.
            seed: The seed of the step.
        """
        whether, where = tf.unstack(random.uniform((2,), seed))
        crossover = 1 + tf.minimum(tf.cast(where * (count - 1), tf.int32), count - 2)
        crossover = tf.where(whether < self.mixing_probability, crossover, count)
        return tf.where(tf.range(styles.shape[1])[None, :, None] < crossover, styles, others)

    def samples(self, minibatch, condition):
        return self._sampler.run(minibatch.latents, condition, noise=minibatch.seed)

    # Sampling.

    def make_sampler(self, network, endpoints):
        return self._sampler_of(network, NoiseSampler, endpoints)

    def _sampler_of(self, network, kind=Sampler, endpoints=None, latents=None):
        sampler = kind(network, latents or self.latents, self.classes, self.image_range, endpoints)
        height, width, _ = self.sampler.outputs[0].shape[1:]
        sampler.chunk = max(1, min(sampler.chunk, _CHUNK_PIXELS // (height * width)))
        return sampler

    def endpoints(self, generator, *others):
        mapping, synthesis = mapping_of(generator), images_alone(synthesis_of(generator))
        own = {"map": (mapping, "latents", "styles"), "synthesize": (synthesis, "styles", "images")}
        return {**super().endpoints(generator, *others), **own}

    @functools.cached_property
    def _mapping(self):
        return self._sampler_of(mapping_of(self.sampled_networks()[0]))

    @functools.cached_property
    def _synthesis(self):
        network = images_alone(synthesis_of(self.sampled_networks()[0]))
        return self._sampler_of(network, NoiseSampler, latents=Normal(tuple(network.input.shape[1:]), truncate_by=None))

    @functools.cached_property
    def _without_noise(self):
        return self._sampler_of(self.sampler)

    def generate(self, batch_size=None, condition=None, latents=None, truncation=None, seed=None, noise="random"):
        """Draws images from the sampler.

        Args:
            batch_size, condition, latents, truncation, seed: As for `keras_gans.export.Sampler.generate`. The truncation is the
                psi of styles, 1 where there is none.
            noise: "random": noise is drawn for each image with the seed; "fixed": all images have the generator's own noise, as
                when latents are given. Default: "random".

        Returns:
            Float32 NumPy array, `(batch_size, height, width, channels)`.

        Raises:
            ValueError: for another noise; and as `keras_gans.export.Sampler.generate`.
        """
        check_noise(noise)
        self.follow_loaded_weights()
        sampler = self._sampler if noise == "random" else self._without_noise
        return sampler.generate(batch_size, condition, latents, truncation, seed)

    def map(self, latents, condition=None, truncation=None):
        """The styles of latents: w for each layer of the synthesis.

        Args:
            latents: Array `(n, *latents.shape)`.
            condition: As for `generate`, of a conditional GAN.
            truncation: Float >= 0, psi: styles of the first layers (all those of maps to 32x32, unless the generator was made
                otherwise) are drawn towards the average w, which they are with 0. Default: 1, as they are.

        Returns:
            Float32 NumPy array `(n, layers, width)`.

        Raises:
            ValueError: if the latents have another shape, or hold NaN; if a condition is missing or does not fit; if psi is
                negative.
        """
        self.follow_loaded_weights()
        return self._mapping.generate(condition=condition, latents=finite_floats(latents, "latents"), truncation=truncation)

    def synthesize(self, styles, noise="random", seed=None):
        """The images of styles.

        Args:
            styles: Array `(n, layers, width)`, what `map` returns, or any mixture.
            noise: "random": that of each image is drawn with `seed`; "fixed": all have the one that the generator holds. Default:
                "random".
            seed: Int, or a pair of ints. Default: a new one each time, which follows `keras.utils.set_random_seed`.

        Returns:
            Float32 NumPy array `(n, height, width, channels)`.

        Raises:
            ValueError: if the styles have another shape, or hold NaN; for another noise; if a seed comes with noise that is
                fixed.
        """
        check_noise(noise)
        if noise == "fixed" and seed is not None:
            raise ValueError(f'With noise="fixed" there is nothing to draw. Received: seed={seed!r}. Leave it out.')
        styles = self.checked_styles(styles)
        self.follow_loaded_weights()
        seed = random.make_seed(seed) if noise == "random" else None
        return self._synthesis.images_of(len(styles), tf.constant(styles), seed=seed)


def styled_networks(builders, generator, discriminator, image_shape, latents, classes, **arguments):
    """As `keras_gans.models.paper.paper_networks`, with a prior that is not truncated, 512 wide unless said: styles are."""
    latents = as_latents(latents, None, functools.partial(Normal, truncate_by=None))
    given, prior = (generator, discriminator, image_shape, latents), Normal(512, truncate_by=None)
    return paper_networks(builders, *given, prior=prior, classes=classes, **arguments)
