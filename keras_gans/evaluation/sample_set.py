"""The input of analyses: a generator and the first images of both sides."""

import dataclasses
from collections.abc import Callable

import numpy as np

from keras_gans.evaluation.analysis_result import NotApplicable
from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.evaluation.sampling_options import SamplingOptions
from keras_gans.export import Sampler
from keras_gans.utils.conditions import labels_of
from keras_gans.utils.side_by_side import is_picture


@dataclasses.dataclass
class SampleSet:
    """A generator, how it was sampled, and the first images of both sides with their features.

    options                 `SamplingOptions`
    protocol                dict, how the samples were drawn, for the protocols of figures
    images, real            float32 arrays, possibly empty; `real` is None without real images
    outputs, real_outputs   dicts of arrays: `features` and perhaps `logits` of these images; None without an extractor
    conditions, labels      arrays, conditions of all generated images, labels of the real ones; None without. Of translations,
                            `conditions` are the sources of `images`
    paired                  bool, whether real image i is the target of source i
    rescale_real            function, images of the range that real ones were given in, to [-1, 1]
    """

    generator: GeneratorAdapter
    extractor: object
    options: SamplingOptions
    protocol: dict
    images: np.ndarray
    outputs: dict | None
    conditions: np.ndarray | None
    real: np.ndarray | None
    real_outputs: dict | None
    labels: np.ndarray | None
    paired: bool
    rescale_real: Callable

    def need(self, **values):
        """Raises `NotApplicable` if one of the named attributes is None: `need(real="real images")`."""
        for name, words in values.items():
            if getattr(self, name) is None:
                raise NotApplicable(f"There are no {words}.")

    def need_pictures(self):
        """Raises `NotApplicable` if the images cannot be shown."""
        if not self.picturable:
            raise NotApplicable(f"Samples of shape {self.generator.image_shape} are not pictures.")

    def need_encoder(self):
        """Raises `NotApplicable` if the generator has no encoder, or its encoder finds other latents."""
        if self.generator.encoder is None:
            raise NotApplicable("The generator has no encoder.")
        if not self.finds_latents:
            found, wanted = tuple(self.generator.encoder.output_shape[1:]), self.generator.latent_shape
            raise NotApplicable(f"The encoder finds {found}, but the generator's latents are {wanted}.")

    def need_sampler(self):
        """Raises `NotApplicable` if the generator has no latents, or its network cannot be differentiated."""
        if self.generator.latent_shape is None and self.generator.translates:
            raise NotApplicable("The generator has no latents: it makes images of sources.")
        if not isinstance(getattr(self.generator, "sampler", None), Sampler):
            raise NotApplicable("The generator's network is not accessible.")

    def need_images_of_latents(self):
        """Raises `NotApplicable` if the images of equal latents differ."""
        if self.generator.protocol.get("statistics") == "batch":
            raise NotApplicable("With batch statistics, an image depends on more than its latents.")

    @property
    def finds_latents(self):
        """Whether the generator has an encoder of its latents."""
        encoder, latent_shape = self.generator.encoder, self.generator.latent_shape
        return encoder is not None and latent_shape is not None and tuple(encoder.output_shape[1:]) == tuple(latent_shape)

    @property
    def picturable(self):
        """Whether the images can be shown."""
        return is_picture(self.generator.image_shape)

    @property
    def classes(self):
        """The number of classes, if conditions are classes; else None."""
        requested = self.requested_classes
        if requested is None or requested.ndim != 1 or not np.issubdtype(requested.dtype, np.integer):
            return None
        return self.generator.classes or int(requested.max()) + 1

    @property
    def requested_classes(self):
        """The conditions of the samples, those in a column, and one-hot rows, as labels `(n,)`."""
        return labels_of(self.conditions, self.generator.classes)

    @property
    def real_classes(self):
        """The labels of the real images, those in a column, and one-hot rows, of 0 or -1 and 1, as `(n,)`; see `real_label`."""
        labels = self.labels
        if labels is not None and self.real_label is not None:
            labels = self.generator.several.apart(labels)[self.real_label]
        width = labels.shape[1] if labels is not None and labels.ndim == 2 else None
        return labels_of(labels, self.generator.classes or width, signed=True)

    @property
    def real_label(self):
        """Which of several conditions is the label: the first one, which is the age in CAAE. None if there are not several."""
        return None if self.generator.several is None else self.generator.several.first

    @property
    def generator_protocol(self):
        """The protocol of images that are made of given latents, which a seed does not draw."""
        return {name: self.protocol[name] for name in ("truncation", *self.generator.protocol)}

    @property
    def extractor_protocol(self):
        """The protocol of the extractor; empty without an extractor."""
        return {} if self.extractor is None else self.extractor.protocol

    def conditions_for(self, count):
        """Conditions for `count` images, those of the samples, repeated as needed; None if there are none."""
        return None if self.conditions is None else self.conditions[np.arange(count) % len(self.conditions)]

    def conditions_of_real(self, count):
        """The conditions that the first real images have, their labels; None if the generator takes none.

        Raises:
            NotApplicable: if there are no labels.
        """
        if not self.generator.conditional:
            return None
        self.need(labels="labels of real images, which would be their conditions")
        return self.labels[:count]

    def generated_of(self, latents, condition=None):
        """Images of latents, at the truncation of the samples if the network takes one."""
        generator = self.generator.at(self.options.truncation)
        return np.asarray(generator.generate(len(latents), condition=condition, latents=latents))

    def latent_pairs(self, count):
        """Start and end latents of `count` paths, as the samples' latents are drawn.

        Raises:
            NotApplicable: if the generator's prior is not known.
        """
        if self.generator.latent_shape is None and self.generator.translates:
            raise NotApplicable("The generator has no latents: it makes images of sources.")
        options = self.options
        sides = [self.generator.draw_latents(count, (options.seed, number), options.truncation) for number in (1, 2)]
        if sides[0] is None:
            raise NotApplicable("The prior of the generator's latents is not known.")
        return sides
