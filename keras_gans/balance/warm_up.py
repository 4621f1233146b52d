"""The Wasserstein GAN's schedule: many critic steps a round at the start, few later."""

from keras_gans.balance.balance import Balance
from keras_gans.utils.integers import check_ints


class WarmUp(Balance):
    """Trains the critic much longer at the start, and again now and then.

    k_D = warm_up_steps while the generator has had fewer than `rounds` updates, and whenever their number is a multiple of
    `every`; else `steps`;  k_G = 1

    Args:
        steps: Int >= 1. Default: 5.
        warm_up_steps: Int >= 1. Default: 100.
        rounds: Int >= 0. Default: 25.
        every: Int >= 1. Default: 500.

    Raises:
        ValueError: if one of them is out of range.

    Example:

    ```python
    rule = keras_gans.balance.WarmUp()
    gan.compile(loss="wasserstein", balance=rule)
    print(rule.choose({}, {}, updates={"generator": 0}), rule.choose({}, {}, updates={"generator": 30}))  # (100, 1) (5, 1)
    ```

    Reference:
        Arjovsky, Chintala, Bottou, Wasserstein GAN (2017), arXiv:1701.07875; matches martinarjovsky/WassersteinGAN, main.py.
    """

    def __init__(self, steps=5, warm_up_steps=100, rounds=25, every=500, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_ints(1, steps=steps, warm_up_steps=warm_up_steps, every=every)
        check_ints(0, rounds=rounds)
        self.steps = steps
        self.warm_up_steps = warm_up_steps
        self.rounds = rounds
        self.every = every

    def choose(self, logs, previous, updates):
        warm = updates["generator"] < self.rounds or updates["generator"] % self.every == 0
        return (self.warm_up_steps if warm else self.steps), 1
