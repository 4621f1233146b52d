"""What analyses get and give."""

import dataclasses

import numpy as np

from keras_gans.evaluation.generators.generator_adapter import GeneratorAdapter
from keras_gans.utils.conditions import flat


@dataclasses.dataclass
class AnalysisResult:
    """What an analysis found.

    figures     dict of numbers, or of lists of dicts of them
    blocks      list of HTML strings for the report
    value       the result in full
    protocol    dict, everything that the figures depend on
    """

    figures: dict
    blocks: list
    value: object = None
    protocol: dict = dataclasses.field(default_factory=dict)


class NotApplicable(Exception):
    """Says why an analysis does not apply to what is evaluated."""


@dataclasses.dataclass
class SampleSet:
    """What analyses get: the generator, how it was sampled, and the first images of both sides with their features.

    protocol                dict, how the samples were drawn
    statistics              those of batch normalization that were asked for; None for the generator's own
    images, real            float32 arrays, possibly empty; `real` is None without real images
    outputs, real_outputs   dicts of arrays: `features` and perhaps `logits` of these images; None without an extractor
    conditions, labels      arrays, conditions of all generated images, labels of the real ones; None without
    """

    generator: GeneratorAdapter
    extractor: object
    num_samples: int
    batch_size: int
    seed: int
    truncation: float | None
    protocol: dict
    statistics: str | None
    images: np.ndarray
    outputs: dict | None
    conditions: np.ndarray | None
    real: np.ndarray | None
    real_outputs: dict | None
    labels: np.ndarray | None

    def need(self, **values):
        """Raises `NotApplicable` if one of the named attributes is None: `need(real="real images")`."""
        for name, words in values.items():
            if getattr(self, name) is None:
                raise NotApplicable(f"There are no {words}.")

    @property
    def picturable(self):
        """Whether the images can be shown."""
        shape = self.generator.image_shape
        return len(shape) == 3 and shape[-1] in (1, 3)

    @property
    def classes(self):
        """The number of classes that conditions name; None if the conditions are not classes."""
        asked = self.asked
        if asked is None or asked.ndim != 1 or not np.issubdtype(asked.dtype, np.integer):
            return None
        return self.generator.classes or int(asked.max()) + 1

    @property
    def asked(self):
        """The conditions, those in a column as `(n,)`."""
        return None if self.conditions is None else flat(self.conditions)

    @property
    def real_classes(self):
        """The labels of the real images, those in a column as `(n,)`."""
        return None if self.labels is None else flat(self.labels)

    def sampling(self, **others):
        """The protocol of samples."""
        return {**self.protocol, **others}
