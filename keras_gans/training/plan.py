"""The loss, terms and replay of each game of a recipe."""

import dataclasses

from keras_gans import losses
from keras_gans.losses import AdversarialLoss
from keras_gans.losses import AuxiliaryLoss
from keras_gans.penalties import Penalty
from keras_gans.replay import Replay
from keras_gans.utils.component import Component

_ARGUMENTS = ("loss", "auxiliary_losses", "penalties", "replay")


@dataclasses.dataclass
class Parts:
    """One game's adversarial loss, its terms, and perhaps a replay."""

    loss: AdversarialLoss
    terms: list
    replay: Replay | None

    @property
    def components(self):
        return [self.loss, *self.terms, *([] if self.replay is None else [self.replay])]


def plan_of(recipe, games, reserved):
    """The parts of each game: a dict, game to `Parts`.

    One loss, one list of terms and one replay serve all games: the first game gets the objects themselves, each other game
    copies. A dict by game gives each its own; a game that is not in it has no terms, or no replay.

    Args:
        recipe: Dict of `compile`'s arguments.
        games: List of the games' names, the main one first.
        reserved: Set of the names that no term may have.

    Raises:
        ValueError: if a dict names unknown games, or lacks a loss for one; if something is not a loss, a term or a replay.
    """
    given = {argument: _by_game(argument, recipe[argument], games) for argument in _ARGUMENTS}
    plan, seen = {}, set()
    for game in games:
        loss, auxiliary_losses, penalties, replay = (given[argument][game] for argument in _ARGUMENTS)
        if loss is None:
            raise ValueError(f"A dict of losses needs one for each game: {games}. Received: {sorted(recipe['loss'])}.")
        replay = None if replay in ((), []) else replay
        if replay is not None and not isinstance(replay, Replay):
            raise ValueError(f"`replay` must be a keras_gans.replay.Replay. Received: {replay!r}. Pass an object; () means none.")
        parts = [losses.get(loss), *_terms(auxiliary_losses or (), penalties or (), reserved), replay]
        loss, *terms, replay = [_copy(part) if id(part) in seen else part for part in parts]
        seen |= {id(part) for part in parts}
        plan[game] = Parts(loss, terms, replay)
    return plan


def as_argument(plan, parts_of):
    """The argument of `compile` that reproduces a plan: a value, or a dict by game if there are several games.

    Args:
        plan: Dict, game to `Parts`.
        parts_of: Function from a game's `Parts` to the argument's value for this game.
    """
    by_game = {game: parts_of(parts) for game, parts in plan.items()}
    return by_game if len(by_game) > 1 else next(iter(by_game.values()))


def _by_game(argument, value, games):
    """The value as a dict by game: it may be one already, or one value for all games."""
    if not isinstance(value, dict) or "class_name" in value:  # a configuration is one for all
        return {games[0]: value, **{game: _for_another_game(value) for game in games[1:]}}
    unknown = sorted(set(value) - set(games))
    if unknown:
        raise ValueError(f"`{argument}` may be a dict by game, of {games}. Received also: {unknown}.")
    return {game: value.get(game) for game in games}


def _for_another_game(value):
    if isinstance(value, (list, tuple)):
        return [_copy(term) for term in value if not getattr(term, "of_weights", False)]
    return _copy(value)


def _copy(part):
    return part.fresh_copy() if isinstance(part, Component) else part


def _terms(auxiliary_losses, penalties, reserved):
    """One list of auxiliary losses and penalties. Raises if something else is among them, or one has a name that is taken."""
    terms = []
    kinds = (("auxiliary_losses", auxiliary_losses, AuxiliaryLoss, "losses"), ("penalties", penalties, Penalty, "penalties"))
    for argument, given, kind, module in kinds:
        for term in list(given) if isinstance(given, (list, tuple)) else [given]:
            if not isinstance(term, kind):
                other = next((name for name, _, cls, _ in kinds if isinstance(term, cls)), None)
                remedy = f"Pass it as {other}=[...]." if other else "Pass an object, not a class or a name; () means none."
                raise ValueError(
                    f"`{argument}` must be a list of keras_gans.{module}.{kind.__name__} objects. Received: {term!r}. {remedy}"
                )
            if term.name in {"loss", "adversarial", "regularization", "accuracy", *reserved}:
                raise ValueError(f"A term cannot be called {term.name!r}, as another term of the logs is. Pass another `name`.")
            terms.append(term)
    return terms
