"""The interface to Keras' training of two players: data in, logs out. The game itself is in `gan.py`."""

import contextlib
import functools
import inspect
import itertools
import types
import warnings

import keras
import tensorflow as tf

from keras_gans.export.sampler import is_source
from keras_gans.metrics.feed import ImageBatch
from keras_gans.metrics.feed import feed
from keras_gans.metrics.feed import results_of
from keras_gans.metrics.gan_metric import check_names
from keras_gans.training import data_checks
from keras_gans.training import fit_checks
from keras_gans.training import recipe_checks
from keras_gans.training.current_recipe import check_recipe_is_current
from keras_gans.training.players import PLAYERS
from keras_gans.training.players import check_condition_is_given
from keras_gans.training.players import latents_and_condition
from keras_gans.training.recipe import CompiledPlayers
from keras_gans.training.rounds import RoundAdapter
from keras_gans.training.rounds import every_batch
from keras_gans.training.rounds import every_round
from keras_gans.utils.conditions import by_name
from keras_gans.utils.conditions import check_classes
from keras_gans.utils.conditions import prepare_condition
from keras_gans.utils.private_keras import FinalLogs
from keras_gans.utils.private_keras import forget_restored_epoch
from keras_gans.utils.private_keras import split_arrays
from keras_gans.utils.private_keras import values_in_order
from keras_gans.utils.replicas import check_runs_in
from keras_gans.utils.replicas import local_part
from keras_gans.utils.settings import Watch


class Trainer(FinalLogs, CompiledPlayers):
    """A compiled game that `fit`, `evaluate` and `predict` run, one round of `discriminator_steps` batches at a time.

    Subclasses provide `train_step`, `test_step`, `call` and `check_batch`.

    Class attributes:
        paired: Bool, whether the image that an evaluation makes from an example should equal the example's image, so that metrics
            of pairs compare them; None: only if it is made from a source.
    """

    paired = None
    _logs = None

    # Data.

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        """Trains the GAN, as `keras.Model.fit`.

        Data are batches of real data, of pairs `(data, condition)`, or of `{"image": ..., "label": ...}`: a
        `tf.data.Dataset`, arrays (`x`, and `y` for the condition), a `keras.utils.PyDataset`, or a generator. A step of
        the progress bar is a round: `discriminator_steps` discriminator steps, each on its own batch, and
        `generator_steps` generator steps. An epoch is one pass over the data.

        Raises:
            ValueError: on `sample_weight` or `class_weight`, which a GAN has no use for; on a first batch that does not fit the
                networks; if something was changed since `compile` that the traced training step does not see (layers frozen or
                thawed, settings of optimizers, losses, penalties, layers or the average), also by a callback (when the next epoch
                begins); if arrays hold NaN, masked values, or labels out of range; if the data have no batch, never end (without
                `steps_per_epoch`, `validation_steps`), are a Python generator for several epochs, or are of a kind that cannot be
                read; if a learning rate is negative, NaN or infinite; if a number of epochs, steps or examples is invalid; if a
                backup to restore is incomplete. A learning rate that is a number may be set.

        Warns:
            UserWarning: if the data name fewer classes than the networks take, if a learning rate is 0, if there is no epoch to
                train, if a player accumulates gradients for longer than the training lasts, or if the losses are NaN in the end;
                if weights were loaded before `compile`, without the state of their optimizers.
        """
        _refuse_weights(sample_weight, class_weight)
        self.check_compiled("fit")
        check_recipe_is_current(self)
        self.follow_loaded_weights()
        fit_checks.check_fit(
            x=x,
            batch_size=batch_size,
            epochs=epochs,
            callbacks=callbacks,
            validation_split=validation_split,
            validation_data=validation_data,
            initial_epoch=initial_epoch,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
            validation_batch_size=validation_batch_size,
            validation_freq=validation_freq,
        )
        data_checks.check_data(x=x, y=y, validation_data=validation_data)
        fit_checks.check_class_names(self, x)
        self._check_all_labels((x, y), validation_data)
        fit_checks.warn_of_training_nothing(self, epochs, initial_epoch)
        self.warn_of_optimizers_left_out()
        self.unchecked.training = True
        forget_restored_epoch(self)
        validation_batch_size = validation_batch_size or batch_size
        self._warn_of_unused_metrics(validation_data is not None or validation_split)
        self.phase = self.choose_phase()
        given = {"x": x, "validation_data": validation_data}
        varies = self.balance is not None or self.step_size is not None
        if self.discriminator_steps > 1 or varies:
            if validation_split and validation_data is None:
                (x, y), validation_data = split_arrays(x, y, validation_split)
            steps = None if varies else self.discriminator_steps
            x = RoundAdapter(steps, x, y, batch_size, steps_per_epoch, shuffle and is_shuffled_by_keras(x))
            y, batch_size, validation_split = None, None, 0.0
        ends = x if steps_per_epoch is None else None, validation_data if validation_steps is None else None
        with _quiet_end_of_data(*ends), data_checks.explained(**given):
            history = super().fit(
                x,
                y,
                batch_size=batch_size,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                validation_split=validation_split,
                validation_data=validation_data,
                shuffle=shuffle and is_shuffled_by_keras(x),
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_batch_size=validation_batch_size,
                validation_freq=fit_checks.as_validation_freq(validation_freq),
            )
        fit_checks.check_trained(self, history)
        if epochs > initial_epoch:  # also if a backup was complete, because its weights were not finalized
            for player, optimizer in self.optimizers.items():
                optimizer.finalize_variable_values(self.variables_of(player))
        return history

    def _warn_of_unused_metrics(self, validates):
        if self._logs.metrics and not validates and not self._logs.warned:
            warnings.warn(
                f"The metrics {[metric.name for metric in self._logs.metrics]} are computed in evaluation only. "
                "Pass `validation_data` to `fit`, or call `evaluate`.",
                stacklevel=3,
            )
            self._logs.warned = True

    def _check_all_labels(self, *data):
        """Checks all labels of data, pairs `(x, y)`, that are arrays. For other data, only the first batch is checked."""
        for each in data:
            arrays = data_checks.as_arrays(each)
            if arrays is not None:
                self.check_labels(tuple(arrays) if isinstance(arrays, (list, tuple)) else arrays)

    def make_train_function(self, force=False):
        if self.train_function is None or force:
            self.train_function = every_round(functools.partial(self._make_keras_function, "train"), self)
        return self.train_function

    def _make_keras_function(self, kind):
        """Keras' own function to "train" or to "test"; this class's function is kept."""
        name = f"{kind}_function"
        ours = getattr(self, name)
        getattr(super(), f"make_{name}")(force=True)
        made = getattr(self, name)
        setattr(self, name, ours)
        return made

    def choose_phase(self):
        """Chooses the `phase`, before each round and each evaluation: for networks that grow. A hook.

        It must depend on saved counters alone. It may set `step_size` (in every phase, or in none), and assign variables that
        steps read.

        Returns:
            A hashable value, for each of which steps are traced anew. Here None: there is one phase.
        """

    def choose_steps(self):
        """The next round's steps, `(discriminator_steps, generator_steps)`: the fixed ones, or what the rule says."""
        if self.balance is None:
            return self.discriminator_steps, self.generator_steps
        history = {name: keras.ops.convert_to_numpy(values) for name, values in self.balance.history.items()}
        logs, previous = ({name: float(values[n]) for name, values in history.items()} for n in (0, 1))
        updates = {player: self.steps_taken(player) for player in PLAYERS}
        return recipe_checks.checked_steps(self.balance.choose(logs, previous, updates))

    def steps_taken(self, player):
        """The number of steps that a player has taken in all, including those before a file was loaded: an int."""
        return int(keras.ops.convert_to_numpy(self.counters[player]))

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """Trains one round on one batch, which serves each of its steps. Returns the logs, as `keras.Model`."""
        _refuse_weights(sample_weight, class_weight)
        self.check_compiled("train_on_batch")
        data_checks.check_one_batch(x=x, y=y)
        check_recipe_is_current(self)
        self.warn_of_optimizers_left_out()
        self.follow_loaded_weights()
        self.unchecked.training = True
        self.make_train_function()
        self.reset_metrics()
        batch = (x, y) if y is not None else (x,)
        rounds = itertools.repeat(batch, self.discriminator_steps) if self.balance is None else itertools.repeat(batch)
        logs = _to_python(self.train_function(rounds, gather=False))
        return logs if return_dict else values_in_order(self, logs)

    # Evaluation.

    def make_test_function(self, force=False):
        if self.test_function is None or force:
            self.test_function = every_batch(functools.partial(self._make_keras_function, "test"), self)
        return self.test_function

    def evaluate(self, x=None, y=None, *args, sample_weight=None, **kwargs):
        """Computes both players' objectives on held-out data, without updates, and the metrics, as `keras.Model.evaluate`."""
        _refuse_weights(sample_weight)
        self.check_compiled("evaluate")
        call = inspect.signature(keras.Model.evaluate).bind(self, x, y, *args, **kwargs).arguments
        fit_checks.check_arguments(**call)
        data_checks.check_data(evaluating=True, x=x, y=y)
        data_checks.check_ends("x", x, "steps", call.get("steps"))
        self._check_all_labels((x, y))
        self.follow_loaded_weights()
        quiet = _quiet_end_of_data(x if call.get("steps") is None else None)
        with self._evaluation(), quiet, data_checks.explained(x=x):
            return super().evaluate(x, y, *args, **kwargs)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Computes objectives and metrics on one batch, without updates. `sample_weight` raises."""
        _refuse_weights(sample_weight)
        self.check_compiled("test_on_batch")
        data_checks.check_one_batch(x=x, y=y)
        with self._evaluation():
            logs = super().test_on_batch(x, y, return_dict=True)
            logs = _to_python(self.final_logs(logs))
            return logs if return_dict else values_in_order(self, logs)

    def check_compiled(self, method):
        """Raises a ValueError unless `compile` was called, for the distribution strategy at hand."""
        if not self.compiled:
            raise ValueError(f"Call `gan.compile()` before `{method}`: without arguments it takes the class's own recipe.")
        check_runs_in(self.distribute_strategy, gan=self.seed)

    @contextlib.contextmanager
    def _evaluation(self):
        self.unchecked.evaluation = self._logs.evaluating = True
        if self._watch_of_evaluation.changed():
            self.test_function = None
        try:
            yield
            fit_checks.check_evaluated(self)
        finally:
            self._logs.evaluating = False

    def predict(self, x, *args, **arguments):
        """Images of latents, or of pairs `(latents, condition)`, from the sampler, as `keras.Model.predict`.

        Args:
            x: Latents, or a pair of latents and condition; arrays, or a data set of batches. Several conditions are a tuple, in
                the order of the generator's inputs, or a dict by their names. Of a GAN without latents, the condition alone:
                source images.
            *args, **arguments: Those of Keras: `batch_size`, `verbose`, `steps` (how many batches of a data set; default: all),
                `callbacks`.

        Raises:
            ValueError: if the latents have another shape; if a condition is missing, does not fit, or lies outside the classes;
                if the data never end, and there are no `steps`.
        """
        call = inspect.signature(keras.Model.predict).bind(self, x, *args, **arguments).arguments
        steps = call.get("steps")
        data_checks.check_ends("x", x, "steps", steps)
        self.follow_loaded_weights()
        with _quiet_end_of_data(x if steps is None else None):
            return super().predict(x, *args, **arguments)

    def make_predict_function(self, force=False):
        if self.predict_function is None or force:
            super().make_predict_function(force)
            keras_function = self.predict_function

            def predict_function(batches):
                for batch in batches:
                    self.check_prediction(batch)
                return keras_function(batches)

            self.predict_function = predict_function
        return self.predict_function

    def local_part(self, batch):
        """The first replica's part of a batch, which is the part that is checked."""
        return local_part(self.distribute_strategy, batch)

    def check_prediction(self, batch):
        """Checks a batch of latents, or of latents and condition, eagerly."""
        local = self.local_part(batch)
        latents, condition = self._latents_and_condition(local)
        wanted = self._sampler.condition_input
        if latents is not None and tuple(latents.shape[1:]) != tuple(self.latents.shape):
            raise ValueError(
                f"Latents must have the shape (batch, {', '.join(map(str, self.latents.shape))}). Received: "
                f"{tuple(latents.shape)}. Draw them with gan.latents.sample(batch_size, seed)."
            )
        if wanted is None:
            return
        check_condition_is_given(condition, wanted, "gan.predict")
        self._sampler.check_condition(condition)
        condition = by_name(condition, wanted)
        check_classes(condition, wanted, self.classes)
        prepare_condition(condition, wanted, self.classes)

    def predict_step(self, data):
        latents, condition = self._latents_and_condition(data)
        wanted = self._sampler.condition_input
        if wanted is None:
            return self(latents, training=False)
        condition = prepare_condition(condition, wanted, self.classes)
        return self(condition if latents is None else (latents, condition), training=False)

    def _latents_and_condition(self, data):
        """Latents and condition of a batch that `predict` gets; either may be None."""
        if self.generator_input is not None:
            return latents_and_condition(data)
        condition, *others = (part for part in keras.utils.unpack_x_y_sample_weight(data) if part is not None)
        if others:
            raise ValueError(
                "This GAN has no latents: `predict` takes its condition alone, such as source images. Received: a pair. Pass "
                "only the first element: dataset.map(lambda source, target: source)."
            )
        return None, condition

    # Logs and metrics.

    def compares_pairs(self):
        """Whether metrics of pairs compare what an evaluation makes from an example with the example's image: see `paired`."""
        if self.paired is not None:
            return self.paired
        sampler = self.as_sampler()
        conditions = sampler.condition_input.values() if isinstance(sampler.condition_input, dict) else [sampler.condition_input]
        return any(is_source(condition, sampler.latent_shape) for condition in conditions)

    def set_logs(self, names, metrics):
        """Creates a mean for each of `names`, and takes the user's `metrics`, which are checked."""
        check_names(metrics, names)
        trackers = {name: keras.metrics.Mean(name=name, dtype="float32") for name in names}
        # A namespace: the saver would write metrics and their feature extractors if it found them in a list.
        self._logs = types.SimpleNamespace(trackers=trackers, metrics=metrics, evaluating=False, warned=False)
        self.unchecked = types.SimpleNamespace(training=True, evaluation=True, recipe=True)
        self._watch_of_evaluation = Watch(self.recipe_now)

    def log(self, name, value, examples):
        """Adds a mean over `examples` examples to the log called `name`, if there is one."""
        if name in self._logs.trackers:
            # The last batch may leave a replica without examples, whose mean is NaN.
            value = tf.where(examples > 0, value, 0.0)
            self._logs.trackers[name].update_state(value, sample_weight=examples)

    def update_metrics(self, real, generated, condition):
        """Feeds real and generated data to the user's metrics, and the condition to those that take one."""
        feed(self._logs.metrics, ImageBatch(real, condition), ImageBatch(generated, condition))

    def compile_metrics(self, metrics):
        """Replaces the metrics, and leaves the rest of the recipe, including the optimizers' state, as it is.

        Args:
            metrics: A list of `keras.metrics.Metric`, as for `compile`; `()` for none.

        Raises:
            ValueError: if the GAN is not compiled, one of them is not a metric, or has the name of another, or of a log; or if it
                compares pairs, and there are none.
        """
        self.check_compiled("compile_metrics")
        metrics = recipe_checks.checked_compile_metrics(metrics, self)
        check_names(metrics, self._logs.trackers)
        self._logs.metrics, self._logs.warned = metrics, False
        self.test_function = None  # it was traced with the former metrics

    @property
    def metrics(self):
        return [] if self._logs is None else [*self._logs.trackers.values(), *self._logs.metrics]

    def get_metrics_result(self):
        """The means so far, which a step returns, without the user's metrics, which may be costly."""
        return {name: tracker.result() for name, tracker in self._logs.trackers.items()}

    def final_logs(self, logs):
        """The logs of an epoch, or of an evaluation with the results of the user's metrics: only an evaluation feeds them."""
        logs = dict(logs)
        for metric in self._logs.metrics if self._logs.evaluating else ():
            logs.update(results_of(metric))
        return logs


def _to_python(logs):
    return {name: float(keras.ops.convert_to_numpy(value)) for name, value in logs.items()}


def _refuse_weights(sample_weight, class_weight=None):
    if sample_weight is not None or class_weight is not None:
        raise ValueError("A GAN has no `sample_weight` or `class_weight`. Leave them out; resample the data instead.")


def is_shuffled_by_keras(x):
    """Whether Keras shuffles such data itself. It warns about `shuffle=True` for the others."""
    if isinstance(x, keras.utils.PyDataset):
        return getattr(x, "num_batches", None) is not None
    return not isinstance(x, (tf.data.Dataset, RoundAdapter)) and not inspect.isgenerator(x)


@contextlib.contextmanager
def _quiet_end_of_data(*datasets):
    """Hides Keras' warning that data ran out, which appears after every epoch over a data set of unknown length."""
    with warnings.catch_warnings():
        if any(_has_unknown_length(dataset) for dataset in datasets):
            warnings.filterwarnings("ignore", message="Your input ran out of data")
        yield


def _has_unknown_length(data):
    if isinstance(data, RoundAdapter):
        return not data.knows_rounds
    if isinstance(data, tf.data.Dataset):
        return int(data.cardinality()) == tf.data.UNKNOWN_CARDINALITY
    return inspect.isgenerator(data)
