"""A GAN of this library, or a published or exported one, as a generator under evaluation."""

import keras
import numpy as np

from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.evaluation.generators.several_conditions import SeveralConditions
from keras_gans.export.batch_norm_statistics import check_statistics
from keras_gans.hub import PublishedGenerator
from keras_gans.hub.class_names import named_classes
from keras_gans.latents import Coded
from keras_gans.latents import Normal
from keras_gans.utils.conditions import as_rows
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import condition_rows
from keras_gans.utils.conditions import names_of
from keras_gans.utils.conditions import takes_class_weights
from keras_gans.utils.networks import output_of
from keras_gans.utils.split_batch import split_batch


class GANAdapter(GeneratorAdapter):
    """A `keras_gans.GAN` or a `keras_gans.hub.PublishedGenerator`: it samples like their `generate`, or another `Sampler`, in
    [-1, 1].

    Several conditions are one array here, with all their numbers in a row for each image, so that an evaluation need not
    distinguish them.

    Args:
        gan: `keras_gans.GAN` or `keras_gans.hub.PublishedGenerator`.
        name: String. Default: the GAN's.
        sampler: `keras_gans.export.Sampler`. Default: the one that `gan.generate` uses.
    """

    def __init__(self, gan, name=None, sampler=None):
        super().__init__(name or gan.name)
        self.gan = gan
        self.discriminator = getattr(gan, "discriminator", None)  # a VAE has none
        self.sampler = sampler = gan.as_sampler() if sampler is None else sampler
        self.encoder = _encoder(sampler.endpoints.get("encode"))
        self.coded_latents = sampler.latents if isinstance(sampler.latents, Coded) else None
        self.finds_codes = hasattr(gan, "infer_code")
        self.protocol = {"statistics": sampler.statistics}
        if sampler.statistics == "standing":
            self.protocol["statistics_truncation"] = sampler.statistics_truncation
        self.image_range = gan.image_range
        if self.image_range != (-1, 1):
            self.protocol["image_range"] = self.image_range
        self.several = SeveralConditions(sampler) if isinstance(sampler.condition_input, dict) else None
        self.conditional = sampler.condition_input is not None
        self.truncatable, self.truncates_latents = sampler.truncatable, sampler.truncates_latents
        self.truncation_form, self.truncation_range = sampler.truncation_form, sampler.truncation_range
        self.image_shape = tuple(sampler.network.outputs[0].shape[1:])
        self.latent_shape = sampler.latent_shape
        if sampler.translates:
            self.source_shape = tuple(sampler.condition_input.shape[1:])
            self.source_range = sampler.source_range or self.source_range
            self.paired = hasattr(gan, "compares_pairs") and gan.compares_pairs()
        self.normal_latents = isinstance(sampler.latents, Normal)
        self.classes = sampler.classes if self.conditional and not self.several else None
        self.class_names = getattr(gan, "class_names", None)
        self.takes_class_weights = takes_class_weights(sampler.condition_input, self.classes)

    @property
    def _is_sampled_as_in_training(self):
        return self.sampler.network_is_random and self.sampler.statistics == "batch"

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        self.check_batch_size(batch_size)
        condition = self._own(condition)
        images = self.sampler.generate(batch_size, condition=condition, latents=latents, truncation=truncation, seed=seed)
        return self.rescaled(images)

    def infer_code(self, images):
        return self.gan.infer_code(self.in_own_range(images)) if self.finds_codes else super().infer_code(images)

    def condition_rows(self, condition, batch_size):
        """The condition of each of `batch_size` images, checked, as the network takes it; classes may be names."""
        condition = self._own(condition)
        return condition_rows(condition, self.sampler.condition_input, batch_size, self.sampler.classes)

    def one_array(self, condition, count=None):
        if self.several:
            return self.several.joined_rows(condition)
        if self.sampler.condition_input is None:  # `check` refuses it
            return super().one_array(condition, count)
        return as_rows(self._own(condition), self.sampler.condition_input, self.classes, count)

    def _own(self, condition):
        """A condition as the sampler takes it."""
        if self.several:
            return self.several.apart(condition)
        return named_classes(by_name(condition, self.sampler.condition_input), self.class_names)

    def check_batch_size(self, batch_size):
        chunk = self.sampler.chunk
        if self.sampler.statistics == "batch" and batch_size % chunk == 1:
            raise ValueError(
                f"Images are made {chunk} at a time, and a single image has no batch statistics. Received: a batch of "
                f"{batch_size}, which leaves one over. Take another number of images, or other statistics."
            )

    def split(self, batch):
        if not self.translates:
            images, condition = split_batch(batch, names_of(self.sampler.condition_input))
            if condition is None:
                return images, None
            return images, self.several.joined(condition) if self.several else by_name(condition, self.sampler.condition_input)
        if not isinstance(batch, (tuple, list, dict)) or isinstance(self.gan, PublishedGenerator):
            return super().split(batch)
        if not hasattr(self.gan, "split"):  # whose data are (target, source)
            return split_batch(batch)
        source, target = self.gan.split(batch)
        return target, source

    def check_sources(self, sources):
        self.sampler.check_sources(sources)

    def check_statistics(self, statistics):
        if self._is_sampled_as_in_training:
            if statistics != self.sampler.statistics:
                raise ValueError(
                    f"{self.name} is sampled as in training, where images are normalized by their own statistics. Received: "
                    f'statistics={statistics!r}. Leave them out, or sample otherwise: Pix2Pix(mode="inference").'
                )
            return
        if isinstance(self.gan, PublishedGenerator) and self.gan.signatures:  # its layers are not to be seen
            super().check_statistics(statistics)
            return
        check_statistics(self.gan.sampler, statistics)
        if statistics == "standing":
            self.sampler.check_standing()

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        self.check_statistics(statistics)
        if self._is_sampled_as_in_training:
            return self
        sampler = self.gan.as_sampler(self.sampler.latents).with_batch_norm_statistics(statistics, truncation, seed)
        return GANAdapter(self.gan, self.name, sampler)

    def draw_latents(self, count, seed, truncation=None):
        latents = self.sampler.draw_latents(count, seed, truncation)
        return None if latents is None else np.asarray(latents)


def _encoder(endpoint):
    """The network of an endpoint from images to latents; None if there is none."""
    if endpoint is None or not isinstance(output_of(endpoint.network), dict):
        return None if endpoint is None else endpoint.network
    return keras.Model(endpoint.network.inputs, output_of(endpoint.network)[endpoint.output])
