"""Adam whose memory of squared gradients grows longer, or shorter, in training."""

import contextlib
import numbers

import keras
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.numbers import check_finite_numbers
from keras_gans.utils.numbers import check_not_negative
from keras_gans.utils.private_keras import UpdatesTogether
from keras_gans.utils.private_keras import steps_of


@keras.saving.register_keras_serializable("keras_gans")
class ScheduledAdam(UpdatesTogether, keras.optimizers.Adam):
    """`keras.optimizers.Adam` of which beta_2 may be a schedule, as its learning rate may.

    v <- beta_2(n) v + (1 - beta_2(n)) g^2,    v_hat = v / (1 - beta_2(n)^(n + 1))

    at the step after n steps. All else is Adam. The schedule counts what Keras' schedules of learning rates count: steps, those
    that only accumulate gradients among them.

    Args:
        learning_rate, beta_1, epsilon, ...: As in `keras.optimizers.Adam`.
        beta_2: Float in [0, 1), or a Keras learning-rate schedule. Default: 0.999.

    Attributes:
        beta_2: The value for the next step: a float, or a scalar tensor.
        beta_2_schedule: The float, or the schedule.

    Raises:
        ValueError: if `beta_2` is neither a schedule nor such a number.

    Example:

    ```python
    schedule = keras_gans.schedules.Cosine(0.9, 0.99, stop=1000)
    optimizer = keras_gans.optimizers.ScheduledAdam(2e-4, beta_1=0.0, beta_2=schedule)
    print(round(float(optimizer.beta_2), 3))  # 0.9
    gan.compile(optimizer)
    ```

    Reference:
        Huang et al., The GAN is dead; long live the GAN! A Modern GAN Baseline (2024), arXiv:2501.05441; matches brownvc/R3GAN,
        which sets beta_2 of `torch.optim.Adam` before each step.

    Differences: epsilon is added as Keras' Adam does it, to the root of v and not of v_hat.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        if isinstance(learning_rate, numbers.Real):
            check_not_negative(learning_rate=learning_rate)
        check_finite_numbers(beta_1=beta_1)
        if not 0 <= beta_1 < 1:
            raise ValueError(f"`beta_1` must be in [0, 1). Received: beta_1={beta_1!r}")
        check_not_negative(epsilon=epsilon)
        if not isinstance(beta_2, LearningRateSchedule):
            check_finite_numbers(beta_2=beta_2)
            if not 0 <= beta_2 < 1:
                raise ValueError(f"`beta_2` must be in [0, 1), or a schedule. Received: beta_2={beta_2!r}")
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **kwargs)

    @property
    def beta_2(self):
        if self._of_this_update is not None:
            return self._of_this_update
        schedule = self.beta_2_schedule
        return schedule(steps_of(self)) if isinstance(schedule, LearningRateSchedule) else schedule

    @beta_2.setter
    def beta_2(self, value):
        self.beta_2_schedule = value

    _of_this_update = None

    @contextlib.contextmanager
    def updating(self):
        """Computes beta_2 once for the updates of all variables: they ask for it twice each."""
        self._of_this_update = self.beta_2
        try:
            yield
        finally:
            self._of_this_update = None

    # Not `Serializable`, whose configuration is what the constructor was given: the learning rate may have been set since.

    def get_config(self):
        return {**super().get_config(), "beta_2": keras.saving.serialize_keras_object(self.beta_2_schedule)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        beta_2 = config["beta_2"]
        if isinstance(beta_2, dict):
            beta_2 = keras.saving.deserialize_keras_object(beta_2, custom_objects)
        return super().from_config({**config, "beta_2": beta_2}, custom_objects)
