"""A learning rate that is constant for a while, then falls linearly to zero."""

import keras
import tensorflow as tf

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_not_negative


class LinearDecay(Serializable, keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that is constant up to an update, then falls linearly to zero, where it stays.

    rate(t) = learning_rate * min(1, max(0, (stop - t) / (stop - start)))

    Args:
        learning_rate: Float, the rate up to `start`.
        stop: Int, the update at which the rate is zero.
        start: Int, the update from which it falls. Default: 0.

    Raises:
        ValueError: if the rate is negative, or `stop` is not beyond `start`.

    Example:

    ```python
    schedule = keras_gans.schedules.LinearDecay(2e-4, stop=1000, start=500)
    print([round(1e4 * float(schedule(update)), 2) for update in (0, 500, 750, 2000)])  # [2.0, 2.0, 1.0, 0.0]
    gan.compile(generator_optimizer=keras.optimizers.Adam(schedule))
    ```

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks (2018), arXiv:1802.05957, and
        pfnet-research/sngan_projection; Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
        Networks (2017), arXiv:1703.10593.
    """

    def __init__(self, learning_rate, stop, start=0):
        check_not_negative(learning_rate=learning_rate)
        check_ints(0, stop=stop, start=start)
        if stop <= start:
            raise ValueError(f"`stop` must be beyond `start`. Received: start={start!r}, stop={stop!r}")
        self.learning_rate = learning_rate
        self.stop = stop
        self.start = start

    def __call__(self, step):
        left = (float(self.stop) - tf.cast(step, tf.float32)) / float(self.stop - self.start)
        return self.learning_rate * tf.clip_by_value(left, 0.0, 1.0)
