"""What `fit` and `evaluate` refuse or warn of: training that trains nothing, or not what was asked for."""

import math
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.training.optimizers import inner
from keras_gans.utils.finite import check_examples
from keras_gans.utils.numbers import HOW_TO_NUMBER
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import learning_rate_of
from keras_gans.utils.private_keras import steps_of


def check_counted_images(gan, examples):
    """Raises if a schedule of the recipe counts images, and a step has another number of them than it was told.

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
    """What may be a schedule in a recipe: what it is of, the schedule or another value, and the steps of one of its updates."""
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
        for part, array in _arrays(value, f"`{name}`"):
            if array.dtype.kind in "OSU" and array.size and isinstance(array.flat[0], str):
                raise ValueError(f"{part} has strings, {str(array.flat[0])!r} for example. Expected numbers. {HOW_TO_NUMBER}")
            if np.issubdtype(array.dtype, np.floating) and array.ndim:
                check_examples(array, f"{part} has")


def _arrays(value, name):
    """The arrays in what a user passes, with their names: arrays, tensors, tables, and lists, tuples and dicts of them.

    Not data sets. The names have the keys of dicts, not the places in lists.
    """
    if isinstance(value, dict):
        return [pair for key, each in value.items() for pair in _arrays(each, f"{name}[{key!r}]")]
    if isinstance(value, (list, tuple)):
        return [pair for each in value for pair in _arrays(each, name)]
    is_array = isinstance(value, (np.ndarray, np.generic, tf.Tensor)) or hasattr(value, "to_numpy")
    return [(name, np.asarray(value))] if is_array else []


def warn_of_training_nothing(model, epochs, initial_epoch):
    """Warns if there is no epoch to train, or a player does not learn.

    Args:
        model: What has `optimizers`, a dict by what each trains, and says the `steps_taken` of each.
        epochs, initial_epoch: Ints, as `fit` got them.
    """
    if epochs <= initial_epoch:
        warnings.warn(
            f"There is no epoch to train: epochs={epochs} is the number of the last one, and initial_epoch={initial_epoch}. For "
            f"{epochs} more epochs, pass epochs={initial_epoch + epochs}.",
            stacklevel=3,
        )
    for player, optimizer in model.optimizers.items():
        rate, step = learning_rate_of(inner(optimizer)), _steps_taken(optimizer)
        scheduled = isinstance(rate, LearningRateSchedule)
        # A schedule may begin at 0, and rise.
        rates = [rate(step), rate(step + 1)] if scheduled else [rate]
        if not any(float(keras.ops.convert_to_numpy(value)) for value in rates):
            why = ": its schedule has ended" if scheduled else ""
            warnings.warn(
                f"The learning rate of the {player} is 0, so it does not learn{why}. Compile with another.", stacklevel=3
            )


def check_trained(model, history):
    """Raises if `fit` has had no batch, and warns if no weight has moved, or the losses are NaN in the end.

    Args:
        model: As in `warn_of_training_nothing`.
        history: Of `fit`. `history.epoch` are the epochs that it came to: none if there was none to train, or if a backup was
            complete.
    """
    if history.epoch and model.unchecked.training:
        raise ValueError(_TRAINING)
    for player, optimizer in model.optimizers.items():
        gathers, steps = inner(optimizer).gradient_accumulation_steps or 1, model.steps_taken(player)
        if history.epoch and 0 < steps < gathers:
            warnings.warn(
                f"The {player} has not moved: an update takes the gradients of gradient_accumulation_steps={gathers} steps, and "
                f"there were {steps}. Train for longer, or with fewer steps an update.",
                stacklevel=3,
            )
        if history.epoch and _always_overflowed(optimizer):
            warnings.warn(
                f"The {player} has not moved: every step's gradients overflowed in float16, and were left out. Look for losses "
                "or penalties that are very large, or train with the policy mixed_bfloat16 or float32.",
                stacklevel=3,
            )
    terms = model.get_metrics_result()
    logs = {name: values for name, values in history.history.items() if values and name.removeprefix("val_") in terms}
    broken = sorted(name for name, values in logs.items() if not math.isfinite(values[-1]))
    if broken:
        values = zip(history.epoch, logs[broken[0]], strict=False)  # fewer where not every epoch is validated
        epoch = next(epoch for epoch, value in values if not math.isfinite(value))
        warnings.warn(
            f"{broken} are NaN or infinite since epoch {epoch + 1}: the weights may be lost. Go back to a checkpoint, look for "
            "NaN in the data, and pass callbacks=[keras_gans.callbacks.TerminateOnNaN()].",
            stacklevel=3,
        )


def _always_overflowed(optimizer):
    """Whether an optimizer that scales losses has lowered its scale, as where gradients are infinite, and taken no step."""
    if not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return False
    scale, finite_steps = (float(keras.ops.convert_to_numpy(each)) for each in (optimizer.dynamic_scale, optimizer.step_counter))
    return scale < optimizer.initial_scale and finite_steps == 0 and _steps_taken(optimizer) == 0


def _steps_taken(optimizer):
    return int(keras.ops.convert_to_numpy(steps_of(inner(optimizer))))


def check_evaluated(gan):
    """Raises if an evaluation has had no batch."""
    if gan.unchecked.evaluation:
        raise ValueError(_EVALUATION)
