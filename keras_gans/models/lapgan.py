"""LAPGAN."""

import math

import keras
import tensorflow as tf

from keras_gans import networks
from keras_gans.latents import Uniform
from keras_gans.losses import Weighted
from keras_gans.models.paper import paper_classes
from keras_gans.training.gan import GAN
from keras_gans.training.network_calls import run_network
from keras_gans.training.network_checks import output_shape
from keras_gans.training.players import latent_shape
from keras_gans.utils import random
from keras_gans.utils.integers import is_int
from keras_gans.utils.laplacian_pyramid import bands_and_coarse
from keras_gans.utils.laplacian_pyramid import decrease
from keras_gans.utils.laplacian_pyramid import size_pair
from keras_gans.utils.network_inputs import NetworkInputs


class LAPGAN(GAN):
    """LAPGAN: a small image, and, level by level, what a larger one has more; each level is a GAN of its own.

    I_1 = G_1(z_1),    I_k = l_k + G_k(z_k, l_k),    l_k = u(I_(k-1))                         to sample
    D_k: 1/2 BCE(D_k(h_k, l_k), 1) + 1/2 BCE(D_k(G_k(z_k, l_k), l_k), 0),    h_k = I_k - l_k  to train, of real images I_k alone
    G_k: BCE(D_k(G_k(z_k, l_k), l_k), 1)

    Each level is a game, "level_1" that of the smallest images, whose logs have no prefix. All see the pyramid of the same real
    images, `keras_gans.utils.laplacian_pyramid`: no level sees what another one makes before images are sampled, and no gradient
    goes from one to another. So whether levels train at once, as they do unless told otherwise, or one after the other
    (`train_levels`) makes no difference but in memory and in the minibatches.

    In each step the discriminators move first; SGD with learning rate 0.02 and momentum 0.5; latents uniform in (-1, 1), those of
    all levels as one vector. The authors' batches have 64 real images, and 64 generated ones.

    Both players are one network each, a pyramid of the levels' networks (`networks.lapgan.pyramid_generator`), so that they are
    saved and copied as one, and the generator is what samples.

    Args:
        generator: List of generators, from the smallest images to the largest, or a pyramid of them, instead of the paper's,
            `keras_gans.networks.lapgan`.
        discriminator: List of discriminators, or a pyramid of them.
        image_shape: Tuple (height, width, channels). Default: (28, 28, 3).
        sizes: The sizes of the levels below, ints or pairs (height, width), from the smallest. Default: (8, 14), those for
            CIFAR-10, of which the authors take crops of 28.
        latents: Default: `Uniform`, of the width that the levels take together.
        ema: As in `GAN`.
        classes: Int for a class-conditional LAPGAN. Default: that of the networks given, else none.
        name: String.

    Raises:
        ValueError: if the networks are not those of levels that grow, or the players' levels differ.

    Example:

    ```python
    network = keras_gans.networks.lapgan
    generators = [network.generator((5, 5, 1), units=8), network.level_generator((10, 10, 1), filters=4)]
    discriminators = [network.discriminator((5, 5, 1), units=8), network.level_discriminator((10, 10, 1), filters=4)]
    gan = keras_gans.LAPGAN(generators, discriminators)
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (8, 10, 10, 1)).astype("float32")
    gan.fit(images, batch_size=4)
    print(gan.generate(3, seed=0).shape)  # (3, 10, 10, 1)
    ```

    Differences: the learning rate stays (the release divides it by 1.000004 an epoch), and so does the momentum (there it rises
    by 0.0008 an epoch, to 0.7). A generator's step has as many images as the batch, there twice as many, and generated bands
    have the l_k of the real ones at hand, there those of others. Images are in [-1, 1], there normalized; they are resized as
    in the release, the paper blurs them. The paper presents a real or a generated band, each half the time.

    Reference:
        Denton, Chintala, Szlam, Fergus, Deep Generative Image Models using a Laplacian Pyramid of Adversarial Networks (2015),
        arXiv:1506.05751; matches facebookarchive/eyescream for CIFAR-10.
    """

    def __init__(
        self,
        generator=None,
        discriminator=None,
        image_shape=(28, 28, 3),
        sizes=(8, 14),
        latents=None,
        ema=None,
        classes=None,
        name=None,
    ):
        build = networks.lapgan
        generator = build.pyramid_generator(generator) if isinstance(generator, (list, tuple)) else generator
        discriminator = build.pyramid_discriminator(discriminator) if isinstance(discriminator, (list, tuple)) else discriminator
        classes = paper_classes(classes, generator, discriminator, default=None)
        if generator is not None:
            shapes = _shapes_made(generator)
        elif discriminator is not None:
            shapes = _shapes_judged(discriminator)
        else:
            shapes = _shapes(image_shape, sizes)
        if generator is None:
            first, *others = shapes
            levels = [build.level_generator(shape, classes) for shape in others]
            generator = build.pyramid_generator([build.generator(first, classes=classes), *levels])
        if discriminator is None:
            first, *others = shapes
            levels = [build.level_discriminator(shape, classes) for shape in others]
            discriminator = build.pyramid_discriminator([build.discriminator(first, classes), *levels])
        latents = Uniform(latent_shape(generator, None)) if latents is None else latents
        super().__init__(generator, discriminator, latents, ema, classes, name)

    @property
    def games(self):
        levels = networks.lapgan.levels(self.generator)
        return {level.name: "discriminator" for level in levels if level.trainable}

    def compile(self, *args, **kwargs):
        """As `GAN.compile`, to play the levels that are trainable."""
        if not self.games:
            raise ValueError(
                "A LAPGAN plays the levels of its generator that are trainable. Received: a generator whose levels are all "
                "frozen. Set gan.generator.trainable = True; gan.train_levels(...) says which levels train."
            )
        super().compile(*args, **kwargs)

    def train_levels(self, *levels):
        """Says which levels train from now on, until it is said again; then call `compile`.

        Others rest: they are frozen, not played, and not logged. This is saved with the model.

        Args:
            *levels: Ints, from 1, the level of the smallest images. None: all.

        Raises:
            ValueError: for a level that there is not.

        Example:

        ```python
        network = keras_gans.networks.lapgan
        generators = [network.generator((5, 5, 1), units=8), network.level_generator((10, 10, 1), filters=4)]
        discriminators = [network.discriminator((5, 5, 1), units=8), network.level_discriminator((10, 10, 1), filters=4)]
        gan = keras_gans.LAPGAN(generators, discriminators)
        for level in (1, 2):
            gan.train_levels(level)
            gan.compile()
            gan.fit(np.zeros((4, 10, 10, 1), "float32"), epochs=1)
        print(list(gan.games))  # ['level_2']
        ```
        """
        pairs = list(zip(*map(networks.lapgan.levels, (self.generator, self.discriminator)), strict=True))
        if not all(is_int(level) and 1 <= level <= len(pairs) for level in levels):
            raise ValueError(f"This LAPGAN has the levels 1 to {len(pairs)}. Received: levels {levels}.")
        for number, pair in enumerate(pairs, 1):
            for network in pair:
                network.trainable = not levels or number in levels

    def recipe(self):
        return {
            **super().recipe(),
            "generator_optimizer": keras.optimizers.SGD(0.02, momentum=0.5),
            "discriminator_optimizer": keras.optimizers.SGD(0.02, momentum=0.5),
            "loss": Weighted("non_saturating", discriminator=0.5),
            "update_rule": "alternating",
        }

    def discriminator_of(self, game):
        return self.discriminator.get_layer(game)

    def check_networks(self):
        made, judged = _shapes_made(self.generator), _shapes_judged(self.discriminator)
        if made != judged:
            raise ValueError(f"The discriminators must take what the generators make. Received: levels {made}, and {judged}.")
        super().check_networks()

    def draw(self, real, condition, seed, training=True):
        latents = self.latents.sample(tf.shape(real)[0], random.fold_in(seed, "latents"))
        games = self.games
        minibatches = {}
        for level, noise, (band, coarse) in zip(
            networks.lapgan.levels(self.generator), self._split(latents), self._bands(real), strict=True
        ):
            if level.name in games:
                told = condition if coarse is None else {"coarse": coarse, "condition": condition}
                output, losses = run_network(level, "latents", noise, told, training)
                minibatch = self.minibatch(band, output, latents, told, seed, training, level.name)
                minibatch.generator_losses.extend(losses)
                minibatches[level.name] = minibatch
        main, *others = games
        for game in others:
            minibatches[main].add_game(game, minibatches[game])
        return minibatches[main]

    def samples(self, minibatch, condition):
        return self((minibatch.latents, condition))

    def _split(self, latents):
        """The latents of each level."""
        shapes = [_latent_shape(level) for level in networks.lapgan.levels(self.generator)]
        parts = tf.split(latents, [math.prod(shape) for shape in shapes], axis=-1)
        return [tf.reshape(part, (-1, *shape)) for part, shape in zip(parts, shapes, strict=True)]

    def _bands(self, images):
        """For each level what its discriminator takes for real: the band, and the images of the level below, enlarged.

        Of the first level the images, and None.
        """
        *smaller, _ = [shape[:2] for shape in _shapes_made(self.generator)]
        pairs, smallest = bands_and_coarse(images, smaller[::-1])
        return [(smallest, None), *reversed(pairs)]


def _latent_shape(level):
    return tuple(NetworkInputs(level, "latents").main.shape[1:])


def _shapes_made(generator):
    """The image shapes of a generator's levels."""
    return [output_shape(level) for level in networks.lapgan.levels(generator)]


def _shapes_judged(discriminator):
    """The image shapes of a discriminator's levels."""
    return [tuple(NetworkInputs(level, "images").main.shape[1:]) for level in networks.lapgan.levels(discriminator)]


def _shapes(image_shape, sizes):
    """The image shapes of all levels, from the smallest."""
    pairs = [*map(size_pair, sizes), size_pair(image_shape[:2])]
    if len(pairs) < 2 or None in pairs or not decrease(pairs[::-1]):
        raise ValueError(
            "`sizes` must be those of the levels below the images, ints or pairs (height, width), in increasing order. "
            f"Received: sizes={sizes!r}, image_shape={image_shape!r}."
        )
    return [(*pair, image_shape[-1]) for pair in pairs]
