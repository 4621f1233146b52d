"""A value that goes from one to another along half a cosine."""

import math

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers


class Cosine(Serializable, keras.optimizers.schedules.LearningRateSchedule):
    """A value that goes from a first to a last one along half a cosine, slowly at both ends, and stays there.

    value(n) = w first + (1 - w) last,    w = (1 + cos(pi min(1, n batch_size / stop))) / 2

    after n updates. It serves wherever Keras takes a learning-rate schedule, and as the weight of an auxiliary loss or a
    penalty (`keras_gans.penalties`), as a half-life (`HalfLife`), or as beta_2 (`keras_gans.optimizers.ScheduledAdam`).

    Args:
        first: Float, the value at first.
        last: Float, the value from `stop` on; larger or smaller.
        stop: Int >= 1, the update at which it is the last value; or the number of images, if `batch_size` is given.
        batch_size: Int >= 1, images of an update. `fit` refuses batches of another size. Default: None, `stop` counts updates.

    Raises:
        ValueError: if an argument is not such a number.

    Example:

    ```python
    schedule = keras_gans.schedules.Cosine(2.0, 0.2, stop=20_000_000, batch_size=256)
    print([round(float(schedule(1e6 * millions / 256)), 2) for millions in (0, 10, 20, 30)])  # [2.0, 1.1, 0.2, 0.2]
    gan.compile(penalties=[keras_gans.penalties.R1(keras_gans.schedules.Cosine(2.0, 0.2, stop=1000))])
    ```

    Reference:
        Loshchilov, Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2016), arXiv:1608.03983, without restarts; Huang
        et al., The GAN is dead; long live the GAN! A Modern GAN Baseline (2024), arXiv:2501.05441 (brownvc/R3GAN,
        `cosine_decay_with_warmup` of `training/training_loop.py`, without warm-up).
    """

    def __init__(self, first, last, stop, batch_size=None):
        check_finite_numbers(first=first, last=last)
        check_ints(1, stop=stop)
        if batch_size is not None:
            check_ints(1, batch_size=batch_size)
        self.first = first
        self.last = last
        self.stop = stop
        self.batch_size = batch_size

    def __call__(self, step):
        done = tf.cast(step, tf.float32) * ((self.batch_size or 1) / self.stop)
        weight = 0.5 * (1.0 + tf.cos(math.pi * tf.minimum(done, 1.0)))
        return weight * self.first + (1.0 - weight) * self.last
