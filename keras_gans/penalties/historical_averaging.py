"""Historical averaging: weights stay near the mean of their own past."""

import types

import tensorflow as tf

from keras_gans.penalties.penalty import Penalty


class HistoricalAveraging(Penalty):
    """Keeps each player's weights near the mean of all their past values.

    D, G: weight * ||theta - (1/t) sum of theta_i, i = 1 ... t||^2          over all variables of the player

    The mean runs from the weights at `compile` to the present ones; it is a constant for the gradient. The mean is
    state of the model, as large as both players.

    Args:
        weight: Float. The paper gives none. Default: 1.
        every: Int, see `Term`. Default: 1.

    Example:

    ```python
    gan.compile(penalties=[keras_gans.penalties.HistoricalAveraging(0.1)])
    print([gan.penalties["historical_averaging"].applies_to(player) for player in ("generator", "discriminator")])  # [True, True]
    ```

    Reference:
        Salimans et al., Improved Techniques for Training GANs (2016), arXiv:1606.03498, section 3.3. The authors' code has no
        version of it.
    """

    of_weights = True

    def __init__(self, weight=1.0, every=1, name=None, **kwargs):
        super().__init__(weight, every, name, **kwargs)

    def build_for(self, gan):
        # A namespace: in a dict, Keras would take the players' variables for this penalty's own.
        self._players = types.SimpleNamespace(**{player: gan.variables_of(player) for player in ("generator", "discriminator")})
        self.counts = {player: self._state(1.0, f"{player}_count") for player in vars(self._players)}
        self.averages = {
            player: [self._state(variable, f"{player}_average_{n}") for n, variable in enumerate(variables)]
            for player, variables in vars(self._players).items()
        }

    def _state(self, value, name):
        value = tf.cast(value, tf.float32)
        return self.add_weight(shape=value.shape, initializer=lambda shape, dtype: value, trainable=False, name=name)

    def discriminator(self, minibatch):
        return self._squared_distance("discriminator")

    def generator(self, minibatch):
        return self._squared_distance("generator")

    def _pairs(self, player):
        return zip(getattr(self._players, player), self.averages[player], strict=True)

    def _squared_distance(self, player):
        return tf.add_n(
            [tf.reduce_sum(tf.square(tf.cast(variable, tf.float32) - average.value)) for variable, average in self._pairs(player)]
        )

    def after_step(self, player, minibatch):
        self.counts[player].assign_add(1.0)
        for variable, average in self._pairs(player):
            average.assign(average + (tf.cast(variable, tf.float32) - average) / self.counts[player])
