"""A rule that moves the player whose loss changes faster."""

import math

from keras_gans.balance.balance import Balance
from keras_gans.utils.numbers import check_positive


class LossChange(Balance):
    """The player whose loss changes faster moves.

    r = |L - L_previous| / |L_previous|, for each player;  k_D, k_G = 1, 0 if r_D > weight * r_G, else 0, 1

    L are the adversarial terms, without penalties. Until both have been seen twice, both players move. The authors made the
    rule for the Wasserstein loss.

    Args:
        weight: Float > 0, the paper's lambda: above 1, the generator moves more often. Default: 1.

    Raises:
        ValueError: if `weight` is not positive.

    Example:

    ```python
    rule = keras_gans.balance.LossChange()
    gan.compile(loss="wasserstein", penalties=[keras_gans.penalties.GradientPenalty()], balance=rule)
    logs, previous = {"d_adversarial": -3.0, "g_adversarial": 1.1}, {"d_adversarial": -2.0, "g_adversarial": 1.0}
    print(rule.choose(logs, previous, updates={}))  # (1, 0); the discriminator's loss changes faster
    ```

    Differences: a resting player's loss is measured on each round's batch.

    Reference:
        Ouyang, Chen, Agam, Accelerated WGAN update strategy with loss change rate balancing (2020), arXiv:2008.12463.
    """

    monitor = ("d_adversarial", "g_adversarial")

    def __init__(self, weight=1.0, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_positive(weight=weight)
        self.weight = weight

    def choose(self, logs, previous, updates):
        changes = {}
        for name in self.monitor:
            if math.isnan(previous[name]):
                return 1, 1
            changes[name] = abs(logs[name] - previous[name]) / max(abs(previous[name]), 1e-12)
        return (1, 0) if changes["d_adversarial"] > self.weight * changes["g_adversarial"] else (0, 1)
