"""Adversarial losses by name."""

import sys

from keras_gans.losses.adversarial_loss import AdversarialLoss
from keras_gans.utils.lookup import lookup
from keras_gans.utils.lookup import snake_case


def get(identifier):
    """Returns the adversarial loss that `identifier` stands for.

    Args:
        identifier: A name, which is that of the class in snake case: "hinge", "least_squares", "non_saturating"; a
            configuration; a class; or an `AdversarialLoss`, which is returned as it is.

    Raises:
        ValueError: if it is none of these. The message lists the names.

    Example:

    ```python
    loss = keras_gans.losses.get("hinge")
    print(isinstance(loss, keras_gans.losses.Hinge), keras_gans.losses.get(loss) is loss)  # True True
    ```
    """
    hint = 'The usual binary cross-entropy is "non_saturating"; for a loss of your own, subclass AdversarialLoss.'
    return lookup(identifier, AdversarialLoss, names(), "loss", hint)


def names():
    """The exported losses by name."""
    package = sys.modules["keras_gans.losses"]
    exported = (getattr(package, name) for name in package.__all__)
    classes = [cls for cls in exported if isinstance(cls, type) and issubclass(cls, AdversarialLoss)]
    return {snake_case(cls.__name__): cls for cls in classes if cls is not AdversarialLoss}
