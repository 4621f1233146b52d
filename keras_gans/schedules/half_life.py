"""The decay of a moving average, by the number of images after which a weight counts half."""

import keras
import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.config import Serializable
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers


class HalfLife(Serializable, keras.optimizers.schedules.LearningRateSchedule):
    """The decay of a moving average in which what was averaged counts half after so many images, whatever the batch.

    decay(n) = 0.5^(batch_size / half_life(n))

    after n updates; 0 where the half-life is 0: the average is a copy.

    Args:
        half_life: Float >= 0, in images; or a schedule of it, a function of the number of updates, such as `Cosine`.
        batch_size: Int >= 1, images between two updates of the average: those of a step of the generator, times the steps over
            which its optimizer accumulates gradients. `fit` refuses batches of another size.

    Raises:
        ValueError: if `half_life` is neither a schedule nor a number >= 0, or `batch_size` no such int, or not that of the
            schedule.

    Example:

    ```python
    decay = keras_gans.schedules.HalfLife(10_000, batch_size=32)
    print(f"{float(decay(0)):.6f}")  # 0.997784
    gan = keras_gans.GAN(generator, discriminator, ema=keras_gans.EMA(decay))
    ```

    Reference:
        Karras, Laine, Aila, A Style-Based Generator Architecture for Generative Adversarial Networks (2018), arXiv:1812.04948
        (10,000 images); Huang et al., The GAN is dead; long live the GAN! A Modern GAN Baseline (2024), arXiv:2501.05441
        (brownvc/R3GAN), whose half-life grows.
    """

    def __init__(self, half_life, batch_size):
        check_ints(1, batch_size=batch_size)
        if not isinstance(half_life, LearningRateSchedule):
            check_finite_numbers(half_life=half_life)
            if half_life < 0:
                raise ValueError(f"`half_life` must not be negative. Received: half_life={half_life!r}")
        elif getattr(half_life, "batch_size", None) not in (None, batch_size):
            raise ValueError(
                "`half_life` counts images with another batch size. Received: half_life with "
                f"batch_size={half_life.batch_size}, and batch_size={batch_size!r}. Use the same batch size for both."
            )
        self.half_life = half_life
        self.batch_size = batch_size

    def __call__(self, step):
        half_life = self.half_life(step) if isinstance(self.half_life, LearningRateSchedule) else self.half_life
        return tf.pow(0.5, self.batch_size / tf.maximum(tf.cast(half_life, tf.float32), 1e-8))
