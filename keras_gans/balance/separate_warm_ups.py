"""SimGAN's schedule: each player alone at first, then both."""

from keras_gans.balance.balance import Balance
from keras_gans.utils.integers import check_ints


class SeparateWarmUps(Balance):
    """Each player moves alone at first, the generator before the discriminator; then both, by fixed numbers of steps.

    k_D, k_G = 0, 1 up to `generator_updates` of the generator; then 1, 0 up to `discriminator_updates` of the discriminator;
    then `discriminator_steps`, `generator_steps`

    What the generator minimizes when it is alone is the recipe's business: SimGAN's refiner has only its self-regularization
    then, which a schedule in `losses.Weighted` says.

    Args:
        generator_updates: Int >= 0. Default: 1000.
        discriminator_updates: Int >= 0. Default: 200.
        discriminator_steps, generator_steps: Ints >= 1. Default: 1 each.

    Raises:
        ValueError: if one of them is out of range.

    Example:

    ```python
    rule = keras_gans.balance.SeparateWarmUps(1000, 200, discriminator_steps=1, generator_steps=2)
    gan.compile(balance=rule)
    print(rule.choose({}, {}, updates={"generator": 0, "discriminator": 0}))  # (0, 1)
    print(rule.choose({}, {}, updates={"generator": 1000, "discriminator": 10}))  # (1, 0)
    print(rule.choose({}, {}, updates={"generator": 1000, "discriminator": 200}))  # (1, 2)
    ```

    Reference:
        Shrivastava et al., Learning from Simulated and Unsupervised Images through Adversarial Training (2016), arXiv:1612.07828,
        section 3.
    """

    def __init__(
        self,
        generator_updates=1000,
        discriminator_updates=200,
        discriminator_steps=1,
        generator_steps=1,
        name=None,
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        check_ints(0, generator_updates=generator_updates, discriminator_updates=discriminator_updates)
        check_ints(1, discriminator_steps=discriminator_steps, generator_steps=generator_steps)
        self.alone = {"generator": generator_updates, "discriminator": discriminator_updates}
        self.steps = discriminator_steps, generator_steps

    def choose(self, logs, previous, updates):
        if updates["generator"] < self.alone["generator"]:
            return 0, 1
        return (1, 0) if updates["discriminator"] < self.alone["discriminator"] else self.steps
