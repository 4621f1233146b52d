"""Two optimizers, where Keras expects one."""

import math
import numbers

import keras
import numpy as np
import tensorflow as tf
from keras.optimizers.schedules import LearningRateSchedule

from keras_gans.utils.private_keras import learning_rate_of
from keras_gans.utils.private_keras import steps_of
from keras_gans.utils.private_keras import variables_built_for


class PlayerOptimizers:
    """`gan.optimizer`: both players' optimizers behind one name, for callbacks of Keras and of users.

    Reading an attribute gives the common value, or a dict by player where they differ. Setting one sets it in both, or raises; a
    dict by player sets each. Only variables can be set, such as `learning_rate`: other numbers are part of the traced step, which
    would not see a change. Keras' `LearningRateScheduler` and `ReduceLROnPlateau` walk `optimizers` and move each from its own
    value, so two time scales keep their ratio. `iterations` counts the generator's updates: `generator_steps` a round. Methods
    that change variables are not available here: call those of each optimizer in `gan.optimizers`.
    """

    built = True

    def __init__(self, generator, discriminator):
        vars(self)["optimizers"] = [inner(generator), inner(discriminator)]

    @property
    def iterations(self):
        return self.optimizers[0].iterations

    @property
    def variables(self):
        return [variable for optimizer in self.optimizers for variable in optimizer.variables]

    def get_config(self):
        """The configurations, a dict by player."""
        return ByPlayer(zip(_ORDER, (optimizer.get_config() for optimizer in self.optimizers), strict=True))

    def __deepcopy__(self, memo):
        raise TypeError(
            "`gan.optimizer` cannot be copied deeply: its optimizers belong to the variables of this GAN. Make new ones from "
            "their configurations: keras.optimizers.Adam.from_config(gan.optimizers['generator'].get_config())."
        )

    def __getattr__(self, name):
        # Python's own protocols (copy, pickle) are not delegated: they ask a copy before it has its optimizers.
        if (name.startswith("__") and name.endswith("__")) or "optimizers" not in vars(self):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        values = [_plain(getattr(optimizer, name)) for optimizer in self.optimizers]
        if any(callable(value) for value in values):
            raise AttributeError(
                f"`gan.optimizer` stands for two optimizers and has no method {name!r}. Call it on one player's optimizer: "
                f"gan.optimizers['generator'].{name}."
            )
        return values[0] if _equal(*values) else ByPlayer(zip(_ORDER, values, strict=True))

    def __setattr__(self, name, value):
        if isinstance(value, dict) and set(value) != set(_ORDER):
            missing = [player for player in _ORDER if player not in value]
            raise ValueError(
                f"{name!r} takes one value for both players, or a dict of {list(_ORDER)}. Received: {value}"
                + (f", without {missing}. Add them" if missing else ". Leave the other keys out")
                + ", or set it in gan.optimizers['generator'] alone."
            )
        values = [value[player] for player in _ORDER] if isinstance(value, dict) else [value, value]
        for player, optimizer in zip(_ORDER, self.optimizers, strict=True):
            what = f"{name!r} of the {player}'s {type(optimizer).__name__}"
            if not hasattr(optimizer, name) or isinstance(getattr(type(self), name, None), property):
                raise AttributeError(f"{what} cannot be set through `gan.optimizer`, which stands for two optimizers.")
            if name == "learning_rate":
                _check_settable(what, player, learning_rate_of(optimizer), values)
            if name != "learning_rate" and not isinstance(getattr(optimizer, name), keras.Variable):
                raise AttributeError(
                    f"{what} cannot be set through `gan.optimizer`: it is not a variable, and the traced training step keeps "
                    f"what it has read. Received: {name}={value!r}. Compile again with an optimizer that has it."
                )
        if name == "learning_rate":
            values = [_rate(value) for value in values]
        for optimizer, each in zip(self.optimizers, values, strict=True):
            setattr(optimizer, name, each)


def _rate(value):
    """A learning rate that is set, a number or a scalar of NumPy, Keras or TensorFlow, as a float."""
    scalar = _plain(value)
    if isinstance(scalar, (np.ndarray, np.generic)) and scalar.ndim == 0:
        scalar = scalar.item()
    if not isinstance(scalar, numbers.Real) or isinstance(scalar, bool) or not math.isfinite(scalar) or scalar < 0:
        raise ValueError(
            f"`learning_rate` must be a finite number >= 0, one for both players, or a dict by player. Received: {value!r}"
        )
    return float(scalar)


def check_rates(optimizers):
    """Raises a ValueError if a learning rate, at its optimizer's current step, is negative, NaN or infinite.

    Args:
        optimizers: Dict of optimizers, by what each trains.
    """
    for player, optimizer in optimizers.items():
        rate = float(tf.convert_to_tensor(inner(optimizer).learning_rate))
        if not math.isfinite(rate) or rate < 0:
            raise ValueError(
                f"The learning rate of the {player} must be a finite number >= 0. Received: {rate}. Compile with another, or set "
                "it; look at the schedule or the callback that gives it, if there is one."
            )


def _check_settable(what, player, rate, values):
    """Raises a TypeError unless a player's learning rate, `rate`, is a variable and none of the new `values` is a schedule."""
    if not isinstance(rate, keras.Variable):
        kind = "schedule" if isinstance(rate, LearningRateSchedule) else "function"
        raise TypeError(f"{what} is a {kind}, which cannot be set. Compile with a float instead.")
    schedule = next((value for value in values if callable(value)), None)
    if schedule is not None:
        raise TypeError(
            f"{what} can only be set to a number: the traced training step keeps the schedule that it has read. Received: "
            f"{schedule!r}. Compile again with it: gan.compile({player}_optimizer=keras.optimizers.Adam(schedule), ...)."
        )


class ByPlayer(dict):
    """Values that differ, by player. Its errors explain to a script that takes it for a number why it is not one."""

    def _refuse(self, *_, **__):
        raise TypeError(f"The players' optimizers differ: {dict(self)}. {_READ_ONE}")

    __float__ = __int__ = __index__ = __complex__ = __round__ = __abs__ = __neg__ = __array__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __rpow__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse

    def __format__(self, spec):
        return self._refuse() if spec else str(self)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):  # Python's own protocols
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise AttributeError(f"The players' optimizers differ: {dict(self)}, which has no {name!r}. {_READ_ONE}")


_READ_ONE = (
    "Read one player's, for example gan.optimizers['generator'].learning_rate; or set both at once: "
    "gan.optimizer.learning_rate = {player: rate / 2 for player, rate in gan.optimizer.learning_rate.items()}."
)


_ORDER = ("generator", "discriminator")


def _plain(value):
    """A scalar variable or tensor as a number, so that assigning to it cannot change only one optimizer."""
    if isinstance(value, (keras.Variable, tf.Tensor)) and value.shape == ():
        return keras.ops.convert_to_numpy(value).item()
    return value


def _equal(first, second):
    return first is second or (type(first) is type(second) and not isinstance(first, (list, tuple)) and first == second)


def prepare(optimizer, default, player, variables, scale_loss):
    """The built optimizer of one player.

    Args:
        optimizer: A name, a configuration, an optimizer, or a learning-rate schedule for `default`.
        default: The optimizer of the class's recipe.
        player: "generator" or "discriminator".
        variables: The variables that it will update.
        scale_loss: Bool, whether float16 gradients need a `LossScaleOptimizer`.

    Raises:
        ValueError: if it is something else, its learning rate is negative, NaN or infinite, or it already belongs to other
            variables.
    """
    if isinstance(optimizer, LearningRateSchedule):
        optimizer = type(default).from_config({**default.get_config(), "learning_rate": optimizer})
    optimizer = as_optimizer(optimizer, f"{player}_optimizer", "an optimizer or a learning-rate schedule")
    check_rates({player: optimizer})
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


def as_optimizer(optimizer, argument, objects="or an optimizer"):
    """The optimizer that a name, a configuration or an optimizer stands for.

    Args:
        optimizer: What the user passed.
        argument: String, the name of the argument.
        objects: String, the last alternative in the error's list of accepted values.

    Raises:
        ValueError: if it is something else, or the name is unknown; it names the argument.
    """
    remedy = ""
    if isinstance(optimizer, numbers.Number):
        remedy = f" Pass keras.optimizers.Adam({optimizer!r})."
    elif isinstance(optimizer, type):
        remedy = f" Pass an object: keras.optimizers.{optimizer.__name__}()."
    elif isinstance(optimizer, (str, dict, keras.optimizers.Optimizer)):
        try:
            return keras.optimizers.get(optimizer)
        except (TypeError, ValueError) as error:
            if isinstance(optimizer, dict):
                raise
            remedy = f" {error}"
    raise ValueError(f"`{argument}` must be a name, a configuration, {objects}. Received: {argument}={optimizer!r}.{remedy}")


def restart(optimizer):
    """Resets a built optimizer to its first step: only its learning rate is kept."""
    new = type(optimizer).from_config(optimizer.get_config())
    new.build(variables_built_for(optimizer))
    for variable, start in zip(optimizer.variables, new.variables, strict=True):
        if variable is not learning_rate_of(optimizer):
            variable.assign(start)


def multiply_rate(optimizer, factor):
    """Multiplies the learning rate of an optimizer, which must not be a schedule."""
    if factor != 1:
        optimizer.learning_rate = factor * keras.ops.convert_to_tensor(optimizer.learning_rate)


def inner(optimizer):
    """The optimizer inside a `LossScaleOptimizer`, or the optimizer itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def steps_taken(optimizer):
    """The number of steps that an optimizer has taken, including those that only accumulated gradients: an int."""
    return int(keras.ops.convert_to_numpy(steps_of(inner(optimizer))))


def apply(optimizer, gradients, variables):
    """Applies gradients. Returns whether variables were updated: not while gradients accumulate, nor on an overflow."""
    before = tf.identity(keras.ops.convert_to_tensor(inner(optimizer).iterations))
    optimizer.apply(gradients, variables)
    return keras.ops.convert_to_tensor(inner(optimizer).iterations) > before
