"""A GAN of this library as a generator under evaluation."""

import numpy as np

from keras_gans.evaluation.generators.batch_norm_statistics import check_statistics
from keras_gans.evaluation.generators.batch_norm_statistics import with_batch_norm_statistics
from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.export import Sampler
from keras_gans.utils import random
from keras_gans.utils.conditions import condition_rows
from keras_gans.utils.conditions import takes_class_weights
from keras_gans.utils.network_inputs import NetworkInputs

_STANDING_BATCH = 64


class GANAdapter(GeneratorAdapter):
    """A `keras_gans.GAN`: it samples as `gan.generate` does, or from another `Sampler`, in [-1, 1].

    Args:
        gan: `keras_gans.GAN`.
        name: String. Default: the GAN's.
        sampler: `keras_gans.export.Sampler`. Default: what `gan.generate` samples from.
        statistics: String, which statistics of batch normalization the sampler uses, for the protocol. Default: "moving".
    """

    def __init__(self, gan, name=None, sampler=None, statistics="moving"):
        super().__init__(name or gan.name)
        self.gan = gan
        self.discriminator = gan.discriminator
        self._sampler = gan if sampler is None else sampler
        self.protocol = {"statistics": statistics}
        self.image_range = gan.image_range
        if self.image_range != (-1, 1):
            self.protocol["image_range"] = self.image_range
        network, self.inputs = gan.sampler, NetworkInputs(gan.sampler, "latents")
        if isinstance(self.inputs.condition, dict):
            raise ValueError(
                f"The evaluation takes generators of one condition. Received: {self.name}, with {list(self.inputs.condition)}. "
                "Subclass keras_gans.evaluation.GeneratorAdapter, and hold all but one of them fixed."
            )
        self.conditional = self.inputs.condition is not None
        self.truncatable = gan.latents.truncatable
        self.image_shape = tuple(network.outputs[0].shape[1:])
        self.latent_shape = tuple(gan.latents.shape)
        self.classes = gan.classes if self.conditional else None
        self.takes_class_weights = takes_class_weights(self.inputs.condition, self.classes)

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        self.check_batch_size(batch_size)
        images = self._sampler.generate(batch_size, condition=condition, latents=latents, truncation=truncation, seed=seed)
        return self.rescaled(images)

    def check_batch_size(self, batch_size):
        if self.protocol["statistics"] == "batch" and batch_size % 64 == 1:
            raise ValueError(
                "Images are made 64 at a time, and one alone has no batch statistics. Received: a batch of "
                f"{batch_size}, of which one is left over. Take another number of images, or other statistics."
            )

    def check_statistics(self, statistics):
        check_statistics(self.gan.sampler, statistics)
        if statistics == "standing" and self.conditional and self.classes is None:
            raise ValueError(
                f"Standing statistics need batches of conditions, and {self.name} does not know its classes. Pass "
                "`classes` to the GAN, or use keras_gans.evaluation.with_batch_norm_statistics."
            )

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        self.check_statistics(statistics)
        if statistics == "moving":
            return GANAdapter(self.gan, self.name)

        def draw(number):
            # Batches of samples have the seeds (seed, 0), (seed, 1), ...
            latents = self.gan.latents.sample(_STANDING_BATCH, random.make_seed((seed, -1 - number)), truncation)
            if not self.conditional:
                return latents
            classes = np.random.default_rng((seed % 2**32, number)).integers(self.classes, size=_STANDING_BATCH)
            return self.inputs.values(latents, condition_rows(classes, self.inputs.condition, _STANDING_BATCH, self.classes))

        network = with_batch_norm_statistics(self.gan.sampler, statistics, draw if statistics == "standing" else None)
        return GANAdapter(self.gan, self.name, Sampler(network, self.gan.latents, self.gan.classes), statistics)

    def draw_latents(self, count, seed, truncation=None):
        return np.asarray(self.gan.latents.sample(count, random.make_seed(seed), truncation))
