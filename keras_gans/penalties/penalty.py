"""The base of the penalties."""

from keras_gans.utils.term import Term


class Penalty(Term):
    """A term that restrains a network: its gradients, its weights, its scores, its codes.

    See `Term` for its arguments, halves and state. What a player is asked to achieve beside the game is a
    `keras_gans.losses.AuxiliaryLoss` instead; both work alike.

    Example:

    ```python
    class Drift(keras_gans.penalties.Penalty):
        def discriminator(self, minibatch):
            return minibatch.real_scores**2

    gan.compile(loss="wasserstein", penalties=[Drift(0.001)])
    ```
    """
