"""The moving average of the generator's weights: its decay, its start, and how it is updated."""

import numbers

import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.choices import check_bools
from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import made_to_train
from keras_gans.utils.private_keras import own_variables


class EMA(Serializable):
    """An exponential moving average of the generator's weights, after each of its updates.

    average <- d * average + (1 - d) * weights

    with d = 0 for the first `start` updates, then `decay`, or with `ramp_up` min(decay, (1 + n) / (10 + n)) where n counts
    updates from `start` on. A decay that is a schedule is called with the number of all earlier updates. The average starts at
    the initial weights. That of a frozen weight stays as it is. Statistics that training does not optimize, such as batch
    normalization's, are copied. Spectral norms are computed for the averaged kernels: their power iteration takes its own step
    at each update.

    Args:
        decay: Float in [0, 1], 0 copies, 1 freezes; or a Keras learning-rate schedule, such as `keras_gans.schedules.HalfLife`.
        start: Int >= 0, updates of the generator before averaging starts. Default: 0.
        ramp_up: Bool. Default: False.

    Raises:
        ValueError: if `decay` is neither a schedule nor in [0, 1], or `start` is out of range.

    Example:

    ```python
    average = keras_gans.EMA(0.999, start=1000)
    gan = keras_gans.GAN(generator, discriminator, ema=average)
    print(float(average.decay_at(0)), round(float(average.decay_at(1000)), 3))  # 0.0 0.999
    ```

    Reference:
        Karras et al., Progressive Growing of GANs (2017), arXiv:1710.10196; `start` as BigGAN-PyTorch; statistics are
        copied as in NVIDIA's code.
    """

    def __init__(self, decay, start=0, ramp_up=False):
        check_bools(ramp_up=ramp_up)
        is_number = isinstance(decay, numbers.Real) and not isinstance(decay, bool) and 0 <= decay <= 1
        if not isinstance(decay, LearningRateSchedule) and not is_number:
            raise ValueError(f"`decay` must be in [0, 1], or a schedule. Received: decay={decay!r}")
        check_ints(0, start=start)
        self.decay = decay
        self.start = start
        self.ramp_up = ramp_up

    def decay_at(self, updates):
        """d at the update that follows `updates` updates, as a float32 scalar."""
        n = tf.cast(updates - self.start, tf.float32)
        decay = self.decay(updates) if isinstance(self.decay, LearningRateSchedule) else self.decay
        decay = tf.minimum(decay, (1.0 + n) / (10.0 + n)) if self.ramp_up else tf.cast(decay, tf.float32)
        return tf.where(n < 0, 0.0, decay)

    def update(self, average, network, updates, moved=True):
        """Moves the weights of `average`, a clone of `network`, towards those of `network`.

        Args:
            average, network: Keras models of the same layers.
            updates: The number of updates that the average has followed so far.
            moved: Bool tensor: False where the optimizer changed nothing in this step, because it accumulates gradients or met
                an overflow. The average of the weights then stays, too.
        """
        decay = tf.where(moved, self.decay_at(updates), 1.0)
        trained = {id(variable) for variable in network.trainable_variables}
        pairs = list(zip(average.weights, network.weights, strict=True))
        for mean, value in pairs:
            if id(value) in trained:
                mean.assign(tf.cast(decay, mean.dtype) * mean + tf.cast(1.0 - decay, mean.dtype) * value)
        following = [layer for layer in all_layers(average) if hasattr(layer, "follow_weights")]
        own = {id(variable) for layer in following for variable in own_variables(layer)}
        for layer in following:
            layer.follow_weights()
        frozen = {id(variable) for layer in all_layers(network, include_self=True) for variable in made_to_train(layer)} - trained
        for mean, value in pairs:
            if id(value) not in trained:
                mean.assign(tf.where(decay > 0, mean, value) if id(mean) in own or id(value) in frozen else value)
