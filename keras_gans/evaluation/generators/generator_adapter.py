"""The common interface of all generators that can be evaluated."""

import dataclasses
import math

import numpy as np

from keras_gans.hub.class_names import named_classes
from keras_gans.utils.conditions import class_weights
from keras_gans.utils.split_batch import split_batch
from keras_gans.utils.split_batch import split_pair
from keras_gans.utils.truncation import check_truncation

_ENCODED_AT_ONCE = 64


class GeneratorAdapter:
    """A generator under evaluation. Make one with `load_generator`; subclass it for a generator of another kind.

    A subclass implements `generate` and sets what the evaluation needs to know:

    conditional         Bool, whether `generate` needs a condition.
    truncatable         Bool, whether `generate` takes a truncation.
    truncation_form     String, the distribution of truncated latents, or what else a truncation does; for protocols.
    truncation_range    Pair of floats, the least and the greatest truncation.
    image_shape         Tuple, (height, width, channels).
    image_range         Pair (low, high), the black and white of what is wrapped, which `generate` makes -1 and 1: `rescaled`.
    latent_shape        Tuple, the shape of one latent; None if `generate` takes no latents.
    source_shape        Tuple, the shape of the source that an image is made of, which `generate` takes as the condition; None
                        where images are made of none. The data are then batches of (source, target).
    source_range        Pair (low, high), the black and white of sources.
    paired              Bool, whether the source and the target of an example belong together.
    normal_latents      Bool, whether latents are normal, so that paths between them are arcs.
    truncates_latents   Bool, whether a truncation goes with given latents too, because it changes more than them.
    several             `SeveralConditions`, which has a dict of them as one array; None where there is one condition, or none.
    classes             Int, the number of classes; None if there are none, or if it is not known.
    class_names         Tuple of tuples of strings, names of each class, which a condition may hold; None: there are none.
    takes_class_weights Bool, whether a condition may be weights over the classes, `(batch, classes)`, besides labels.
    discriminator       `keras.Model`, for the linear probe; None if there is none.
    encoder             `keras.Model`, images of `image_range` to latents, for what begins with given images; None if there is
                        none.
    coded_latents       `keras_gans.latents.Coded` that latents are drawn from; None if they have no codes that are known.
    finds_codes         Bool, whether `infer_code` finds them again in images.
    protocol            Dict, what else the images depend on, for the protocols of figures.

    Args:
        name: String, what reports call it.

    Example:

    ```python
    class Noise(keras_gans.evaluation.GeneratorAdapter):
        image_shape = (28, 28, 1)

        def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
            return np.random.default_rng(seed).uniform(-1, 1, (batch_size, 28, 28, 1)).astype("float32")

    found = keras_gans.evaluation.evaluate(Noise("noise"), images, [keras_gans.metrics.FID(extractor)], num_samples=20)
    ```
    """

    conditional = False
    truncatable = False
    truncation_form = None
    truncation_range = (0.0, math.inf)
    normal_latents = False
    truncates_latents = False
    image_shape = None
    image_range = (-1, 1)
    latent_shape = None
    source_shape = None
    source_range = (-1, 1)
    paired = False
    several = None
    classes = None
    class_names = None
    takes_class_weights = False
    discriminator = None
    encoder = None
    coded_latents = None
    finds_codes = False

    def __init__(self, name):
        self.name = str(name)
        self.protocol = {}

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        """Draws images; see `keras_gans.GAN.generate`.

        Returns:
            Float32 NumPy array `(batch_size, height, width, channels)` in [-1, 1].
        """
        raise NotImplementedError(
            f"{type(self).__name__} must implement generate(batch_size, condition, latents, truncation, seed)."
        )

    def rescaled(self, images):
        """Images of `image_range` in [-1, 1]."""
        low, high = self.image_range
        return images if (low, high) == (-1, 1) else (2.0 * images - (low + high)) / (high - low)

    def in_own_range(self, images):
        """Images of [-1, 1] in `image_range`, on which the generator's other networks were trained."""
        low, high = self.image_range
        return images if (low, high) == (-1, 1) else (images + 1.0) * ((high - low) / 2.0) + low

    @property
    def translates(self):
        """Whether images are made of sources."""
        return self.source_shape is not None

    def split(self, batch):
        """Real images, and their condition or their source (None without), of a batch of data."""
        if not self.translates:
            return split_batch(batch)
        if not isinstance(batch, (tuple, list, dict)):
            return batch, None
        source, target = split_pair(batch)
        return target, source

    def one_array(self, condition, count=None):
        """The user's condition, one for all of `count` images or one for each, as an array; classes may be given by name.

        If the shape of one condition is known, the array has the batch axis.
        """
        condition = named_classes(condition, self.class_names)
        return class_weights(condition, self.classes) if self.takes_class_weights else np.asarray(condition)

    def check_sources(self, sources):
        """Raises a ValueError if sources, a batch or one for all, are not what `generate` takes."""

    def draw_latents(self, count, seed, truncation=None):
        """Latents `(count, *latent_shape)` as `generate` draws them; None if these are not accessible."""

    def encode(self, images):
        """The encoder's latents of images in [-1, 1], `(n, *latent_shape)`, for a generator with an encoder."""
        return self.encoder.predict(self.in_own_range(images), batch_size=_ENCODED_AT_ONCE, verbose=0)

    def infer_code(self, images):
        """The codes found in images in [-1, 1], if `finds_codes`: what `keras_gans.InfoGAN.infer_code` returns."""
        raise NotImplementedError(f"{type(self).__name__} finds no codes in images.")

    def at(self, truncation):
        """The generator for `interpolate` and `perceptual_path_length`, with latents at this truncation."""
        return _AtTruncation(self, truncation if self.truncates_latents else None)

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        """The generator with other statistics of batch normalization, "moving", "batch" or "standing".

        Args:
            truncation: Float, the truncation of the latents for standing statistics.
            seed: Int, for those latents and their classes.
        """
        self.check_statistics(statistics)
        return self

    def check_batch_size(self, batch_size):
        """Raises a ValueError if the generator cannot make that many images at once."""

    def check_statistics(self, statistics):
        """Raises a ValueError if the generator has no such choice."""
        if statistics != "moving":
            raise ValueError(
                f"The statistics of batch normalization can be chosen only for a keras_gans.GAN. Received: {self.name}, "
                f"statistics={statistics!r}. Choose before you export: see keras_gans.evaluation.with_batch_norm_statistics."
            )

    def prepared(self, options):
        """The generator with the statistics of batch normalization that `SamplingOptions` ask for."""
        if options.statistics is None:
            return self
        return self.with_batch_norm_statistics(options.statistics, options.truncation, options.seed)

    def resolved(self, options):
        """The options with their condition from `one_array`, which distinguishes one condition for all from one for each."""
        if options.condition is None:
            return options
        return dataclasses.replace(options, condition=self.one_array(options.condition, options.num_samples))

    def batches(self, options, conditions=None):
        """Yields pairs of images and their condition (None without): batch i is drawn with the seed (seed, i).

        Memory does not grow with the number of samples.

        Args:
            options: `keras_gans.evaluation.SamplingOptions`.
            conditions: Function of the numbers of samples, an int array, to their conditions. Default: those of the options.
        """
        conditions, start = conditions or self.resolved(options).conditions, 0
        for number, size in enumerate(options.batch_sizes):
            condition = conditions(np.arange(start, start + size))
            images = self.generate(size, condition=condition, truncation=options.truncation, seed=(options.seed, number))
            start += size
            yield images, condition

    def check(self, condition, latents, truncation, seed):
        """Raises a ValueError if these arguments of `generate` do not fit this generator, or each other."""
        if self.conditional and condition is None:
            raise ValueError(f"{self.name} is conditional. Pass `condition`: one for all images, or one for each.")
        if not self.conditional and condition is not None:
            raise ValueError(f"{self.name} takes no condition. Leave `condition` out.")
        if truncation is not None and not self.truncatable:
            raise ValueError(f"{self.name} has no truncation. Received: truncation={truncation!r}. Leave it out.")
        check_truncation(truncation, self.truncation_range)
        if latents is not None and seed is not None:
            raise ValueError("`latents` are given, so there is nothing to draw: leave out `seed`.")


class _AtTruncation:
    """A generator of given latents that gets its truncation along with them."""

    def __init__(self, generator, truncation):
        self.generator, self.truncation = generator, truncation

    def generate(self, batch_size, condition=None, latents=None):
        return self.generator.generate(batch_size, condition=condition, latents=latents, truncation=self.truncation)
