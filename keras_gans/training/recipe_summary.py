"""A compiled recipe in words."""

import inspect

import keras

from keras_gans.losses import AuxiliaryLoss
from keras_gans.penalties import Penalty
from keras_gans.training.optimizers import inner
from keras_gans.utils.private_keras import learning_rate_of


def described(gan):
    """Yields the lines of `gan.summary()` about how a compiled GAN is trained."""
    for game, parts in gan.plan.items():
        if len(gan.games) > 1:
            yield f"Game {game!r}, judged by {gan.games[game]!r}"
        yield f"Loss: {_describe(parts.loss)}"
        for what, kind in (("Auxiliary losses", AuxiliaryLoss), ("Penalties", Penalty)):
            yield f"{what}: {', '.join(_describe(term) for term in parts.terms if isinstance(term, kind)) or 'none'}"
        if parts.replay is not None:
            yield f"Replay: {_describe(parts.replay)}"
    for player, optimizer in gan.optimizers.items():
        steps = getattr(gan, f"{player}_steps") if gan.balance is None else _describe(gan.balance)
        rate = learning_rate_of(inner(optimizer))
        if hasattr(rate, "get_config"):
            rate = _describe(rate)
        else:  # a number, or a function that says one
            rate = f"{float(keras.ops.convert_to_numpy(inner(optimizer).learning_rate)):g}"
        yield f"{player.capitalize()} optimizer: {type(optimizer).__name__}, learning rate {rate}, {steps} step(s) a round"
    yield f"Updates: {gan.update_rule}"


def _describe(thing):
    """Class name and the arguments that are not the constructor's defaults."""
    parameters = inspect.signature(type(thing).__init__).parameters
    config = {key: value for key, value in thing.get_config().items() if key in parameters and key not in ("name", "dtype")}
    shown = [f"{key}={_shown(value)}" for key, value in config.items() if value != parameters[key].default]
    return f"{type(thing).__name__}({', '.join(shown)})"


def _shown(value):
    """A part of a configuration, with the name or the class of an object in it."""
    is_object = isinstance(value, dict) and "class_name" in value
    return (value["config"] or {}).get("name", value["class_name"]) if is_object else value
