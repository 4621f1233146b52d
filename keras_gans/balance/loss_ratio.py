"""C-RNN-GAN's rule: the discriminator rests while its loss is small beside the generator's."""

from keras_gans.balance.balance import Balance
from keras_gans.utils.numbers import check_positive


class LossRatio(Balance):
    """The discriminator rests while its loss is small beside the generator's.

    k_D = 0 if L_D < minimum * L_G at the last step, else 1;  k_G = 1

    L are the adversarial terms, without penalties. The rule is for losses that are positive, such as the non-saturating one.

    Args:
        minimum: Float > 0. Default: 0.7.

    Raises:
        ValueError: if `minimum` is not positive.

    Example:

    ```python
    rule = keras_gans.balance.LossRatio(0.7)
    gan.compile(balance=rule)
    print(rule.choose({"d_adversarial": 0.5, "g_adversarial": 2.0}, previous={}, updates={}))  # (0, 1); the discriminator rests
    ```

    Reference:
        Mogren, C-RNN-GAN: Continuous recurrent neural networks with adversarial training (2016), arXiv:1611.09904.
    """

    monitor = ("d_adversarial", "g_adversarial")

    def __init__(self, minimum=0.7, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        check_positive(minimum=minimum)
        self.minimum = minimum

    def choose(self, logs, previous, updates):
        return (0, 1) if logs["d_adversarial"] < self.minimum * logs["g_adversarial"] else (1, 1)
