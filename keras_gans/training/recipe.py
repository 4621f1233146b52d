"""How a GAN is trained: `compile`, and what is saved of its arguments."""

import types
from collections.abc import Callable

import keras

from keras_gans.balance import Balance
from keras_gans.losses import AuxiliaryLoss
from keras_gans.penalties import Penalty
from keras_gans.training import network_checks as checks
from keras_gans.training import recipe_checks
from keras_gans.training.current_recipe import recipe_of
from keras_gans.training.optimizers import PlayerOptimizers
from keras_gans.training.optimizers import inner
from keras_gans.training.optimizers import prepare
from keras_gans.training.plan import Parts
from keras_gans.training.plan import as_argument
from keras_gans.training.plan import plan_of
from keras_gans.training.players import PLAYERS
from keras_gans.training.players import Players
from keras_gans.training.recipe_summary import described
from keras_gans.utils.declarations import check_declarations
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.private_keras import replace_tracked
from keras_gans.utils.private_keras import steps_of
from keras_gans.utils.rematerialization import make_rematerialization_pure
from keras_gans.utils.replicas import check_made_in_scope


class CompiledPlayers(Players):
    """Players with an optimizer each, a loss, auxiliary losses and penalties, and perhaps a rule that balances them.

    Class attributes:
        games: Dict, the name of a game to the role of the discriminator that judges it. The first game is the main one, whose
            logs have no prefix.
        update_rules: Tuple, the update rules that a class supports.
        lazy_terms: Bool, whether terms may have `every` > 1.
        untraced: Tuple, the names of the constructor's arguments that may be changed between two `fit`s, because no traced step
            reads them.
        extra_terms: Dict, player to the names of terms that the class itself adds to that player's objective.
        round_steps, single_batches: The numbers of steps of the round at hand, `(discriminator_steps, generator_steps)`, and
            whether its data are one batch, which serves each step, instead of a tuple of batches. `fit` sets both.
        phase: What `choose_phase` said of the round at hand: hashable, part of what a training step is traced for.
        step_size: Int, the least number of examples for a step of `fit`, gathered from several batches; None for one batch a
            step.
        gathered: Whether the round's data are, for each step, a tuple of such batches. `fit` sets it.

    A class attribute whose name is almost one of these is taken for a misspelling, and refused.
    """

    declares = {
        "roles": (object,),
        "games": (object,),
        "joint": (bool,),
        "update_rules": (tuple, list),
        "lazy_terms": (bool,),
        "extra_terms": (object,),
        "untraced": (tuple, list),
        "paired": (bool, types.NoneType),
        "recipe": (Callable,),
    }

    games = {"game": "discriminator"}
    update_rules = ("simultaneous", "alternating")
    lazy_terms = True
    untraced = ("classes",)
    extra_terms = {}
    round_steps = (1, 1)
    single_batches = True
    phase = None
    step_size = None
    gathered = False

    _trained = ()  # the players' variables at the last `compile`, by identity

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        check_declarations(cls)

    def recipe(self):
        """The values that None stands for in `compile`. A paper's class overrides them."""
        return {
            "generator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
            "discriminator_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5),
            "loss": "non_saturating",
            "auxiliary_losses": (),
            "penalties": (),
            "replay": None,
            "discriminator_steps": 1,
            "generator_steps": 1,
        }

    def check_recipe(self, plan, optimizers):
        """Raises a ValueError if what `compile` was given cannot work with this class, before anything is set. A hook.

        Args:
            plan: Dict, a game to its `Parts`: its loss, its terms, its replay.
            optimizers: Dict, a player to its built optimizer.
        """

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss=None,
        penalties=None,
        discriminator_steps=None,
        generator_steps=None,
        update_rule=None,
        metrics=None,
        *,
        auxiliary_losses=None,
        replay=None,
        balance=None,
        generator=None,
        discriminator=None,
        **keras_arguments,
    ):
        """Sets how the GAN is trained. None means the class's own recipe: a paper's, or that of `GAN`.

        If a GAN plays several games, `loss`, `penalties`, `auxiliary_losses` and `replay` are for all of them, or dicts by game;
        see `games`.

        Args:
            generator_optimizer, discriminator_optimizer: A name, a configuration, a `keras.optimizers.Optimizer`, or a
                learning-rate schedule for the recipe's optimizer.
            loss: "minimax", "non_saturating", "least_squares", "hinge", "wasserstein", "relativistic", "relativistic_average",
                any other name that `keras_gans.losses.get` knows, or a `keras_gans.losses.AdversarialLoss`.
            penalties: A list of `keras_gans.penalties.Penalty`: they restrain the networks. `()` means none.
            discriminator_steps, generator_steps: Ints, steps of each player a round. Each discriminator step takes a fresh
                batch of data, every step fresh noise.
            update_rule: "simultaneous" (both gradients from one pass, before either update; the default where each player
                takes one step) or "alternating" (Algorithm 1; the default otherwise).
            metrics: A list of `keras.metrics.Metric`, fed with real and generated data in evaluation. They are not saved with the
                model. `compile_metrics` changes them alone. Keras' own metrics, like `PairedMetric`s, compare each generated
                image with its target, so they need a GAN that translates pairs.
            auxiliary_losses: A list of `keras_gans.losses.AuxiliaryLoss`: the players minimize them beside the adversarial loss.
                `()` means none.
            replay: A `keras_gans.replay.Replay`, which also shows the discriminator older fakes. `()` means none.
            balance: A `keras_gans.balance.Balance` that chooses both players' steps before each round, in place of
                `discriminator_steps` and `generator_steps`. Default: none.
            generator, discriminator: The networks, if the constructor got none.
            **keras_arguments: `run_eagerly`, `steps_per_execution`, `jit_compile`, as in `keras.Model.compile`; and other
                networks of the class, by the names of its constructor's arguments.

        Raises:
            ValueError: if a value is unknown or out of range, or the parts cannot work with the networks; if a learning rate is
                negative, NaN or infinite.

        Warns:
            UserWarning: if a network is frozen, or holds what does nothing.

        Example:

        ```python
        gan.compile(
            keras.optimizers.Adam(1e-4, beta_1=0.0),
            keras.optimizers.Adam(4e-4, beta_1=0.0),
            loss="hinge",
            penalties=[keras_gans.penalties.R1(10.0, every=16)],
        )
        ```
        """
        others = {role: keras_arguments.pop(role, None) for role in self.all_roles() if role not in PLAYERS}
        self.set_networks(generator=generator, discriminator=discriminator, **others)
        if not self.built:
            missing = [role for role in reversed(self.all_roles()) if getattr(self, role) is None]
            raise ValueError(
                f"A GAN needs a generator and a discriminator. Pass them to the constructor, or to `compile`. Missing: {missing}."
            )
        recipe_checks.check_keras_arguments(keras_arguments)
        given = {
            "generator_optimizer": generator_optimizer,
            "discriminator_optimizer": discriminator_optimizer,
            "loss": loss,
            "auxiliary_losses": auxiliary_losses,
            "penalties": penalties,
            "discriminator_steps": discriminator_steps,
            "generator_steps": generator_steps,
            "update_rule": update_rule,
            "replay": replay,
            "balance": balance,
        }
        with self.distribute_strategy.scope():
            self._compile({key: value for key, value in given.items() if value is not None}, metrics, keras_arguments)
        if generator_optimizer is not None and discriminator_optimizer is not None:
            self.forget_optimizers_left_out()

    def _compile(self, given, metrics, keras_arguments):
        checks.check_games(self.games, self.roles)
        recipe_checks.check_extra_terms(self.extra_terms)
        own = self.recipe()
        recipe_checks.check_recipe_keys(own, set(CompiledPlayers.recipe(self)), type(self).__name__)
        default = {"update_rule": None, "balance": None, **own}
        if {"discriminator_steps", "generator_steps"} & set(given):
            default["balance"] = None  # fixed steps take the place of the class's rule
        recipe = {**default, **given}
        balance = recipe["balance"]
        update_rule = recipe_checks.update_rule(recipe, self.update_rules, given, keras_arguments)
        own_terms = {name for names in self.extra_terms.values() for name in names}
        plan = plan_of(recipe, list(self.games), own_terms)
        self.check_averages()
        self.check_strategy(**{f"{player}_optimizer": recipe[f"{player}_optimizer"] for player in PLAYERS})
        checks.check_nothing_shared({player: self.by_role(player) for player in PLAYERS})
        for player in PLAYERS:
            checks.check_trains(player, self.named_parts(player), self.variables_of(player))
            for network in self.networks(player):
                make_rematerialization_pure(network)
        recipe_checks.check_components(plan, self)
        optimizers = {player: self._optimizer(player, recipe, default) for player in PLAYERS}
        recipe_checks.check_distribution(optimizers.values(), self.distribute_strategy)
        self.check_recipe(plan, optimizers)
        metrics = recipe_checks.checked_compile_metrics(metrics, self)
        super().compile(optimizer=None, **keras_arguments)
        self._set_components(plan, balance)
        self.generator_optimizer, self.discriminator_optimizer = optimizers["generator"], optimizers["discriminator"]
        self.optimizer = PlayerOptimizers(**optimizers)
        recipe_checks.check_monitored(balance, {*self.term_names(), "d_adversarial", "g_adversarial"})
        self.set_logs(self.term_names(), metrics)
        self.discriminator_steps = recipe["discriminator_steps"]
        self.generator_steps = recipe["generator_steps"]
        self.round_steps, self.single_batches = (self.discriminator_steps, self.generator_steps), True
        self.update_rule = update_rule
        self._keras_arguments = keras_arguments
        # A namespace, because the saver would search a dict.
        self.compiled_recipe = types.SimpleNamespace(settings=self.recipe_now())

    def check_strategy(self, **optimizers):
        """Raises a ValueError if networks, the GAN or optimizers, what the user gave, are not of the strategy that runs."""
        made = {role: next(iter(getattr(self, role).weights), None) for role in self.all_roles()}
        given = {name: each for name, each in optimizers.items() if isinstance(each, keras.optimizers.Optimizer)}
        check_made_in_scope(
            self.distribute_strategy, **made, **{name: steps_of(inner(each)) for name, each in given.items()}, gan=self.seed
        )

    def recipe_now(self):
        """What a training step depends on now: a dict of values to compare with those at `compile`."""
        return recipe_of(self)

    def _optimizer(self, player, recipe, default):
        layers = [layer for network in self.networks(player) for layer in all_layers(network)]
        key = f"{player}_optimizer"
        scale_loss = any(layer.compute_dtype == "float16" for layer in layers)
        return prepare(recipe[key], default[key], player, self.variables_of(player), scale_loss)

    def _set_components(self, plan, balance):
        """Makes each game's parts and the balance rule components of the model, with their state, in place of the former ones."""
        before = list(getattr(self, "components", []))
        # A component with state is built for certain variables. Compiled again for the same ones, it keeps its state; where it
        # was built for another GAN, or before a layer was frozen, a fresh copy takes its place.
        trained = [id(variable) for player in PLAYERS for variable in self.variables_of(player)]
        owned = {id(component) for component in before if trained == self._trained}
        self._trained = trained

        def own(component):
            keeps = component is None or id(component) in owned or not component.built
            return component if keeps else component.fresh_copy()

        plan = {game: Parts(own(each.loss), [own(term) for term in each.terms], own(each.replay)) for game, each in plan.items()}
        # A namespace: `components` is what the saver looks into.
        self._plan = types.SimpleNamespace(of=plan)
        components = [component for parts in plan.values() for component in parts.components]
        replace_tracked(self, "components", before, [*components, *([] if balance is None else [own(balance)])])
        for game, parts in plan.items():
            if parts.replay is not None:
                parts.replay.game = game
        for component in self.components:
            if not component.built:
                component.build_for(self)
                component.built = True

    @property
    def plan(self):
        """The parts of each game: a dict, game to `keras_gans.training.plan.Parts`."""
        return self._plan.of

    def discriminator_of(self, game):
        """The network that judges a game. A hook."""
        return getattr(self, self.games[game])

    def layers_of_games(self, method):
        """Pairs of a game and a layer of its discriminator that has `method`; a layer of several games is paired with the first.

        Args:
            method: String: "observe", to which `GAN` hands that game's minibatch, and the threshold of its loss, after each
                update of the discriminator; or "log_values", a dict of scalars to log.
        """
        found = {}
        for game in self.games:
            for layer in all_layers(self.discriminator_of(game)):
                if hasattr(layer, method):
                    found.setdefault(id(layer), (game, layer))
        return list(found.values())

    @property
    def adversarial_loss(self):
        """The loss of the main game."""
        return self.components[0]

    @property
    def terms(self):
        """The auxiliary losses and penalties by their names in the logs, which begin with the name of their game, except for the
        main one; a second term of a name gets `_2`."""
        return {
            self.prefix(game) + name: term for game, parts in self.plan.items() for name, term in _by_name(parts.terms).items()
        }

    def terms_of(self, game):
        """The auxiliary losses and penalties of one game, by name."""
        return _by_name(self.plan[game].terms)

    def prefix(self, game):
        """The prefix of a game's logs: empty for the main game, the game's name for the others."""
        return "" if game == next(iter(self.games)) else f"{game}_"

    @property
    def auxiliary_losses(self):
        """The auxiliary losses by name."""
        return {name: term for name, term in self.terms.items() if isinstance(term, AuxiliaryLoss)}

    @property
    def penalties(self):
        """The penalties by name."""
        return {name: term for name, term in self.terms.items() if isinstance(term, Penalty)}

    @property
    def balance(self):
        """The rule that chooses both players' steps; None where they are fixed."""
        return next((component for component in self.components if isinstance(component, Balance)), None)

    @property
    def optimizers(self):
        """The optimizers by player, for reading and for setting their variables. To replace them, call `compile`."""
        optimizers = {"generator": self.generator_optimizer, "discriminator": self.discriminator_optimizer}
        return types.MappingProxyType(optimizers)  # assigning to a new dict would have no effect, silently

    def term_names(self):
        """The names of the logs: each player's total, each of its terms if it has several, and the scores. A hook.

        What layers pass to `add_loss` is known only when they are called: it is part of the total, and of `regularization` if a
        network has regularizers.
        """
        names, plan = [], self.plan
        for player in PLAYERS:
            terms = []
            for game, parts in plan.items():
                own = [name for name, term in _by_name(parts.terms).items() if term.applies_to(player)]
                played = ["adversarial"] if player == "discriminator" or own or parts.loss.drives_generator else []
                terms += [self.prefix(game) + name for name in (*played, *own)]
            terms += self.extra_terms.get(player, ())
            if any(checks.has_regularizer(network) for network in self.networks(player)):
                terms.append("regularization")
            names += [f"{player[0]}_{name}" for name in ["loss", *(terms if len(terms) > 1 else [])]]
        names += [f"{self.prefix(game)}{side}_score" for game in plan for side in ("real", "fake")]
        names += [self.prefix(game) + key for game, layer in self.layers_of_games("log_values") for key in layer.log_values()]
        if self.balance is None:
            return names
        names += [] if plan[next(iter(plan))].loss.threshold is None else ["d_accuracy"]
        return [*names, *(name for name in ("d_real_cost", "d_fake_cost") if name in self.balance.monitor)]

    def summary(self, *args, print_fn=None, **kwargs):
        """Prints both players' networks, their trainable parameters, and the compiled recipe."""
        say = print_fn or print
        if not self.built:
            say("No networks yet.")
            return
        for player in PLAYERS:
            for network in self.networks(player):
                network.summary(*args, print_fn=print_fn, **kwargs)
            say(f"{player.capitalize()}: {sum(int(keras.ops.size(v)) for v in self.variables_of(player)):,} trainable parameters")
        if not self.compiled:
            say("Not compiled.")
            return
        for line in described(self):
            say(line)

    # Saving.

    def get_compile_config(self):
        if not self.compiled:
            return None
        recipe = {
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
            "loss": as_argument(self.plan, lambda parts: parts.loss),
            "auxiliary_losses": as_argument(self.plan, lambda parts: [t for t in parts.terms if isinstance(t, AuxiliaryLoss)]),
            "penalties": as_argument(self.plan, lambda parts: [t for t in parts.terms if isinstance(t, Penalty)]),
            "replay": as_argument(self.plan, lambda parts: () if parts.replay is None else parts.replay),
            **self._steps_config(),
            "update_rule": self.update_rule,
            **self._keras_arguments,
        }
        return {key: keras.saving.serialize_keras_object(value) for key, value in recipe.items()}

    def _steps_config(self):
        if self.balance is not None:
            return {"balance": self.balance}
        return {"discriminator_steps": self.discriminator_steps, "generator_steps": self.generator_steps}

    def compile_from_config(self, config):
        self.compile(**{key: keras.saving.deserialize_keras_object(value) for key, value in config.items()})


def _by_name(terms):
    """Terms by name; a second one of a name gets `_2`."""
    named = {}
    for term in terms:
        count = sum(other.name == term.name for other in named.values())
        named[f"{term.name}_{count + 1}" if count else term.name] = term
    return named
