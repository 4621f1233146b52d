"""VAE/GAN's rule: a player rests where the other one has fallen behind."""

from keras_gans.balance.balance import Balance
from keras_gans.utils.numbers import check_positive


class Equilibrium(Balance):
    """The discriminator rests while it is far better than an undecided one, the generator's side while it is far worse.

    k_D = 0 if C_real or C_fake < target - margin, else 1
    k_G = 0 if C_real or C_fake > target + margin, else 1;  both 1 where both would be 0

    C are the discriminator's cross entropies of the main game at the last step, C_real = mean -log D(x), C_fake = mean -log(1 -
    D(G(z))), of scores that are logits: ln 2 = 0.69 each where it cannot decide.

    Args:
        target: Float > 0. Default: 0.68.
        margin: Float > 0. Default: 0.35.

    Raises:
        ValueError: if one of them is not positive.

    Example:

    ```python
    rule = keras_gans.balance.Equilibrium()
    gan.compile(balance=rule)
    print(rule.choose({"d_real_cost": 0.2, "d_fake_cost": 0.9}, previous={}, updates={}))  # (0, 1); the discriminator rests
    ```

    Reference:
        andersbll/autoencoding_beyond_pixels, the authors' code for Larsen et al., Autoencoding beyond pixels using a learned
        similarity metric (2015), arXiv:1512.09300. There the costs are those of the step at hand.
    """

    monitor = ("d_real_cost", "d_fake_cost")

    def __init__(self, target=0.68, margin=0.35, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_positive(target=target, margin=margin)
        self.target = target
        self.margin = margin

    def choose(self, logs, previous, updates):
        costs = [logs[name] for name in self.monitor]
        discriminator = not any(cost < self.target - self.margin for cost in costs)
        generator = not any(cost > self.target + self.margin for cost in costs)
        return (int(discriminator), int(generator)) if discriminator or generator else (1, 1)
