"""What is evaluated: anything that generates images, behind one `generate`."""

import numbers

import numpy as np
import tensorflow as tf

from keras_gans.evaluation.generators.batch_norm_statistics import check_statistics
from keras_gans.evaluation.generators.batch_norm_statistics import with_batch_norm_statistics
from keras_gans.export import Sampler
from keras_gans.utils import random

_STANDING_BATCH = 64


class GeneratorAdapter:
    """A generator under evaluation. Make one with `load_generator`; subclass it for a generator of another kind.

    A subclass implements `generate` and sets what the evaluation needs to know:

    conditional         Bool, whether `generate` needs a condition.
    truncatable         Bool, whether `generate` takes a truncation.
    image_shape         Tuple, (height, width, channels).
    latent_shape        Tuple, the shape of one latent; None if `generate` takes no latents.
    truncates_latents   Bool, whether a truncation goes with given latents too, because it changes more than them.
    classes             Int, the number of classes; None if there are none, or if it is not known.
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
    truncates_latents = False
    image_shape = None
    latent_shape = None
    classes = None

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

    def draw_latents(self, count, seed, truncation=None):
        """Latents `(count, *latent_shape)` as `generate` draws them; None where that is not known from outside."""

    def at(self, truncation):
        """What functions of latents (`interpolate`, `perceptual_path_length`) take: `generate` at a truncation."""
        return _OfLatents(self, truncation if self.truncates_latents else None)

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        """The generator with other statistics of batch normalization, "moving", "batch" or "standing".

        Args:
            truncation: Float, of the latents that standing statistics are made from.
            seed: Int, of those latents, and of their classes.
        """
        self.check_statistics(statistics)
        return self

    def check_batch_size(self, batch_size):
        """Raises a ValueError if the generator cannot make that many images at once."""

    def check_statistics(self, statistics):
        """Raises a ValueError if the generator has no such choice."""
        if statistics != "moving":
            raise ValueError(
                f"Only of a keras_gans.GAN can the statistics of batch normalization be chosen. Received: {self.name}, "
                f"statistics={statistics!r}. Choose before you export: see keras_gans.evaluation.with_batch_norm_statistics."
            )

    def batches(self, num_samples, batch_size=64, condition=None, truncation=None, seed=0):
        """Yields `num_samples` images in batches, number i drawn with the seed (seed, i): memory does not grow.

        Args:
            condition: Array of length `num_samples`, or one condition for all.
        """
        if condition is not None:
            condition = np.asarray(condition)
            one_for_all = condition.ndim == 0 or len(condition) != num_samples
        for number, start in enumerate(range(0, num_samples, batch_size)):
            size = min(batch_size, num_samples - start)
            part = condition if condition is None or one_for_all else condition[start : start + size]
            yield self.generate(size, condition=part, truncation=truncation, seed=(seed, number))

    def check(self, condition, latents, truncation, seed):
        """Raises a ValueError if these arguments of `generate` do not fit this generator, or each other."""
        if self.conditional and condition is None:
            raise ValueError(f"{self.name} is conditional. Pass `condition`: one for all images, or one for each.")
        if not self.conditional and condition is not None:
            raise ValueError(f"{self.name} takes no condition. Leave `condition` out.")
        if truncation is not None and not self.truncatable:
            raise ValueError(f"{self.name} has no truncation. Received: truncation={truncation}. Leave it out.")
        if truncation is not None and truncation < 0:
            raise ValueError(f"`truncation` must be >= 0, or None. Received: truncation={truncation}")
        if latents is not None and seed is not None:
            raise ValueError("`latents` are given, so there is nothing to draw: leave out `seed`.")


class GANAdapter(GeneratorAdapter):
    """A `keras_gans.GAN`: it samples as `gan.generate` does, or from another `Sampler`."""

    def __init__(self, gan, name=None, sampler=None, statistics="moving"):
        super().__init__(name or gan.name)
        self.gan = gan
        self._sampler = gan if sampler is None else sampler
        self.protocol = {"statistics": statistics}
        network = gan.sampler
        self.conditional = len(network.inputs) > 1
        self.truncatable = gan.latents.truncatable
        self.image_shape = tuple(network.outputs[0].shape[1:])
        self.latent_shape = tuple(gan.latents.shape)
        self.classes = gan.classes if self.conditional else None

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        self.check_batch_size(batch_size)
        return self._sampler.generate(batch_size, condition=condition, latents=latents, truncation=truncation, seed=seed)

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
            return [latents, tf.constant(classes, self.gan.sampler.inputs[1].dtype)]

        network = with_batch_norm_statistics(self.gan.sampler, statistics, draw if statistics == "standing" else None)
        return GANAdapter(self.gan, self.name, Sampler(network, self.gan.latents, self.gan.classes), statistics)

    def draw_latents(self, count, seed, truncation=None):
        return np.asarray(self.gan.latents.sample(count, random.make_seed(seed), truncation))


class _OfLatents:
    def __init__(self, generator, truncation):
        self.generator, self.truncation = generator, truncation

    def generate(self, batch_size, condition=None, latents=None):
        return self.generator.generate(batch_size, condition=condition, latents=latents, truncation=self.truncation)


def normal_latents(count, shape, seed, truncation=None):
    """N(0, I), or t * TN(-2, 2) with a truncation t, as a NumPy array `(count, *shape)`."""
    shape, seed = (count, *shape), random.make_seed(seed)
    return np.asarray(random.normal(shape, seed) if truncation is None else truncation * random.truncated_normal(shape, seed))


def checked_batch_size(batch_size):
    """The number of images as an int; raises if it is not an int >= 1."""
    if not isinstance(batch_size, numbers.Integral) or batch_size < 1:
        raise ValueError(f"`batch_size` must be an int >= 1. Received: batch_size={batch_size!r}")
    return int(batch_size)


def checked_latents(latents, batch_size, shape):
    """The latents as a float32 tensor; raises if they are not `(batch_size, *shape)`."""
    latents = tf.convert_to_tensor(latents, tf.float32)
    if tuple(latents.shape) != (batch_size, *shape):
        raise ValueError(f"`latents` must have shape {(batch_size, *shape)}. Received: {tuple(latents.shape)}")
    return latents
