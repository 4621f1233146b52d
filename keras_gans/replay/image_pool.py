"""The pool of generated images of CycleGAN."""

import tensorflow as tf

from keras_gans.replay.replay import Replay
from keras_gans.replay.replay import first_of
from keras_gans.replay.replay import shuffled_places
from keras_gans.utils import random


class ImagePool(Replay):
    """A pool of fakes, from which the discriminator sees an older one half of the time.

    Until the pool is full, each fake is shown, and stored. Then, with probability 1/2, a random fake of the pool is shown in
    place of the new one, which takes its place; else the new one is shown, and not stored.

    Args:
        capacity: Int >= 1. Default: 50.
        name: String.

    Example:

    ```python
    gan.compile(loss="least_squares", replay=keras_gans.replay.ImagePool(50))
    ```

    Differences: the fakes of one batch take different places of the pool, and are compared with the pool as it was before the
    batch; the authors' code goes through a batch image by image. For batches of one it is the same.

    Reference:
        Shrivastava et al., Learning from Simulated and Unsupervised Images (2016), arXiv:1612.07828, for the idea; Zhu et al.,
        Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks (2017), arXiv:1703.10593; matches
        junyanz/pytorch-CycleGAN-and-pix2pix, util/image_pool.py.
    """

    def __init__(self, capacity=50, name=None, **kwargs):
        super().__init__(capacity, name, **kwargs)

    def choose(self, count, size, seed):
        filling = size + tf.range(count)
        is_full = filling >= self.capacity
        places = first_of(shuffled_places(self.capacity, size, random.fold_in(seed, 1)), count, self.capacity)
        swaps = is_full & (random.uniform((count,), random.fold_in(seed, 0)) < 0.5) & (places < size)
        swapped = tf.where(swaps, places, self.capacity)
        return swapped, tf.where(is_full, swapped, filling)
