"""The base of the penalties."""

from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.term import Term


class Penalty(Term):
    """A term that restrains a network: its gradients, its weights, its scores, its codes.

    See `Term` for its arguments, halves and state; the weight must not be negative. What a player is asked to achieve beside the
    game is a `keras_gans.losses.AuxiliaryLoss` instead; both work alike.

    Example:

    ```python
    class Drift(keras_gans.penalties.Penalty):
        def discriminator(self, minibatch):
            return minibatch.real_scores**2

    gan.compile(loss="wasserstein", penalties=[Drift(0.001)])
    ```
    """

    def __init__(self, weight=1.0, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)
        if not isinstance(weight, LearningRateSchedule) and weight < 0:
            raise ValueError(f"The weight of a penalty must not be negative. Received: weight={weight!r}")
