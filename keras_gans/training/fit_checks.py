"""What `fit` and `evaluate` refuse or warn of: training that trains nothing, or not what was asked for."""

import math
import warnings

import keras
import numpy as np

from keras_gans.training.network_checks import check_finite
from keras_gans.training.network_checks import check_trains
from keras_gans.training.optimizers import inner
from keras_gans.utils.private_keras import variables_built_for


def check_recipe_is_current(gan):
    """Raises if what the players train is not what `compile` prepared."""
    for player, optimizer in gan.optimizers.items():
        now, then = gan.variables_of(player), variables_built_for(inner(optimizer))
        check_trains(player, now)
        if [id(variable) for variable in now] != [id(variable) for variable in then]:
            both = {id(variable) for variable in now} & {id(variable) for variable in then}
            changed = [variable.path for variable in [*now, *then] if id(variable) not in both]
            raise ValueError(
                f"The {player} trains other variables than at `compile`. Received: {len(changed)} that were frozen, thawed or "
                f"replaced, {changed[:3]} among them. Call `compile` again after you change `trainable` or a network."
            )


def check_arrays(**data):
    """Raises if arrays that the user passes hold NaN, anywhere. Of data sets, only the first batch is looked at, later."""
    for name, value in data.items():
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
        if float(keras.ops.convert_to_numpy(inner(optimizer).learning_rate)) == 0:
            warnings.warn(
                f"The learning rate of the {player} is 0, so it does not learn. If a schedule has ended, compile with another.",
                stacklevel=3,
            )


def check_trained(gan, history, epochs, initial_epoch):
    """Raises if `fit` has had no batch, and warns if the losses are NaN in the end."""
    if epochs > initial_epoch and gan.unchecked.training:
        raise ValueError(
            "The data have no batch, so nothing was trained. Received: an empty array or data set, fewer examples than a batch "
            "with drop_remainder=True, or a generator that has ended. Use smaller batches, or keep the last one."
        )
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
        raise ValueError(
            "The data to evaluate on have no batch. Received: an empty array or data set, or fewer examples than a batch with "
            "drop_remainder=True. Use smaller batches, or keep the last one."
        )
