"""Checks that nothing was changed since `compile`: a traced training step would not see it."""

from keras_gans.training.optimizers import check_rates
from keras_gans.training.optimizers import inner
from keras_gans.utils.private_keras import learning_rate_of
from keras_gans.utils.settings import Same
from keras_gans.utils.settings import SameValues
from keras_gans.utils.settings import changed_settings
from keras_gans.utils.settings import comparable
from keras_gans.utils.settings import settings_of
from keras_gans.utils.settings import settings_of_network


def recipe_of(gan):
    """What a GAN's traced training step depends on: a dict of values to compare, with their descriptions as keys.

    A rule that balances the players is left out: Python runs it before each round.
    """
    found = {
        "gan.discriminator_steps": gan.discriminator_steps,
        "gan.generator_steps": gan.generator_steps,
        "gan.update_rule": gan.update_rule,
        "gan.optimizer": Same(gan.optimizer),
    }
    for game, parts in gan.plan.items():
        found |= settings_of(parts.loss, f"gan.plan[{game!r}].loss")
        if parts.replay is not None:
            found |= settings_of(parts.replay, f"gan.plan[{game!r}].replay")
    for name, term in gan.terms.items():
        found |= settings_of(term, f"gan.terms[{name!r}]")
    optimizers = {f"gan.{player}_optimizer": optimizer for player, optimizer in gan.optimizers.items()}
    networks = {role: getattr(gan, role) for role in gan.all_roles()}
    return found | of_model(gan, "gan", optimizers, networks, gan.untraced)


def of_model(model, what, optimizers, networks, untraced=()):
    """The part of a recipe that every model has: its own settings, its optimizers, and its networks' layers.

    Args:
        model: The model.
        what: String, the model's name in errors.
        optimizers: Dict of its optimizers by name.
        networks: Dict of its networks, by role.
        untraced: Names of the model's own settings that are read in Python, and may change. Default: none.
    """
    found = settings_of(model, what, without=untraced)
    for name, optimizer in optimizers.items():
        found |= _of_optimizer(name, optimizer)
    for role, network in networks.items():
        found |= settings_of_network(network, role)
    return found


def _of_optimizer(what, optimizer):
    """The settings of an optimizer. A learning rate that is a variable may be set: a step reads it."""
    own = inner(optimizer)
    return {
        what: Same(optimizer),
        **settings_of(optimizer, what),
        **settings_of(own, what),
        f"{what}.learning_rate": comparable(learning_rate_of(own)),
        f"{what}.beta_2_schedule": comparable(getattr(own, "beta_2_schedule", None)),
    }


def check_recipe_is_current(model):
    """Raises if something was changed since `compile`, or a learning rate was set to an invalid value.

    Where layers hold arrays of other values, as `keras.layers.Normalization` does once it is adapted or its weights are loaded,
    the step is traced anew.

    Args:
        model: Has `optimizers`, a dict by what each trains; `recipe_now()`; and in `compiled_recipe.settings` what that returned
            when the model was compiled.
    """
    now = model.recipe_now()
    _trace_with_new_arrays(model, now)
    _check_unchanged(model, now)


def check_recipe_of_epoch(model):
    """Raises as `check_recipe_is_current`, at the beginning of each epoch, because callbacks may change something too."""
    if model.unchecked.recipe:
        model.unchecked.recipe = False
        _check_unchanged(model, model.recipe_now())


def _trace_with_new_arrays(model, now):
    then = model.compiled_recipe.settings
    arrays = {name: value for name, value in now.items() if isinstance(value, SameValues) and name in then}
    others = changed_settings(arrays, {name: then[name] for name in arrays})
    if others:
        model.train_function = None
        then.update({name: now[name] for name in others})


def _check_unchanged(model, now):
    changed = changed_settings(now, model.compiled_recipe.settings)
    if changed:
        raise ValueError(
            f"The recipe was changed after `compile`. Received: changes of {changed[:3]}, {len(changed)} in all. Call `compile` "
            "again."
        )
    check_rates(model.optimizers)
