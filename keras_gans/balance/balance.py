"""The base of the rules that choose each round's steps."""

from collections.abc import Callable

import keras

from keras_gans.utils.component import Component
from keras_gans.utils.replicas import cross_replica_mean


class Balance(Component):
    """Chooses, before each round, how many steps each player takes in it. Subclass it and override `choose`.

    Passed as `compile(balance=...)`, in place of fixed `discriminator_steps` and `generator_steps`. Updates are alternating.
    Either number may be 0, not both; a player that rests is measured, so that its logs go on. Each pair that occurs is traced
    once. What a rule monitors is state of the model: it is saved, and a resumed training chooses what the uninterrupted one
    would have chosen. With a rule, an epoch is still one pass over the data; its number of rounds varies.

    Class attributes:
        monitor: Tuple of names of logs: those of `fit`, of single steps instead of means over the epoch; `d_adversarial` and
            `g_adversarial`, which lazy terms do not make jump; `d_accuracy`, the share of real and generated examples
            that lie on their side of the loss's threshold, where it has one; `d_real_cost` and `d_fake_cost`, the cross
            entropies of scores that are logits.

    Example:

    ```python
    class Weaker(keras_gans.balance.Balance):
        monitor = ("d_loss", "g_loss")

        def choose(self, logs, previous, updates):
            return (2, 1) if logs["d_loss"] > logs["g_loss"] else (1, 2)

    gan.compile(balance=Weaker())
    ```
    """

    declares = Component.declares | {"monitor": (tuple, list), "choose": (Callable,)}
    monitor = ()

    def choose(self, logs, previous, updates):
        """The steps of the next round.

        Args:
            logs: Dict of floats, the last values of the logs in `monitor`; NaN before the first.
            previous: Dict of floats, the values before those; NaN before the second.
            updates: Dict of ints, how often "generator" and "discriminator" were updated so far.

        Returns:
            Pair of ints, `(discriminator_steps, generator_steps)`.
        """
        raise NotImplementedError(f"{type(self).__name__} must override `choose(logs, previous, updates)`.")

    def build_for(self, gan):
        # Last and one before, for each log.
        self.history = {
            name: self.add_weight(shape=(2,), initializer=_nan, trainable=False, name=f"{name}_history") for name in self.monitor
        }

    def observe(self, values):
        """Remembers those logs of a step that the rule monitors. `GAN` calls it in training, after each update."""
        for name in self.monitor:
            if name in values:
                history = self.history[name]
                history.assign([cross_replica_mean(values[name]), history[0]])


def _nan(shape, dtype=None):
    return keras.ops.full(shape, float("nan"), dtype)
