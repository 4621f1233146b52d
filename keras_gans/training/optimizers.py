"""Two optimizers, where Keras expects one."""

import numbers

import keras
import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.private_keras import variables_built_for


class PlayerOptimizers:
    """What `gan.optimizer` is: a view of both optimizers that Keras' callbacks understand.

    `LearningRateScheduler` and `ReduceLROnPlateau` walk `optimizers` and move each from its own value, so two time scales
    keep their ratio. `learning_rate` and `iterations` are the generator's.
    """

    built = True

    def __init__(self, generator, discriminator):
        self.optimizers = [inner(generator), inner(discriminator)]

    @property
    def learning_rate(self):
        return self.optimizers[0].learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        self.optimizers[0].learning_rate = value

    @property
    def iterations(self):
        return self.optimizers[0].iterations

    @property
    def variables(self):
        return [variable for optimizer in self.optimizers for variable in optimizer.variables]


def prepare(optimizer, default, player, variables, scale_loss):
    """The built optimizer of one player.

    Args:
        optimizer: A name, a configuration, an optimizer, or a learning-rate schedule for `default`.
        default: The optimizer of the class's recipe.
        player: "generator" or "discriminator".
        variables: The variables that it will update.
        scale_loss: Bool, whether float16 gradients need a `LossScaleOptimizer`.

    Raises:
        ValueError: if the optimizer already belongs to other variables.
    """
    if isinstance(optimizer, numbers.Number):
        raise ValueError(
            f"The {player}'s optimizer must be a name, a configuration, an optimizer or a learning-rate schedule. "
            f"Received: {optimizer}. Pass keras.optimizers.Adam({optimizer})."
        )
    if isinstance(optimizer, LearningRateSchedule):
        optimizer = type(default).from_config({**default.get_config(), "learning_rate": optimizer})
    optimizer = keras.optimizers.get(optimizer)
    if scale_loss and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    if not optimizer.built:
        optimizer.name = player
        optimizer.build(variables)
    elif [id(variable) for variable in variables_built_for(inner(optimizer))] != [id(variable) for variable in variables]:
        raise ValueError(
            f"The {player}'s optimizer was already built for other variables. Every player of every GAN needs an optimizer of "
            f"its own. Received: {optimizer!r}. Make a new one."
        )
    return optimizer


def inner(optimizer):
    """The optimizer inside a `LossScaleOptimizer`, or the optimizer itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def apply(optimizer, gradients, variables):
    """Applies gradients. Returns whether the variables were updated: not while gradients accumulate, nor on an overflow."""
    before = tf.identity(keras.ops.convert_to_tensor(inner(optimizer).iterations))
    optimizer.apply(gradients, variables)
    return keras.ops.convert_to_tensor(inner(optimizer).iterations) > before
