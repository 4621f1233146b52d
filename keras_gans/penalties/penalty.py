"""The base of the extra terms."""

import numbers

from keras_gans.utils.integers import check_ints
from keras_gans.utils.part import Part


class Penalty(Part):
    """An extra term of a player's objective. Subclass it and override `discriminator`, `generator`, or both.

    Each gets a `Minibatch` and returns a value per example (any trailing axes) or a scalar; the GAN takes the mean, times
    `weight`, and logs it as `d_<name>` or `g_<name>`. Random numbers come from `minibatch.seed_for(self.name)`.

    A lazy penalty (`every=k`) is computed at every k-th update of its player, from the first on, and counts k times then,
    so that its average strength does not change. In evaluation it is always computed, and counts once.

    State goes into `build_for(gan)`, as `self.add_weight(...)`, and is updated in `after_step(player, minibatch)`; it is
    saved with the model.

    Args:
        weight: Float. Default: 1.
        every: Int >= 1. Default: 1.

    Raises:
        ValueError: if `weight` is not a number, or `every` not an int >= 1.

    Class attributes:
        input_gradients: Bool, whether it takes gradients with respect to images. A discriminator with batch statistics is
            then refused: there is no gradient of one example's score. Default: False.
        couples_batch: Bool, whether it takes means or rows over all replicas. Default: False.
        heads: Tuple of keys, beside `scores`, that it reads from the discriminator's output. Default: none.

    Example:

    ```python
    class Drift(keras_gans.penalties.Penalty):
        def discriminator(self, minibatch):
            return minibatch.real_scores**2

    gan.compile(loss="wasserstein", penalties=[Drift(0.001)])
    ```
    """

    input_gradients = False
    couples_batch = False
    heads = ()

    def __init__(self, weight=1.0, every=1, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        if not isinstance(weight, numbers.Real):
            raise ValueError(f"`weight` must be a number. Received: weight={weight!r}")
        check_ints(1, every=every)
        self.weight = weight
        self.every = every

    def discriminator(self, minibatch):
        """The discriminator's term. None: it has none."""
        return

    def generator(self, minibatch):
        """The generator's term. None: it has none."""
        return

    def applies_to(self, player):
        """Whether this penalty has a term for `player`: "generator" or "discriminator"."""
        return getattr(type(self), player) is not getattr(Penalty, player)
