"""What `compile` refuses: recipes that cannot work."""

import contextlib
import difflib

import keras

from keras_gans.balance import Balance
from keras_gans.metrics.gan_metric import as_list_of_metrics
from keras_gans.metrics.gan_metric import check_names
from keras_gans.metrics.gan_metric import contract_of
from keras_gans.metrics.paired_metric import UNPAIRED
from keras_gans.metrics.paired_metric import compares_pairs
from keras_gans.training.network_checks import has_batch_statistics
from keras_gans.training.network_checks import scores_of
from keras_gans.training.optimizers import inner
from keras_gans.training.players import PLAYERS
from keras_gans.utils.choices import check_choice
from keras_gans.utils.declarations import check_own_declarations
from keras_gans.utils.integers import check_ints
from keras_gans.utils.integers import is_int
from keras_gans.utils.networks import final_operations
from keras_gans.utils.networks import output_of
from keras_gans.utils.private_keras import all_layers


def update_rule(recipe, known, given, keras_arguments):
    """The update rule of a recipe. Raises if steps, rule and balance do not fit together.

    Args:
        recipe: Dict of what `compile` was given, and defaults for the rest.
        known: Tuple, the rules that the class knows.
        given: Dict of what `compile` was given.
        keras_arguments: Dict of Keras' own arguments of `compile`.
    """
    rule, balance = recipe["update_rule"], recipe["balance"]
    steps = {name: recipe[name] for name in ("discriminator_steps", "generator_steps")}
    check_ints(1, **steps)
    if rule is not None and rule not in known:
        raise ValueError(f"`update_rule` must be {' or '.join(map(repr, known))} here. Received: update_rule={rule!r}")
    if balance is not None:
        check_balance(balance, set(given) & set(steps), keras_arguments)
    single = balance is None and set(steps.values()) == {1}
    wanted = rule or ("simultaneous" if single else "alternating")
    if wanted == "simultaneous" and not single or wanted not in known:
        received = f"balance={balance!r}" if balance is not None else ", ".join(f"{name}={n}" for name, n in steps.items())
        remedy = 'Use update_rule="alternating".' if "alternating" in known else "This class knows no other updates."
        raise ValueError(f"Simultaneous updates take one step each. Received: {received}. {remedy}")
    return wanted


def check_recipe_keys(recipe, expected, cls):
    """Raises if what a class's `recipe` returned is not a dict with these keys and perhaps "update_rule" and "balance"."""
    if not isinstance(recipe, dict):
        raise ValueError(f"{cls}.recipe() must return a dict of `compile`'s arguments. Received: {recipe!r}")
    known = (*sorted(expected), "update_rule", "balance")
    for key in recipe:
        if key not in known:
            meant = "".join(f" Did you mean {name!r}?" for name in difflib.get_close_matches(str(key), known, n=1))
            raise ValueError(f"{cls}.recipe() may have the keys {list(known)}. Received also: {key!r}.{meant}")
    missing = sorted(expected - set(recipe))
    if missing:
        raise ValueError(f"{cls}.recipe() lacks {missing}. Return {{**super().recipe(), ...}} with what is changed.")


def check_extra_terms(extra_terms):
    """Raises if a class's `extra_terms` names something other than the players."""
    unknown = sorted(set(extra_terms) - set(PLAYERS))
    if unknown:
        raise ValueError(f"`extra_terms` must be a dict, one of {list(PLAYERS)} to names of terms. Received also: {unknown}.")


def check_balance(balance, fixed, keras_arguments):
    """Raises if `balance` is not a rule that chooses steps, or does not fit the other arguments."""
    if not isinstance(balance, Balance):
        raise ValueError(
            f"`balance` must be a keras_gans.balance.Balance. Received: {balance!r}. For fixed numbers of steps, use "
            "`discriminator_steps` and `generator_steps`."
        )
    check_own_declarations(balance)
    if fixed:
        raise ValueError(f"`balance` chooses both players' steps. Received: also {sorted(fixed)}. Leave them out.")
    if keras_arguments.get("steps_per_execution", 1) != 1:
        raise ValueError(
            "A rule chooses before each round, so it needs steps_per_execution=1. "
            f"Received: steps_per_execution={keras_arguments['steps_per_execution']}."
        )


def checked_steps(steps):
    """The steps that a rule chose, checked: a pair of ints, at least one of them positive."""
    pair = isinstance(steps, (tuple, list)) and len(steps) == 2 and all(is_int(n) for n in steps)
    if not pair or min(steps) < 0 or max(steps) == 0:
        raise ValueError(
            f"A rule must choose a pair (discriminator_steps, generator_steps) of ints >= 0, not both 0. Received: {steps!r}"
        )
    return tuple(int(n) for n in steps)


def check_monitored(balance, names):
    """Raises if a rule monitors something that is not logged."""
    for name in () if balance is None else balance.monitor:
        if name not in names:
            why = " Only losses with a threshold have it: neither critics nor relativistic ones." if name == "d_accuracy" else ""
            raise ValueError(f"{type(balance).__name__} monitors {name!r}. Expected names of logs: {sorted(names)}.{why}")


def check_components(plan, gan):
    """Raises where a loss or a term cannot work with this GAN's class and networks.

    Args:
        plan: Dict, a game to its `Parts`.
        gan: The GAN.
    """
    terms = [term for parts in plan.values() for term in parts.terms]
    if not any(parts.loss.drives_generator for parts in plan.values()) and not any(t.applies_to("generator") for t in terms):
        raise ValueError(
            f"{type(next(iter(plan.values())).loss).__name__} has no half for the generator, and no other term drives it. "
            "Pass auxiliary_losses=[keras_gans.losses.FeatureMatching()], or another loss."
        )
    networks = [network for player in PLAYERS for network in gan.networks(player)]
    for term in terms:
        if not any(term.applies_to(player) for player in PLAYERS):
            raise ValueError(
                f"{type(term).__name__} changes nothing: it has no half for either player. Override `discriminator(minibatch)`, "
                "`generator(minibatch)`, or both."
            )
        if term.every > 1 and not gan.lazy_terms:
            raise ValueError(
                f"{type(gan).__name__} squares gradients, so a term that counts {term.every} times at every {term.every}th step "
                f"would be {term.every} times too strong on average. Received: {term.name} with every={term.every}. Use every=1."
            )
    for game, parts in plan.items():
        for component in (parts.loss, *parts.terms):
            check_networks_of(component, networks)
        if parts.replay is not None:
            check_networks_of(parts.replay, networks)
            _check_replay(parts.replay, parts.terms)
        _check_discriminator(parts.loss, parts.terms, gan.discriminator_of(game))
    for game, layer in gan.layers_of_games("observe"):
        loss = plan[game].loss
        if loss.threshold is None:
            raise ValueError(
                f"{type(layer).__name__} judges by single scores whether the discriminator has memorized real images, and a "
                f"single score of {type(loss).__name__} means nothing. Use keras_gans.layers.ProbabilisticAugment, or another "
                "loss."
            )


def _check_replay(replay, terms):
    for term in terms:
        if term.needs_origin:
            raise ValueError(
                f"{type(term).__name__} compares fakes with the latents or labels that they were made of, which a replay does "
                f"not remember. Received: replay={type(replay).__name__}. Use replay=()."
            )


def check_networks_of(component, networks):
    """Raises if a loss, a term or a rule holds a layer with weights that a player owns too: the saved file would not load."""
    owned = {id(layer) for network in networks for layer in all_layers(network, include_self=True)}
    shared = [layer.name for layer in all_layers(component) if id(layer) in owned and layer.weights]
    if shared:
        raise ValueError(
            f"{type(component).__name__} holds {shared[:3]}, which the players' networks hold too. A network lives in one place: "
            "read the discriminator's outputs from the minibatch, or give it a copy of its own, keras.models.clone_model."
        )


def _check_discriminator(loss, terms, discriminator):
    last = final_operations(scores_of(discriminator))[-1]
    if loss.logits and last in ("sigmoid", "softmax"):
        raise ValueError(
            f"The discriminator ends in a {last}, but {type(loss).__name__} works on raw scores. Remove the activation. (If "
            "your own loss takes probabilities, set `logits = False` in it.)"
        )
    normalizations = [layer.name for layer in all_layers(discriminator) if has_batch_statistics(layer)]
    for term in terms:
        check_heads(term, discriminator)
        if term.input_gradients and normalizations:
            raise ValueError(
                f"{type(term).__name__} needs the gradient of each example's score, which batch normalization makes impossible: "
                f"it couples the examples of a batch. Received a discriminator with {normalizations}. Use "
                "keras.layers.LayerNormalization there, or no normalization."
            )


def check_heads(term, discriminator):
    """Raises if a term reads something from the discriminator's output that is not there."""
    output = output_of(discriminator)
    heads = sorted(output) if isinstance(output, dict) else ["scores"]
    for head in term.heads:
        if head not in heads:
            raise ValueError(
                f"{type(term).__name__} needs a discriminator whose output is a dict with {head!r}. Received: {heads}. "
                "keras_gans.networks.with_features(discriminator) adds features; networks.autoencoder_discriminator makes a "
                "discriminator of an autoencoder, networks.classifier_discriminator one of a classifier."
            )


def check_keras_arguments(arguments):
    """Raises on arguments of `keras.Model.compile` that a GAN does not use."""
    allowed = {"run_eagerly", "steps_per_execution", "jit_compile"}
    unknown = sorted(set(arguments) - allowed)
    if unknown:
        raise ValueError(
            f"`compile` does not take {unknown}. It takes generator_optimizer, discriminator_optimizer, loss, auxiliary_losses, "
            "penalties, replay, discriminator_steps, generator_steps, update_rule, metrics, balance, and of Keras' arguments "
            f"{sorted(allowed)}."
        )
    check_how_to_run(arguments)


def check_how_to_run(arguments):
    """Raises a ValueError if one of Keras' own arguments of `compile`, a dict of those that are given, is not of its kind."""
    for name, kinds in {"run_eagerly": (True, False, None), "jit_compile": (True, False, "auto", None)}.items():
        if name in arguments:
            check_choice(kinds, **{name: arguments[name]})
    if "steps_per_execution" in arguments:
        check_ints(1, steps_per_execution=arguments["steps_per_execution"])


def check_distribution(optimizers, strategy):
    """Raises where TensorFlow cannot run an optimizer in several replicas."""
    for optimizer in optimizers:
        steps = inner(optimizer).gradient_accumulation_steps
        if strategy.num_replicas_in_sync > 1 and steps:
            raise ValueError(
                "TensorFlow cannot accumulate gradients under a distribution strategy: replicas cannot merge inside a condition. "
                f"Received: gradient_accumulation_steps={steps}. Use larger batches or more replicas."
            )


def checked_compile_metrics(metrics, gan):
    """The metrics as a list. Raises if one is not a Keras metric, compares pairs where there are none, or repeats a name.

    Args:
        metrics: Metric, list of metrics, classes, names or configurations, or None.
        gan: The GAN.
    """
    metrics = [_metric(metric) for metric in as_list_of_metrics(metrics)]
    check_names(metrics)
    for metric in metrics:
        if compares_pairs(metric) and not gan.compares_pairs():
            if not gan.as_sampler().translates:
                raise ValueError(f"{type(metric).__name__} {UNPAIRED}")
            raise ValueError(
                f"{type(metric).__name__} compares each image with the target of its source, and this GAN learns without pairs. "
                "Leave it out; if sources and targets of held-out data belong together: keras_gans.evaluation.evaluate(gan, "
                "..., paired=True)."
            )
        contract_of(metric)  # raises if the metric declares a contract that it does not have
    return metrics


def _metric(metric):
    """A Keras metric, also from its class, name or configuration. Raises a ValueError for anything else."""
    made = metric
    if isinstance(metric, (str, dict, type)):
        with contextlib.suppress(TypeError, ValueError):
            made = keras.metrics.get(metric)
    if not isinstance(made, keras.metrics.Metric):
        remedy = f" Make an object of the class: {metric.__name__}(...)." if isinstance(metric, type) else ""
        raise ValueError(
            "`metrics` must be a list of keras.metrics.Metric objects, such as keras_gans.metrics.FID(extractor). Received: "
            f"{metric!r}.{remedy}"
        )
    return made
