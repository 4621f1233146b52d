"""3D-GAN's rule: the discriminator rests while its accuracy is above a threshold."""

from keras_gans.balance.balance import Balance
from keras_gans.utils.numbers import check_finite_numbers


class AccuracyThreshold(Balance):
    """The discriminator rests while it is too good.

    k_D = 0 if its accuracy on the last batch was above `maximum`, else 1;  k_G = 1

    The rule is for losses whose scores have a `threshold`: "non_saturating", "minimax", "hinge" and "least_squares".

    Args:
        maximum: Float in (0, 1). Default: 0.8.

    Raises:
        ValueError: if `maximum` is not in (0, 1).

    Example:

    ```python
    rule = keras_gans.balance.AccuracyThreshold(0.8)
    gan.compile(balance=rule)
    print(rule.choose({"d_accuracy": 0.9}, previous={}, updates={}))  # (0, 1); the discriminator rests
    ```

    Reference:
        Wu et al., Learning a Probabilistic Latent Space of Object Shapes via 3D Generative-Adversarial Modeling (2016),
        arXiv:1610.07584.
    """

    monitor = ("d_accuracy",)

    def __init__(self, maximum=0.8, name=None, **kwargs):
        check_finite_numbers(maximum=maximum)
        super().__init__(name=name, **kwargs)
        if not 0 < maximum < 1:
            raise ValueError(f"`maximum` must be in (0, 1). Received: maximum={maximum!r}")
        self.maximum = maximum

    def choose(self, logs, previous, updates):
        return (0, 1) if logs["d_accuracy"] > self.maximum else (1, 1)
