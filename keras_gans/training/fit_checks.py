"""What `fit` and `evaluate` refuse or warn of: training that trains nothing, or not what was asked for."""

import math
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gans.training.network_checks import check_finite
from keras_gans.training.optimizers import inner
from keras_gans.utils.private_keras import learning_rate_of
from keras_gans.utils.private_keras import variables_built_for


def check_recipe_is_current(gan):
    """Raises if what the players train, or how, is not what `compile` prepared."""
    steps = {"discriminator_steps": gan.discriminator_steps, "generator_steps": gan.generator_steps}
    if gan.update_rule == "simultaneous" and set(steps.values()) != {1}:
        raise ValueError(
            f"Simultaneous updates take one step each. Received: {steps}, set after `compile`. Call `compile` again."
        )
    for player, optimizer in gan.optimizers.items():
        if not optimizer.built:
            raise ValueError(
                f"The {player}'s optimizer was set after `compile`, which prepares optimizers. Received: {optimizer!r}. Pass it "
                f"to `compile`: gan.compile({player}_optimizer=...)."
            )
        now, then = gan.variables_of(player), variables_built_for(inner(optimizer))
        if [id(variable) for variable in now] != [id(variable) for variable in then]:
            both = {id(variable) for variable in now} & {id(variable) for variable in then}
            changed = [variable.path for variable in [*now, *then] if id(variable) not in both]
            raise ValueError(
                f"The {player} trains other variables than at `compile`. Received: {len(changed)} that were frozen, thawed or "
                f"replaced, {changed[:3]} among them. Call `compile` again after you change `trainable` or a network."
            )


_EMPTY = (
    "The {purpose} have no batch{so}. Received: an empty array or data set, fewer examples than a batch with "
    "drop_remainder=True, or a generator that has ended. Use smaller batches, or keep the last one."
)
_TRAINING = _EMPTY.format(purpose="data", so=", so nothing was trained")
_EVALUATION = _EMPTY.format(purpose="data to evaluate on", so="")


def check_arrays(evaluating=False, **data):
    """Raises if data are seen to be empty, or arrays that the user passes hold NaN, anywhere.

    Of data sets, only the first batch is looked at, later.

    Args:
        evaluating: Bool, whether `x` is evaluated, not trained on.
        **data: What the user passed, by the names of the arguments.
    """
    for name, value in data.items():
        first = value[0] if isinstance(value, (tuple, list)) and value else value
        if (isinstance(first, np.ndarray) and not len(first)) or (
            isinstance(first, tf.data.Dataset) and int(first.cardinality()) == 0
        ):
            raise ValueError(_TRAINING if name == "x" and not evaluating else _EVALUATION)
        for array in keras.tree.flatten(value) if isinstance(value, (dict, list, tuple, np.ndarray)) else ():
            if isinstance(array, np.ndarray) and np.issubdtype(array.dtype, np.floating) and array.ndim:
                check_finite(array, f"`{name}` has")


def warn_of_training_nothing(gan, epochs, initial_epoch):
    """Warns if there is no epoch to train, or a player does not learn."""
    if epochs <= initial_epoch:
        warnings.warn(
            f"There is no epoch to train: epochs={epochs} is the number of the last one, and initial_epoch={initial_epoch}. For "
            f"{epochs} more epochs, pass epochs={initial_epoch + epochs}.",
            stacklevel=3,
        )
    for player, optimizer in gan.optimizers.items():
        scheduled = isinstance(learning_rate_of(inner(optimizer)), keras.optimizers.schedules.LearningRateSchedule)
        if scheduled and float(keras.ops.convert_to_numpy(inner(optimizer).learning_rate)) == 0:
            warnings.warn(
                f"The learning rate of the {player} is 0, so it does not learn: its schedule has ended. Compile with another.",
                stacklevel=3,
            )


def check_trained(gan, history, epochs, initial_epoch):
    """Raises if `fit` has had no batch, and warns if the losses are NaN in the end."""
    if epochs > initial_epoch and gan.unchecked.training:
        raise ValueError(_TRAINING)
    logs = {name: values for name, values in history.items() if values and name in gan.get_metrics_result()}
    broken = sorted(name for name, values in logs.items() if not math.isfinite(values[-1]))
    if broken:
        epoch = next(n for n, values in enumerate(logs[broken[0]], initial_epoch + 1) if not math.isfinite(values))
        warnings.warn(
            f"{broken} are NaN or infinite since epoch {epoch}: the weights may be lost. Go back to a checkpoint, look for NaN "
            "in the data, and pass callbacks=[keras_gans.callbacks.TerminateOnNaN()].",
            stacklevel=3,
        )


def check_evaluated(gan):
    """Raises if an evaluation has had no batch."""
    if gan.unchecked.evaluation:
        raise ValueError(_EVALUATION)
