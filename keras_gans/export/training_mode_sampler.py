"""A sampler for networks whose noise is their dropout."""

import keras
import tensorflow as tf

from keras_gans.export.sampler import Sampler
from keras_gans.utils import random


class TrainingModeSampler(Sampler):
    """A sampler whose network runs as in training: dropout drops, and batch normalization uses the images at hand.

    pix2pix samples in this way: its only noise is dropout. Each call is a function of its inputs and of the seed: the numbers
    that layers draw come from it, and what they assign (batch statistics, the state of their random numbers) is forgotten. The
    images of one chunk, one by default, as published, are normalized together.

    Args:
        network, latents, classes, image_range, endpoints, source_range: As in `Sampler`.

    Attributes:
        statistics: "batch": images are normalized by the statistics of their chunk.

    Raises:
        ValueError: from `with_batch_norm_statistics` for other statistics.

    Example:

    ```python
    source = keras.Input((8, 8, 1), name="source")
    noisy = keras.layers.Dropout(0.5)(keras.layers.Conv2D(4, 3, padding="same")(source))
    network = keras.Model(source, keras.layers.Conv2D(1, 3, padding="same", activation="tanh")(noisy))
    sampler = keras_gans.export.TrainingModeSampler(network, keras_gans.latents.NoLatents())
    first, again, other = (sampler.generate(condition=np.ones((1, 8, 8, 1)), seed=seed) for seed in (0, 0, 1))
    print(np.array_equal(first, again), np.array_equal(first, other))  # True False
    ```
    """

    chunk = 1
    statistics = "batch"
    network_is_random = True

    def run(self, latents, condition=None, truncation=None, training=True, noise=None):
        noise = random.fold_in((0, 0) if noise is None else noise, "network")
        weights = {id(variable) for variable in self.network.weights}
        states = [variable for variable in self.network.variables if id(variable) not in weights]  # of random numbers
        values = [tf.cast(random.fold_in(noise, number), state.dtype) for number, state in enumerate(states)]
        with keras.StatelessScope(list(zip(states, values, strict=True))):
            return super().run(latents, condition, truncation, training=True)

    def run_in_chunks(self, latents, condition=None, truncation=None, seed=(0, 0)):
        # `predict` and evaluations run it, which XLA may compile: it knows no slices whose size depends on the number of a chunk.
        batch_size = tf.shape(tf.nest.flatten(condition if latents is None else latents)[0])[0]
        last = tf.maximum(batch_size - 1, 0) // self.chunk * self.chunk if self.chunk > 1 else batch_size

        def made(start, size):
            rows, noise = start + tf.range(size), self._noise_of_chunk(seed, start)
            parts = tf.nest.map_structure(
                lambda value: None if value is None else tf.gather(value, rows), {"latents": latents, "condition": condition}
            )
            return self.run(**parts, truncation=truncation, noise=noise)

        def step(start, images):
            return start + self.chunk, images.write(start // self.chunk, made(start, self.chunk))

        def whole_chunks():
            shape = (self.chunk, *self.network.outputs[0].shape[1:])
            images = tf.TensorArray(tf.float32, last // self.chunk, element_shape=shape)
            return tf.while_loop(lambda start, _: start < last, step, (0, images), parallel_iterations=1)[1].concat()

        if self.chunk == 1:
            return whole_chunks()
        rest = made(last, batch_size - last)
        return tf.concat([tf.cond(last > 0, whole_chunks, lambda: rest[:0]), rest], axis=0)

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        if statistics not in ("moving", "batch"):
            raise ValueError(
                f"{self.network.name} is sampled as in training, where images are normalized by their own statistics. Received: "
                f'statistics={statistics!r}. Leave them out, or sample otherwise: Pix2Pix(mode="inference").'
            )
        return self
