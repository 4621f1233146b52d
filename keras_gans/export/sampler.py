"""Drawing samples from a generator: the same, whether here or in a SavedModel."""

import tensorflow as tf

from keras_gans.utils import random
from keras_gans.utils.conditions import condition_rows
from keras_gans.utils.conditions import prepare_condition
from keras_gans.utils.conditions import repeated
from keras_gans.utils.conditions import rows_of
from keras_gans.utils.conditions import takes_class_weights
from keras_gans.utils.integers import check_ints
from keras_gans.utils.network_inputs import NetworkInputs

_CHUNK = 64


class Sampler:
    """A generator, its prior, and what its condition looks like.

    Args:
        network: `keras.Model`, latents (and a condition) to images.
        latents: `keras_gans.latents.Latents`.
        classes: Int, number of classes of an integer condition or of weights over classes, or a dict of ints for several; None:
            not checked, and labels are no weights.

    Example:

    ```python
    sampler = keras_gans.export.Sampler(gan.generator, gan.latents)
    images = sampler.generate(16, truncation=0.5, seed=0)
    print(images.shape)  # (16, 28, 28, 1)
    ```
    """

    def __init__(self, network, latents, classes=None):
        self.network = network
        self.latents = latents
        self.classes = classes
        self.inputs = NetworkInputs(network, "latents")
        self.condition_input = self.inputs.condition
        self._function = tf.function(self.run, reduce_retracing=True)

    def generate(self, batch_size, condition=None, latents=None, truncation=None, seed=None):
        """Draws images.

        Args:
            batch_size: Int, how many. They are made 64 at a time.
            condition: For a conditional generator: an array of length `batch_size`, or of length 1 (or one class) for all. For
                several conditions a dict of such by the names of the network's inputs. A generator of weights over classes takes
                labels, too, which are integers.
            latents: Array `(batch_size, *latents.shape)`, instead of random ones.
            truncation: Float t >= 0, for priors that have it: `Normal` draws t * TN(-2, 2). None: the prior as trained.
            seed: Int s, which stands for (0, s), or a pair of ints. None: a new one each time, which follows
                `keras.utils.set_random_seed`.

        Returns:
            Float32 NumPy array, `(batch_size, ...)`.

        Raises:
            ValueError: if a condition is missing, has another length, or lies outside the classes; if latents have another
                shape or come with a truncation or a seed; if the prior has no truncation.
        """
        check_ints(1, batch_size=batch_size)
        batch_size = int(batch_size)
        condition = self._checked_condition(condition, batch_size)
        latents = self._checked_latents(latents, batch_size, truncation, seed)
        chunks = [slice(start, start + _CHUNK) for start in range(0, batch_size, _CHUNK)]
        images = [self._function(latents[chunk], rows_of(condition, chunk)) for chunk in chunks]
        return tf.concat(images, axis=0).numpy()

    def run(self, latents, condition=None, training=False):
        """Images of latents, float32. Works in a graph."""
        if takes_class_weights(self.condition_input, self.classes) and not isinstance(condition, dict):
            condition = prepare_condition(condition, self.condition_input, self.classes)
        return tf.cast(self.network(self.inputs.values(latents, condition), training=training), tf.float32)

    def sample(self, batch_size, seed, truncation=None, condition=None):
        """Images of `batch_size` latents drawn with `seed`, made 64 at a time: those of `generate`. Works in a graph.

        A condition of length 1 serves them all.
        """
        latents, condition = self.latents.sample(batch_size, seed, truncation), repeated(condition, batch_size)
        shape = (None, *self.network.outputs[0].shape[1:])

        def step(start, images):
            part = slice(start, start + _CHUNK)
            made = self.run(latents[part], rows_of(condition, part))
            return start + _CHUNK, images.write(start // _CHUNK, made)

        count = (batch_size + _CHUNK - 1) // _CHUNK
        images = tf.TensorArray(tf.float32, count, element_shape=shape, infer_shape=False)
        # One chunk after the other: memory does not grow with the number of images, but for the images themselves.
        _, images = tf.while_loop(lambda start, _: start < batch_size, step, (0, images), parallel_iterations=1)
        return images.concat()

    def _checked_latents(self, latents, batch_size, truncation, seed):
        if latents is None:
            if truncation is not None and not self.latents.truncatable:
                raise ValueError(f"{type(self.latents).__name__} latents have no truncation. Received: truncation={truncation}")
            if truncation is not None and not truncation >= 0:
                raise ValueError(f"`truncation` must be >= 0, or None. Received: truncation={truncation}")
            return self.latents.sample(batch_size, random.make_seed(seed), truncation)
        latents = tf.convert_to_tensor(latents, tf.float32)
        if tuple(latents.shape) != (batch_size, *self.latents.shape):
            raise ValueError(f"`latents` must have shape {(batch_size, *self.latents.shape)}. Received: {tuple(latents.shape)}")
        if truncation is not None or seed is not None:
            raise ValueError("`latents` are given, so there is nothing to draw: leave out `truncation` and `seed`.")
        return latents

    def _checked_condition(self, condition, batch_size):
        if self.condition_input is None:
            if condition is not None:
                raise ValueError("The generator takes no condition. Leave `condition` out.")
            return None
        if condition is None:
            classes = f" (classes 0 to {self.classes - 1})" if isinstance(self.classes, int) else ""
            several = f", a dict of {list(self.condition_input)}" if isinstance(self.condition_input, dict) else ""
            raise ValueError(
                f"The generator is conditional. Pass `condition`{several}: one for all, or {batch_size} of them{classes}. "
                "(SampleGrid and ModeCollapseMonitor take `classes`.)"
            )
        return condition_rows(condition, self.condition_input, batch_size, self.classes)
