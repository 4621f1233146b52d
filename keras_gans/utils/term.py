"""What a player minimizes beside its adversarial loss."""

from collections.abc import Callable

from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.component import Component
from keras_gans.utils.integers import check_ints
from keras_gans.utils.numbers import check_finite_numbers


class Term(Component):
    """A term of a player's objective. Subclass `penalties.Penalty` or `losses.AuxiliaryLoss`, which say what a term is for.

    A subclass overrides `discriminator`, `generator`, or both. Each gets a `Minibatch` and returns a value per example (any
    trailing axes) or a scalar; the GAN takes the mean, times `weight`, and logs it as `d_<name>` or `g_<name>`. Random numbers
    come from `minibatch.seed_for(self.name)`.

    A lazy term (`every=k`) is computed at every k-th update of its player, from the first on, and counts k times then, so that
    its average strength does not change. In evaluation it is always computed, and counts once. Under XLA it saves time only where
    all batches have one size: `batch(..., drop_remainder=True)`.

    State goes into `build_for(gan)`, as `self.add_weight(...)`, and is updated in `after_step(player, minibatch)`; it is saved
    with the model.

    Args:
        weight: Float, or a Keras learning-rate schedule: a function of the number of updates of the term's player. Default: 1.
        every: Int >= 1. Default: 1.
        name: String, of its logs. Default: the class's name in snake case.

    Raises:
        ValueError: if `weight` is neither a finite number nor a schedule, or `every` not an int >= 1.

    Class attributes:
        input_gradients: Bool, whether the term takes gradients with respect to images. A discriminator with batch statistics is
            then refused: there is no gradient of one example's score. Default: False.
        couples_batch: Bool, whether the term takes means or rows over all replicas. Default: False.
        of_weights: Bool, whether the term is of the players' weights: it then counts in the main game alone, when one list of
            terms is for all games. Default: False.
        needs_origin: Bool, whether the discriminator's half compares fakes with the latents or the condition that they were made
            of. A replay, whose fakes are older ones, is then refused. Default: False.
        heads: Tuple of keys, beside `scores`, that the term reads from the discriminator's output. Default: none.
    """

    declares = Component.declares | {
        "discriminator": (Callable,),
        "generator": (Callable,),
        "input_gradients": (bool,),
        "couples_batch": (bool,),
        "of_weights": (bool,),
        "needs_origin": (bool,),
        "heads": (tuple, list),
    }
    input_gradients = False
    couples_batch = False
    of_weights = False
    needs_origin = False
    heads = ()

    def __init__(self, weight=1.0, every=1, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        if not isinstance(weight, LearningRateSchedule):
            check_finite_numbers(weight=weight)
        check_ints(1, every=every)
        self.weight = weight
        self.every = every

    def discriminator(self, minibatch):
        """The discriminator's half. None: the discriminator has no such term."""
        return

    def generator(self, minibatch):
        """The generator's half. None: the generator has no such term."""
        return

    def weight_at(self, updates):
        """The weight after so many updates of its player: a float, or a scalar tensor."""
        return self.weight(updates) if isinstance(self.weight, LearningRateSchedule) else self.weight

    def applies_to(self, player):
        """Whether the term has a half for `player`, "discriminator" or "generator"."""
        return getattr(type(self), player) is not getattr(Term, player)
