"""Adversarial losses: both halves of a family in one class."""

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.losses.discriminator_only import DiscriminatorOnly
from keras_gans.losses.energy_based import EnergyBased
from keras_gans.losses.fisher import Fisher
from keras_gans.losses.hinge import Hinge
from keras_gans.losses.least_squares import LeastSquares
from keras_gans.losses.minimax import Minimax
from keras_gans.losses.non_saturating import NonSaturating
from keras_gans.losses.relativistic import Relativistic
from keras_gans.losses.relativistic_average import RelativisticAverage
from keras_gans.losses.saddle import Saddle
from keras_gans.losses.symmetric import Symmetric
from keras_gans.losses.wasserstein import Wasserstein
from keras_gans.utils.lookup import lookup

_NAMED = {
    "discriminator_only": DiscriminatorOnly,
    "energy_based": EnergyBased,
    "fisher": Fisher,
    "symmetric": Symmetric,
    "hinge": Hinge,
    "least_squares": LeastSquares,
    "minimax": Minimax,
    "non_saturating": NonSaturating,
    "relativistic": Relativistic,
    "relativistic_average": RelativisticAverage,
    "saddle": Saddle,
    "wasserstein": Wasserstein,
}


def get(identifier):
    """Returns the loss that `identifier` stands for.

    Args:
        identifier: A name ("discriminator_only", "energy_based", "fisher", "hinge", "least_squares", "minimax",
            "non_saturating", "relativistic", "relativistic_average", "saddle", "symmetric", "wasserstein"), a configuration,
            a class or an `AdversarialLoss`, which is returned as it is.

    Raises:
        ValueError: if it is none of these.

    Example:

    ```python
    loss = keras_gans.losses.get("hinge")
    print(isinstance(loss, keras_gans.losses.Hinge), keras_gans.losses.get(loss) is loss)  # True True
    ```
    """
    hint = 'The loss on binary cross-entropy is "non_saturating"; for one of your own, subclass AdversarialLoss.'
    return lookup(identifier, AdversarialLoss, _NAMED, "loss", hint)


__all__ = [
    "AdversarialLoss",
    "DiscriminatorOnly",
    "EnergyBased",
    "Fisher",
    "Symmetric",
    "Hinge",
    "LeastSquares",
    "Minimax",
    "NonSaturating",
    "Relativistic",
    "RelativisticAverage",
    "Saddle",
    "Wasserstein",
    "get",
]
