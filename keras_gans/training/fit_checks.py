"""Errors and warnings of `fit` and `evaluate`: training that trains nothing, or something other than what was asked for."""

import bisect
import contextlib
import json
import math
import os
import warnings

import keras
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.training.data_checks import NOTHING_TO_EVALUATE
from keras_gans.training.data_checks import NOTHING_TO_TRAIN_ON
from keras_gans.training.data_checks import check_ends
from keras_gans.training.data_checks import check_generators
from keras_gans.training.optimizers import inner
from keras_gans.training.optimizers import steps_taken
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.numbers import check_unit_interval
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import learning_rate_of
from keras_gans.utils.saved_files import earlier_backup


def check_counted_images(gan, examples):
    """Raises if a schedule of the recipe counts images, and a step has another number of images than the schedule expects.

    Args:
        gan: The GAN.
        examples: Int, how many a step takes, on all replicas.
    """
    for what, schedule, steps in _schedules(gan):
        counted = getattr(schedule, "batch_size", None) if isinstance(schedule, LearningRateSchedule) else None
        if counted not in (None, steps * examples):
            received = f"{examples} images a step" + (f", and {steps} steps an update" if steps > 1 else "")
            whole = "" if counted % steps else f" batches of {counted // steps}, or"
            raise ValueError(
                f"The schedule of {what} counts {counted} images an update. Received: {received}. Make{whole} this "
                f"{type(schedule).__name__}, or the GAN that brings it, with batch_size={steps * examples}."
            )


def _schedules(gan):
    """Yields what may be a schedule in a recipe: its description, the schedule or other value, and the steps per update."""
    for player, optimizer in gan.optimizers.items():
        yield f"the {player}'s learning rate", learning_rate_of(inner(optimizer)), 1
        yield f"the {player}'s beta_2", getattr(inner(optimizer), "beta_2_schedule", None), 1
        for layer in (layer for network in gan.networks(player) for layer in all_layers(network)):
            for name, value in vars(layer).items():
                yield f"{layer.name}'s {name}", value, 1
    for component in gan.components:
        for argument, value in vars(component._arguments).items():
            yield f"{component.name}'s {argument}", value, 1
    if gan.ema is not None:
        yield "the average's decay", gan.ema.decay, inner(gan.generator_optimizer).gradient_accumulation_steps or 1


# The arguments of `fit` and `evaluate` that are whole numbers, and the least of each. The first two may not be None.
_LEAST = {
    "epochs": 0,
    "initial_epoch": 0,
    "batch_size": 1,
    "steps": 1,
    "steps_per_epoch": 1,
    "validation_steps": 1,
    "validation_batch_size": 1,
}


def check_arguments(validation_split=0.0, validation_freq=1, **arguments):
    """Raises a ValueError that names the first argument of `fit` or `evaluate` which is not a number of its kind.

    Args:
        validation_split: Float in [0, 1).
        validation_freq: Int, or a collection of the numbers of epochs.
        **arguments: Others that the user passed, by name. Those that are not numbers are left alone.
    """
    for name, least in _LEAST.items():
        if name in arguments and (arguments[name] is not None or name in ("epochs", "initial_epoch")):
            check_ints(least, **{name: arguments[name]})
    check_unit_interval(validation_split=validation_split or 0.0)
    if validation_split == 1:
        raise ValueError("`validation_split` must be below 1: nothing is left to train on. Received: validation_split=1")
    for epochs in validation_freq if isinstance(validation_freq, (list, tuple, set)) else [validation_freq]:
        check_ints(1, validation_freq=epochs)


def check_fit(**call):
    """Raises a ValueError if a call of `fit` has an argument of another kind, data that end never or too soon, or half a backup.

    Args:
        **call: The arguments that the user passed, by name.
    """
    check_arguments(**call)
    check_ends("x", call.get("x"), "steps_per_epoch", call.get("steps_per_epoch"))
    check_ends("validation_data", call.get("validation_data"), "validation_steps", call.get("validation_steps"))
    check_generators(**call)
    check_backups(call.get("callbacks"))


def check_class_names(gan, data):
    """Raises if data that name their classes have more of them than the networks take, and warns if they have fewer.

    Args:
        gan: The GAN.
        data: As `fit` got them. `class_names` of a `keras_gans.data` data set are strings, or None.
    """
    names, classes = getattr(data, "class_names", None), gan.data_classes
    if not names or not is_int(classes) or len(names) == classes:
        return
    shown = ", ".join(map(str, names[:5])) + ", ..." * (len(names) > 5)
    received = f"The networks take {classes} classes, and the data have {len(names)}: {shown}."
    if len(names) > classes:
        raise ValueError(f"{received} Build networks for all of them: classes={len(names)}.")
    warnings.warn(
        f"{received} Samples of a class from {len(names)} on will be of none that was learned. Build networks for those of the "
        f"data: classes={len(names)}.",
        stacklevel=3,
    )


def as_validation_freq(validation_freq):
    """How often `fit` validates, as Keras takes it: an int, or a list of the numbers of epochs."""
    return int(validation_freq) if is_int(validation_freq) else list(validation_freq)


def check_backups(callbacks):
    """Raises a ValueError if a `BackupAndRestore` among callbacks would restore a backup that was written only in part.

    Keras writes the weights first, and then the number of the epoch. Without it, it would begin at the first one.
    """
    for callback in getattr(callbacks, "callbacks", keras.tree.flatten(callbacks)):
        if not isinstance(callback, keras.callbacks.BackupAndRestore):
            continue
        folder = os.fspath(callback.backup_dir)
        weights, about = (os.path.join(folder, name) for name in ("latest.weights.h5", "training_metadata.json"))
        problem = None
        if os.path.exists(weights) != os.path.exists(about):
            problem = f"no {os.path.basename(about if os.path.exists(weights) else weights)}"
        elif os.path.exists(about):
            with open(about, encoding="utf-8", errors="replace") as file:
                text = file.read()
            with contextlib.suppress(ValueError, KeyError, TypeError):
                text = None if is_int(json.loads(text)["epoch"]) else text
            problem = None if text is None else f"{os.path.basename(about)} with {text[:60]!r}"
        if problem is not None:
            raise ValueError(
                f"The backup in {folder!r} is incomplete: the process ended while it was written. Expected: latest.weights.h5, "
                f"and training_metadata.json with the number of epochs. Received: {problem}. Delete the folder to begin anew. "
                'Or, where the weights are there and you know how many epochs are done, write {"epoch": <number>, "batch": 0} '
                f"to training_metadata.json.{earlier_backup(folder)}"
            )


def warn_of_training_nothing(model, epochs, initial_epoch):
    """Warns if there is no epoch to train, or a player does not learn. Remembers the steps taken, for `check_trained`.

    Args:
        model: Has `optimizers`, a dict by what each trains, and `steps_taken(name)` for each.
        epochs, initial_epoch: Ints, as `fit` got them.
    """
    if epochs <= initial_epoch:
        more = max(epochs, 1)
        warnings.warn(
            f"There is no epoch to train: epochs={epochs} is the number of the last one, and initial_epoch={initial_epoch}. For "
            f"{more} more epoch{'s' * (more > 1)}, pass epochs={initial_epoch + more}.",
            stacklevel=3,
        )
    model.unchecked.first_steps = {player: steps_taken(optimizer) for player, optimizer in model.optimizers.items()}
    for player, optimizer in model.optimizers.items():
        rate, step = learning_rate_of(inner(optimizer)), steps_taken(optimizer)
        scheduled = isinstance(rate, LearningRateSchedule)
        # A schedule may begin at 0, and rise.
        rates = [rate(step), rate(step + 1)] if scheduled else [inner(optimizer).learning_rate]
        if not any(float(keras.ops.convert_to_numpy(value)) for value in rates):
            why = ": its schedule has ended" if scheduled else ""
            warnings.warn(
                f"The learning rate of the {player} is 0, so it does not learn{why}. Compile with another.", stacklevel=3
            )


def check_trained(model, history):
    """Raises if `fit` has had no batch, and warns if no weight has moved, a schedule ended long before the training did, or the
    losses are NaN in the end.

    Args:
        model: As in `warn_of_training_nothing`.
        history: What `fit` returns. `history.epoch` lists the epochs that ran: none if there were none to train, or if a backup
            was complete.
    """
    if history.epoch and model.unchecked.training:
        raise ValueError(NOTHING_TO_TRAIN_ON)
    for player, optimizer in model.optimizers.items():
        gathers, steps = inner(optimizer).gradient_accumulation_steps or 1, model.steps_taken(player)
        if history.epoch and 0 < steps < gathers:
            warnings.warn(
                f"The {player} has not moved: an update takes the gradients of gradient_accumulation_steps={gathers} steps, and "
                f"there were {steps}. Train longer, or accumulate fewer steps.",
                stacklevel=3,
            )
        if history.epoch and _always_overflowed(optimizer):
            warnings.warn(
                f"The {player} has not moved: every step's gradients overflowed in float16, and were left out. Look for losses "
                "or penalties that are very large, or train with the policy mixed_bfloat16 or float32.",
                stacklevel=3,
            )
        if history.epoch:
            _warn_of_ended_schedule(player, optimizer, model.unchecked.first_steps[player])
    terms = model.get_metrics_result()
    logs = {name: values for name, values in history.history.items() if values and name.removeprefix("val_") in terms}
    broken = sorted(name for name, values in logs.items() if not math.isfinite(values[-1]))
    if broken:
        values = zip(history.epoch, logs[broken[0]], strict=False)  # fewer where not every epoch is validated
        epoch = next(epoch for epoch, value in values if not math.isfinite(value))
        warnings.warn(
            f"{broken} have been NaN or infinite since epoch {epoch + 1}: the weights may be lost. Go back to a checkpoint, "
            "look for NaN in the data, and pass callbacks=[keras_gans.callbacks.TerminateOnNaN()].",
            stacklevel=3,
        )


def _warn_of_ended_schedule(player, optimizer, first):
    """Warns if a rate that is 0 in the end, and was not after the step `first`, was so for more than a tenth of the steps."""
    rate, last = learning_rate_of(inner(optimizer)), steps_taken(optimizer)
    if not isinstance(rate, LearningRateSchedule) or last <= first:
        return

    def is_zero(step):
        return not float(keras.ops.convert_to_numpy(rate(step)))

    if is_zero(first + 1) or not is_zero(last):  # one that rises may begin at 0
        return
    # The rate of one that cycles only passes through 0. So steps between are looked at too, and their neighbours, as those may be
    # whole cycles apart.
    since = first + 1
    while True:
        steps = range(since, last + 1)
        end = steps[bisect.bisect_left(steps, True, key=is_zero)]
        between = range(end, last, max((last - end) // 20, 1))
        since = next((step for near in reversed(between) for step in (near + 1, near) if not is_zero(step)), None)
        if since is None:
            break
    if last - end > (last - first) / 10:
        warnings.warn(
            f"The learning rate of the {player} was 0 from step {end} on, of {last}: its schedule has ended, and nothing was "
            "learned since. Schedules count steps, not epochs: make it one of as many as there are.",
            stacklevel=4,
        )


def _always_overflowed(optimizer):
    """Whether an optimizer that scales losses has lowered its scale, as it does for infinite gradients, and has taken no step."""
    if not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return False
    scale, finite_steps = (float(keras.ops.convert_to_numpy(each)) for each in (optimizer.dynamic_scale, optimizer.step_counter))
    return scale < optimizer.initial_scale and finite_steps == 0 and steps_taken(optimizer) == 0


def check_evaluated(gan):
    """Raises if an evaluation has had no batch."""
    if gan.unchecked.evaluation:
        raise ValueError(NOTHING_TO_EVALUATE)
