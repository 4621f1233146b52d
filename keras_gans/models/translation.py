"""What systems that translate images share."""

import tensorflow as tf

from keras_gans.training.network_checks import check_batch
from keras_gans.utils.sources import check_source
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
        """Images of the target domain, made of images of the source domain.

        Args:
            images: Float array `(batch, height, width, channels)`, in `source_range`.
            seed: Int, of what the generator draws, if it draws anything.

        Returns:
            Float32 NumPy array.

        Raises:
            ValueError: if the images have another shape or range.
        """
        check_source(images, self.condition_input, self.source_range)
        return self.generate(condition=images, seed=seed)

    def split(self, batch):
        """Source and target of a batch of data."""
        return split_pair(batch)

    def unpack(self, batch):
        source, target = self.split(batch)
        return tf.cast(target, tf.float32), tf.cast(source, tf.float32)

    def check_batch(self, batch):
        local = tf.nest.map_structure(lambda value: self.distribute_strategy.experimental_local_results(value)[0], batch)
        source, target = self.split(local)
        check_source(source, self.condition_input, self.source_range)
        check_batch(target, source, self.sampler, self.condition_input, None)
