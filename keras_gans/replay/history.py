"""The history of refined images of SimGAN."""

import tensorflow as tf

from keras_gans.replay.replay import Replay
from keras_gans.replay.replay import first_of
from keras_gans.replay.replay import shuffled_places
from keras_gans.utils import random


class History(Replay):
    """A history of fakes, which half of the discriminator's fakes come from.

    Of a batch of n fakes, every second one is replaced by a random one of the history, once that holds n / 2; then n / 2 of the
    others take the places of random ones of the history, or, until it is full, free places. A batch of one has no half: nothing
    is replayed then.

    Args:
        capacity: Int >= 1. The paper does not say it. Default: 2500.
        name: String.

    Example:

    ```python
    gan.compile(update_rule="alternating", replay=keras_gans.replay.History(500))
    ```

    Reference:
        Shrivastava et al., Learning from Simulated and Unsupervised Images through Adversarial Training (2016), arXiv:1612.07828,
        section 2.3.
    """

    def __init__(self, capacity=2500, name=None, **kwargs):
        super().__init__(capacity, name, **kwargs)

    def choose(self, count, size, seed):
        rows, half = tf.range(count), count // 2
        old, new = (first_of(shuffled_places(self.capacity, size, random.fold_in(seed, n)), count, self.capacity) for n in (0, 1))
        pair = rows // 2
        shown = tf.where((rows % 2 == 1) & (size >= half), tf.gather(old, pair), self.capacity)
        # Free places first, then those of older fakes, each once.
        beyond = pair - (self.capacity - size)
        replaced = tf.where(beyond < size, tf.gather(new, tf.maximum(beyond, 0)), self.capacity)
        stored = tf.where(beyond < 0, size + pair, replaced)
        return shown, tf.where((rows % 2 == 0) & (pair < half), stored, self.capacity)
