"""What a GAN is: two players with their networks, a prior, perhaps a moving average. How it is trained is in `recipe.py`."""

import functools
import numbers
import random as python_random

import keras
import tensorflow as tf

from keras_gans.export import Sampler
from keras_gans.export import export_sampler
from keras_gans.latents import Latents
from keras_gans.latents import Normal
from keras_gans.training import network_checks as checks
from keras_gans.training.ema import EMA
from keras_gans.training.run_network import condition_input
from keras_gans.training.run_network import run
from keras_gans.utils.config import Serializable
from keras_gans.utils.networks import clone

PLAYERS = ("generator", "discriminator")


class Players(Serializable, keras.Model):
    """A generator and a discriminator, and everything that samples from them. See `GAN` for the arguments."""

    def __init__(self, generator=None, discriminator=None, latents=None, ema=None, classes=None, name=None):
        super().__init__(name=name)
        self.generator = self.discriminator = self.ema_generator = None
        self.latents = latents
        self.ema = EMA(ema) if isinstance(ema, numbers.Real) else ema
        self.classes = classes
        self.seed = self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name="seed")
        self.seed.assign(python_random.getrandbits(62))  # follows keras.utils.set_random_seed
        self.counters = {
            name: self.add_weight(shape=(), dtype="int64", initializer="zeros", trainable=False, name=f"{name}_updates")
            for name in (*PLAYERS, "average", "evaluation")
        }
        self.set_networks(generator, discriminator)

    def set_networks(self, generator=None, discriminator=None):
        """Takes the networks in, when both are there: the constructor's, or `compile`'s."""
        for role, network in (("generator", generator), ("discriminator", discriminator)):
            if network is None or network is getattr(self, role):
                continue
            if getattr(self, role) is not None:
                raise ValueError(f"This GAN already has a {role}. Pass it to the constructor, or to `compile`, not to both.")
            checks.check_network(network, role)
            setattr(self, role, network)
            if hasattr(self._arguments, role):
                setattr(self._arguments, role, network)
        if self.generator is None or self.discriminator is None or self.built:
            return
        checks.check_fit_together(self.generator, self.discriminator)
        wanted = tuple(self.generator.inputs[0].shape[1:])
        self.latents = as_latents(self.latents, default=Normal(wanted))
        if self.latents.shape != wanted:
            raise ValueError(f"The generator takes latents of shape {wanted}. Received: latents of shape {self.latents.shape}.")
        self.classes = self.classes or checks.number_of_classes(self.generator)
        if self.ema is not None:
            self.ema_generator = clone(self.generator)
            self.ema_generator.trainable = False
        self.built = True

    @property
    def sampler(self):
        """The network that samples: the average of the generator, or the generator."""
        if self.generator is None:
            raise ValueError("This GAN has no generator yet. Pass networks to the constructor, or to `compile`.")
        return self.generator if self.ema_generator is None else self.ema_generator

    @property
    def condition_input(self):
        """The Keras input that takes the condition; None for an unconditional GAN."""
        return condition_input([network for player in PLAYERS for network in self.networks(player)])

    def networks(self, player):
        """The networks that `player`, "generator" or "discriminator", owns."""
        return [getattr(self, player)]

    def variables_of(self, player):
        """The variables that `player` trains."""
        return [variable for network in self.networks(player) for variable in network.trainable_variables]

    def build(self, input_shape=None):
        """Does nothing: the networks are built already."""

    # Sampling.

    def call(self, inputs, training=False):
        """Images of latents, or of `(latents, condition)`, from the sampler."""
        latents, condition = inputs if isinstance(inputs, (tuple, list)) else (inputs, None)
        return tf.cast(run(self.sampler, latents, condition, training)[0], tf.float32)

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        """Draws images (or whatever the generator makes) from the sampler.

        See `keras_gans.export.Sampler.generate` for the arguments and the errors. The same seed gives the same images, and
        the same as the exported `sample` endpoint.

        Returns:
            Float32 NumPy array, `(batch_size, ...)`.
        """
        return self._sampler.generate(batch_size, condition, latents, truncation, seed)

    @functools.cached_property
    def _sampler(self):
        return Sampler(self.sampler, self.latents, self.classes)

    def export(self, filepath, verbose=False):
        """Writes the sampler, and nothing else, as a SavedModel.

        Endpoints, each with the output `images`, float32, for any batch size:

        - `serve` (also `serving_default`): `latents`, and `condition` if the generator takes one.
        - `sample`: `batch_size` int32 scalar, `seed` int32 (2,); `truncation` float32 scalar if the prior has it, negative
          for none; `condition` of length 1 or `batch_size`, if the generator takes one. The same seed gives the same images,
          and those of `generate`.

        Args:
            filepath: Folder to write, for TensorFlow Serving `<name>/<version>`. A SavedModel that is there is replaced.
            verbose: Bool, whether Keras prints the endpoints. Default: False.

        Raises:
            ValueError: if `filepath` exists and is not a SavedModel.
        """
        export_sampler(self._sampler, filepath, verbose)


def as_latents(latents, default):
    """The prior that `latents` stands for: None for `default`, an int n or a tuple for `Normal` of it."""
    if latents is None:
        return default
    return latents if isinstance(latents, Latents) else Normal(latents)
