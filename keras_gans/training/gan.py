"""The game: Algorithm 1 of the 2014 paper, on Keras."""

import tensorflow as tf

from keras_gans.losses.adversarial_loss import check_scores
from keras_gans.training import network_checks as checks
from keras_gans.training.batch_checks import check_batch
from keras_gans.training.functional import branch_scope
from keras_gans.training.functional import functional_scope
from keras_gans.training.minibatch import Minibatch
from keras_gans.training.network_calls import run_network
from keras_gans.training.optimizers import apply
from keras_gans.training.players import PLAYERS
from keras_gans.training.trainer import Trainer
from keras_gans.utils import random
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import check_classes
from keras_gans.utils.conditions import names_of
from keras_gans.utils.conditions import prepare_condition
from keras_gans.utils.gradients import mean_gradients
from keras_gans.utils.pixels import as_metrics_take
from keras_gans.utils.private_keras import all_layers
from keras_gans.utils.replicas import replica_id
from keras_gans.utils.split_batch import split_batch


class GAN(Trainer):
    """A generative adversarial network: a `keras.Model` whose training step is a game of two players.

    The constructor says what the model is, `compile` says how it is trained. Subclasses for published systems bring
    networks and recipe as defaults; this class needs networks, and trains them with the non-saturating loss and
    Adam(2e-4, beta_1=0.5) unless `compile` says otherwise.

    Conditioning is the second element of the data (labels, images, embeddings). It is passed to the networks that have a second
    input, and ignored otherwise. Nothing assumes images: points and sequences train too. Images are channels-last and in [-1, 1],
    or in [0, 1] if the generator ends in a sigmoid (see `image_range`).

    Args:
        generator: Built `keras.Model`, latents (and a condition) to data.
        discriminator: Built `keras.Model`, data (and a condition) to raw scores `(batch, 1)` or a patch map, or to a dict
            with the key `scores`.
        latents: A `keras_gans.latents.Latents`, or an int n for `Normal(n)` (of subclasses for a published
            system, the paper's prior of that width). Default: `Normal` of the generator's input shape.
        ema: A float, the decay of a moving average of the generator, or a `keras_gans.EMA`. Default: none.
        classes: Int, number of classes of an integer condition, or of one of floats `(batch, classes)`: weights over classes,
            one-hot rows or mixtures, for which labels may be passed everywhere. Default: the size of the table (`input_dim` or
            `num_tokens`) that the generator's condition feeds, or else the discriminator's. If neither is known, the range of
            labels is not checked. Labels in the data must be below `data_classes`, the size of the smaller table.
        name: String.

    Attributes:
        generator, discriminator: The networks.
        sampler: The network that `generate`, `predict` and `export` use: the moving average of the generator, if
            there is one, else the generator.
        latents: The prior.
        image_range: Pair of floats, the values of black and white: (0, 1) if the generator cannot make negative values, else
            (-1, 1).

    Raises:
        ValueError: if the networks are not built, do not fit together, or do not fit the latents.

    Example:

    ```python
    gan = keras_gans.GAN(generator, discriminator, ema=0.999)
    gan.compile(loss="hinge", penalties=[keras_gans.penalties.R1(10.0, every=16)])
    gan.fit(dataset, epochs=20)
    images = gan.generate(64)
    ```

    Reference:
        Goodfellow et al., Generative Adversarial Networks (2014), arXiv:1406.2661.
    """

    def train_step(self, data):
        """One round: on one batch, which serves each of its steps, or on a tuple of batches, as `fit` hands it over.

        Where batches are `gathered`, each element of that tuple is itself a tuple, the batches of one step.
        """
        discriminator_steps, generator_steps = self.round_steps
        batches = (data,) * max(discriminator_steps, 1) if self.single_batches else data
        if self.gathered:
            batches = [tf.nest.map_structure(lambda *parts: tf.concat(parts, axis=0), *step) for step in batches]
        networks = [network for player in PLAYERS for network in self.networks(player)]
        batches = [(checks.with_examples(real, networks), condition) for real, condition in map(self.unpack, batches)]
        if self.update_rule == "simultaneous":
            self.simultaneous_step(*batches[0])
        else:
            for real, condition in batches[:discriminator_steps]:
                self.discriminator_step(real, condition)
            for _ in range(generator_steps):
                self.generator_step(*batches[-1])
            for player, steps in zip(PLAYERS, self.round_steps, strict=True):
                if steps == 0:
                    self.measure(player, *batches[-1])
        return self.get_metrics_result()

    def simultaneous_step(self, real, condition):
        """One step of both players, from one generator pass and one set of scores; both gradients before either update."""
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            minibatch, terms = self.joint_objectives(real, condition, self.noise_seed("discriminator"))
        tapes = {"discriminator": discriminator_tape, "generator": generator_tape}
        self.descend(minibatch, **{player: (terms[player], tape) for player, tape in tapes.items()})

    def discriminator_step(self, real, condition):
        minibatch = self.with_replay(self.draw(real, condition, self.noise_seed("discriminator")))
        with tf.GradientTape() as tape:
            terms = self.objective("discriminator", minibatch)
        self.descend(minibatch, discriminator=(terms, tape))

    def generator_step(self, real, condition):
        with tf.GradientTape() as tape:
            minibatch = self.draw(real, condition, self.noise_seed("generator"))
            terms = self.objective("generator", minibatch)
        self.descend(minibatch, generator=(terms, tape))

    def measure(self, player, real, condition):
        """Logs the objective of a player that rests in this round: a rule that chooses steps needs these logs."""
        with functional_scope(self.trainable_variables):
            minibatch = self.draw(real, condition, self.noise_seed(player))
            terms = self.objective(player, minibatch)
        self.log_terms(player, minibatch, terms)

    def draw(self, real, condition, seed, training=True):
        """Samples latents, runs the generator: a minibatch. A hook. It assigns nothing itself (in training mode, layers may).

        A class with several games returns the main game's minibatch, whose `games` has the others by name.
        """
        latents = self.latents.sample(tf.shape(real)[0], random.fold_in(seed, "latents"))
        output, losses = self.run_generator(latents, condition, seed, training)
        minibatch = self.minibatch(real, output, latents, condition, seed, training)
        minibatch.generator_losses.extend(losses)
        return minibatch

    def run_generator(self, latents, condition, seed, training):
        """Runs the generator that plays, for `draw`. Returns its output, and what its layers passed to `add_loss`. A hook."""
        return run_network(self.playing("generator")[0], self.generator_input, latents, condition, training)

    def minibatch(self, real, fake, latents, condition, seed, training, game=None, kind=Minibatch):
        """The minibatch of one game, for `draw`.

        Args:
            real, latents, condition, seed, training: See `Minibatch`.
            fake: What a generator returned: a tensor, or a dict with `images`.
            game: String, the game's name. Default: the main one.
            kind: A subclass of `Minibatch`. Default: `Minibatch`.
        """
        if game is not None:
            checks.check_game(game, self.games)
        outputs = fake if isinstance(fake, dict) else {"images": fake}
        outputs = {name: tf.cast(output, tf.float32) for name, output in outputs.items()}
        discriminator = self.discriminator_of(game or next(iter(self.games)))

        def discriminate(x, condition, training):
            output, losses = run_network(discriminator, "images", x, condition, training)
            return (output if isinstance(output, dict) else {"scores": output}), losses

        return kind(discriminate, real, outputs["images"], latents, condition, seed, training, outputs)

    def with_replay(self, minibatch):
        """The minibatch; in training, with older fakes that replays show the discriminator in place of some fresh ones."""
        if minibatch.training:
            for name, game in self.games_of(minibatch):
                replay = self.plan[name].replay
                game.shown = None if replay is None else replay.shown(game)
        return minibatch

    def games_of(self, minibatch):
        """Pairs of a game's name and its minibatch: the main game, and those in `minibatch.games`."""
        checks.check_drawn(minibatch.games, list(self.games))
        return [(next(iter(self.games)), minibatch), *minibatch.games.items()]

    def joint_objectives(self, real, condition, seed, training=True):
        """A minibatch, and what each player minimizes on it."""
        minibatch = self.with_replay(self.draw(real, condition, seed, training))
        return minibatch, {player: self.objective(player, minibatch) for player in PLAYERS}

    def objective(self, player, minibatch):
        """What `player` minimizes, by term: scalars, weighted. A hook, as `joint_objectives`."""
        terms = {}
        for name, game in self.games_of(minibatch):
            played = self.play(player, name, game.seen_by(player))
            terms |= {self.prefix(name) + term: value for term, value in played.items()}
        regularizers = self._regularization(player, minibatch)
        if regularizers:
            terms["regularization"] = tf.add_n(regularizers)
        return terms

    def play(self, player, name, game):
        """What `player` minimizes in one game, by term. A hook.

        Args:
            player: "generator" or "discriminator".
            name: String, the game's.
            game: Its minibatch.
        """
        loss, own = self.plan[name].loss, {n: term for n, term in self.terms_of(name).items() if term.applies_to(player)}
        if player == "generator" and not loss.drives_generator and not own:
            return {}  # such as a game of real images alone
        # Both outputs first, inside the tape and outside every branch of a lazy term.
        fake_scores, real_scores = game.fake_scores, None
        if player == "discriminator" or loss.uses_real:
            real_scores = game.real_scores
            check_scores(real_scores, fake_scores)
        terms = {"adversarial": mean(getattr(loss, player)(real_scores, fake_scores))}
        terms |= {n: self._weighted(term, player, game) for n, term in own.items()}
        return terms

    def _weighted(self, term, player, minibatch):
        """The mean of a term's half, times its weight. A lazy term counts `every` times when it is due, else not at all."""

        def value(minibatch, times):
            return times * term.weight_at(self.counters[player].value) * mean(getattr(term, player)(minibatch))

        if term.every == 1 or not minibatch.training:
            return value(minibatch, 1.0)

        def value_when_due():
            with branch_scope():
                return value(minibatch.copy(), float(term.every))

        due = self.counters[player].value % term.every == 0
        meets = term.couples_batch and self.distribute_strategy.num_replicas_in_sync > 1
        if meets or (self.jit_compile and minibatch.real.shape[0] is None):
            # Replicas cannot meet inside a branch, and XLA cannot differentiate twice there what has a shape that it does not
            # know: computed at each step, counted when due.
            return tf.where(due, float(term.every), 0.0) * value(minibatch, 1.0)
        return tf.cond(due, value_when_due, lambda: tf.constant(0.0))

    def _regularization(self, player, minibatch):
        """The networks' own losses: what their layers passed to `add_loss`, and regularizers of their weights."""
        regularized = [variable for variable in self.playing_variables(player) if variable.regularizer is not None]
        seen = [game.seen_by(player) for _, game in self.games_of(minibatch)]
        losses = [loss for game in seen for loss in getattr(game, f"{player}_losses")]
        losses += [variable.regularizer(variable) for variable in regularized]
        return [tf.cast(loss, tf.float32) for loss in losses]

    def descend(self, minibatch, **steps):
        """Updates one player or both: `player=(terms, tape)`. All gradients are taken before the first update."""
        gradients = {player: self._gradients(player, *step) for player, step in steps.items()}
        # One barrier: without it TensorFlow's graph optimizer may let a penalty on input gradients read weights that are
        # already half updated.
        everything = [terms for terms, _ in steps.values()] + list(gradients.values())
        with tf.control_dependencies(tf.nest.flatten(everything)):
            gradients = tf.nest.map_structure(tf.identity, gradients)
        for player, (terms, _) in steps.items():
            moved = apply(self.optimizers[player], gradients[player], self.playing_variables(player))
            self.after_update(player, minibatch)
            if player == "generator" and self.averages():
                for average, network in zip(self.averages(), self.networks("generator"), strict=True):
                    self.ema.update(average, network, self.counters["average"], moved)
                self.counters["average"].assign_add(tf.cast(moved, tf.int64))
            self.log_terms(player, minibatch, terms)

    def after_update(self, player, minibatch):
        """What follows an update of `player`: it is counted, and components and layers with a state of their own move on."""
        self.counters[player].assign_add(1)
        for name, game in self.games_of(minibatch):
            for component in self.plan[name].components:
                component.after_step(player, game.seen_by(player))
        if self.balance is not None:
            self.balance.after_step(player, minibatch)
        for network in self.networks(player):
            for layer in all_layers(network):
                if hasattr(layer, "after_step"):
                    layer.after_step()
        if player == "discriminator":
            games = dict(self.games_of(minibatch))
            for game, layer in self.layers_of_games("observe"):
                layer.observe(games[game].seen_by(player), self.plan[game].loss.threshold)

    def functional_gradients(self, player, minibatch):
        """The gradients of a player's objective where its variables are in a functional scope: means over all replicas."""
        values = [variable.value for variable in self.variables_of(player)]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            terms = self.objective(player, minibatch)
        return mean_gradients(tape, list(terms.values()), values)

    def _gradients(self, player, terms, tape):
        # Replicas' gradients are summed, and float16 wants its loss scaled: one factor for both.
        factor = self.optimizers[player].scale_loss(tf.constant(1.0 / self.distribute_strategy.num_replicas_in_sync))
        targets = list(terms.values())
        variables = self.playing_variables(player)
        try:
            gradients = tape.gradient(targets, variables, output_gradients=[factor] * len(targets))
        except LookupError as error:
            raise ValueError(checks.without_second_derivative(error, self.terms)) from error
        checks.check_gradients(player, gradients, variables)
        return gradients

    def log_terms(self, player, minibatch, terms):
        """Adds the terms of a player's step, and its scores, to the logs. A hook: a subclass may log more."""
        values = {f"{player[0]}_loss": tf.add_n(list(terms.values()))}
        values.update({f"{player[0]}_{name}": value for name, value in terms.items()})
        if player == "discriminator":
            for name, game in self.games_of(minibatch):
                seen = game.seen_by(player)
                scores = {"real_score": mean(seen.real_scores), "fake_score": mean(seen.fake_scores)}
                values.update({self.prefix(name) + score: value for score, value in scores.items()})
            real, fake = (getattr(minibatch.seen_by(player), f"{side}_scores") for side in ("real", "fake"))
            threshold = self.adversarial_loss.threshold
            if threshold is not None:
                values["d_accuracy"] = 0.5 * (mean(real > threshold) + mean(fake < threshold))
            values |= {"d_real_cost": mean(tf.nn.softplus(-real)), "d_fake_cost": mean(tf.nn.softplus(fake))}
            for name, layer in self.layers_of_games("log_values"):
                values |= {self.prefix(name) + key: value for key, value in layer.log_values().items()}
        for name, value in values.items():
            self.log(name, value, examples=tf.shape(minibatch.real)[0])
        if self.balance is not None and minibatch.training:
            self.balance.observe(values)

    def noise_seed(self, player):
        """The seed of the next step of `player` (or "evaluation"): the model's seed, its counter, the replica."""
        return random.fold_in(tf.stack([self.seed.value, 0]), player, self.counters[player].value, replica_id())

    # Data and evaluation.

    def unpack(self, batch):
        """Real data and condition, as the networks take them, of one batch of data. A hook."""
        wanted = self.condition_input
        real, condition = split_batch(batch, names_of(wanted))
        condition = None if wanted is None or condition is None else prepare_condition(condition, wanted, self.data_classes)
        return tf.cast(real, tf.float32), condition

    def check_batch(self, batch):
        """Checks a batch of data, eagerly: the first of a training and of an evaluation. A hook."""
        wanted = self.condition_input
        real, condition = split_batch(self.local_part(batch), names_of(wanted))
        check_batch(real, condition, self.sampler, wanted, self.data_classes)

    def check_labels(self, batch):
        """Checks the labels of data that are arrays, all at once. A hook.

        A class that overrides `unpack` may need its own check, or none.

        Args:
            batch: What `check_batch` gets, with NumPy arrays of all examples.
        """
        if self.data_classes and type(self).unpack is GAN.unpack:
            wanted = self.condition_input
            condition = split_batch(batch, names_of(wanted))[1]
            if condition is not None:
                check_classes(by_name(condition, wanted), wanted, self.data_classes)

    def reset_metrics(self):
        super().reset_metrics()
        self.counters["evaluation"].assign(0)
        self.unchecked.recipe = True  # an epoch begins

    def samples(self, minibatch, condition):
        """What metrics see of an evaluation's minibatch: its fakes, or those of the averages, if there are any. A hook."""
        if not self.averages():
            return minibatch.images
        return self(condition if minibatch.latents is None else (minibatch.latents, condition))

    def test_step(self, data):
        real, condition = self.unpack(data)
        minibatch, terms = self.joint_objectives(real, condition, self.noise_seed("evaluation"), training=False)
        for player in PLAYERS:
            self.log_terms(player, minibatch, terms[player])
        generated = self.samples(minibatch, condition) if self._logs.metrics else minibatch.images
        self.update_metrics(as_metrics_take(real, self.image_range), as_metrics_take(generated, self.image_range), condition)
        self.counters["evaluation"].assign_add(1)
        return self.get_metrics_result()


def mean(value):
    """The mean of a term's values, as a float32 scalar."""
    return tf.reduce_mean(tf.cast(value, tf.float32))
