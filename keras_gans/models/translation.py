"""The base of systems that translate images."""

import functools

import tensorflow as tf

from keras_gans.export import Sampler
from keras_gans.training.batch_checks import check_batch
from keras_gans.utils.network_inputs import NetworkInputs
from keras_gans.utils.shapes import compatible
from keras_gans.utils.sources import check_source
from keras_gans.utils.sources import checked_source
from keras_gans.utils.sources import warn_of_range
from keras_gans.utils.split_batch import split_pair


class Translation:
    """A mixin for a `GAN` whose generator makes an image of an image. Its data are batches of `(source, target)`.

    Attributes:
        source_range: Pair of floats, the values of black and white in the sources. Default: (-1, 1).
        paired: Bool, whether the source and the target of an example belong together. Default: False.
    """

    source_range = (-1.0, 1.0)
    paired = False

    def translate(self, images, seed=None):
        """Translates images of the source domain to the target domain.

        Args:
            images: Float array `(batch, height, width, channels)`, or a list of images, in `source_range`.
            seed: Int, of what the generator draws, if it draws anything.

        Returns:
            Float32 NumPy array.

        Raises:
            ValueError: if the images have another shape or range.

        Warns:
            UserWarning: once, if the first images lie in [0, 1], and are taken to be in [-1, 1].
        """
        images = checked_source(images, self.condition_input, self.source_range)
        return self.generate(condition=images, seed=seed)

    def check_networks(self):
        super().check_networks()
        check_one_source(self.condition_input)

    def split(self, batch):
        """Source and target of a batch of data."""
        return split_pair(batch)

    def unpack(self, batch):
        source, target = self.split(batch)
        return tf.cast(target, tf.float32), tf.cast(source, tf.float32)

    def check_batch(self, batch):
        source, target = self.split(self.local_part(batch))
        check_source(source, self.condition_input, self.source_range)
        warn_of_range(self.sampler, source, self.source_range)
        check_batch(target, source, self.sampler, self.condition_input, None, ' of "target"')
        self._check_sizes(tuple(source.shape), tuple(target.shape))

    def _check_sizes(self, source, target):
        """Raises unless images of the first game have the sizes that its discriminator and, of pairs, the targets have."""
        made = tuple(self.sampler.compute_output_shape(source))
        taken = tuple(NetworkInputs(self.discriminator_of(next(iter(self.games))), "images").main.shape)
        wanted = (target if self.paired else taken)[1:]
        if not compatible(target[1:], taken[1:]) or not compatible(made[1:], wanted):
            raise ValueError(
                f"From sources {source}, the generator makes images {made}, and the discriminator takes {taken}. Received: "
                f"targets {target}. Resize the data, or build the networks for these sizes."
            )


class TranslationBack(Translation):
    """A mixin for a translation that has one back: `backward_network` says which network it is."""

    def backward_network(self, *networks):
        """The network from domain b to domain a, made of the generator's networks, or of their averages."""
        raise NotImplementedError(f"{type(self).__name__} must override `backward_network(*networks)`.")

    def translate_back(self, images, seed=None):
        """Images of domain a, made of images of domain b, as `translate` makes those of b."""
        images = checked_source(images, self._backward_sampler.condition_input, self.image_range)
        self.follow_loaded_weights()
        return self._backward_sampler.generate(condition=images, seed=seed)

    @functools.cached_property
    def _backward_sampler(self):
        network = self.backward_network(*self.sampled_networks())
        return Sampler(network, self.latents, None, self.source_range, source_range=self.image_range)

    def endpoints(self, *networks):
        return {"serve_back": (self.backward_network(*networks), "condition", "images", self.image_range)}


def check_one_source(condition_input):
    """Raises a ValueError unless the networks take exactly one source.

    Args:
        condition_input: The Keras input, a dict of several by name, or None.
    """
    if condition_input is None or isinstance(condition_input, dict):
        received = sorted(condition_input) if condition_input else "none"
        raise ValueError(
            f"A translation has one source, which the generator, and perhaps the discriminator, takes as an input. Received: "
            f"inputs {received}. With latents, or with other conditions, use keras_gans.GAN, whose data are (target, source)."
        )
