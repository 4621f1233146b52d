"""The base of the auxiliary losses."""

from keras_gans.utils.term import Term


class AuxiliaryLoss(Term):
    """A loss that a player minimizes beside the adversarial one: matching features, naming classes, reconstructing.

    See `Term` for its arguments, halves and state. What restrains a network instead is a `keras_gans.penalties.Penalty`; both
    work alike.

    Example:

    ```python
    class Darker(keras_gans.losses.AuxiliaryLoss):
        def generator(self, minibatch):
            return minibatch.fake + 1.0

    gan.compile(auxiliary_losses=[Darker(0.1)])
    ```
    """
