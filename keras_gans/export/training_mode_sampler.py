"""A sampler of networks whose noise is their dropout."""

import keras
import tensorflow as tf

from keras_gans.export.sampler import Sampler
from keras_gans.utils import random


class TrainingModeSampler(Sampler):
    """A sampler whose network runs as in training: dropout drops, and batch normalization uses the images at hand.

    So pix2pix samples: its noise is dropout alone. Each call is a function of its inputs and of the seed: the numbers that layers
    draw come from it, and what they assign (batch statistics, the state of their random numbers) is forgotten. The images of one
    chunk, one by default, as published, are normalized together.

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

    def with_batch_norm_statistics(self, statistics, truncation=None, seed=0):
        if statistics not in ("moving", "batch"):
            raise ValueError(
                f"{self.network.name} is sampled as in training, where images are normalized by their own statistics. Received: "
                f'statistics={statistics!r}. Leave them out, or sample otherwise: Pix2Pix(mode="inference").'
            )
        return self
