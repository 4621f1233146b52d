"""One canary for each private name of Keras: a new Keras that moves one fails here, with the name."""

import contextlib
import pathlib
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from keras_gans.utils import private_keras

PACKAGE = pathlib.Path(keras_gans.__file__).parent
# Attributes that begin with an underscore, of anything but `self`, `cls` and modules of this library.
PRIVATE = re.compile(r"keras\.src|(?<!self)(?<!cls)(?<!super\(\))(?<!keras_gans)\._(?!_)[a-z]\w*")


def test_private_names_are_used_in_one_file_only():
    found = {}
    for path in PACKAGE.rglob("*.py"):
        code = re.sub(r'""".*?"""|#[^\n]*|f?"[^"\n]*"', "", path.read_text(), flags=re.DOTALL)
        found |= {path.relative_to(PACKAGE).as_posix(): hits for hits in [PRIVATE.findall(code)] if hits}
    ours = {"._arguments"}  # of `Serializable`
    found = {path: set(hits) - ours for path, hits in found.items() if set(hits) - ours}
    assert set(found) == {"utils/private_keras.py"}, found


def network():
    x = keras.Input((3,))
    return keras.Model(x, layers.Dense(2, name="last")(layers.Dense(4, name="first")(x)))


def test_without_rematerialization():
    with keras.RematScope(mode="full"):
        layer = layers.Dense(2)
    assert layer._remat_mode is not None
    private_keras.without_rematerialization(layer)
    assert layer._remat_mode is None


def test_all_layers():
    inner = network()
    outer = keras.Sequential([keras.Input((3,)), inner])
    found = private_keras.all_layers(outer)
    assert inner in found
    assert set(inner.layers) <= set(found)
    assert outer not in found
    assert private_keras.all_layers(outer, include_self=True)[0] is outer


def test_what_was_made_to_train():
    layer = layers.BatchNormalization()
    layer.build((None, 3))
    layer.trainable = False
    assert [variable.name for variable in private_keras.made_to_train(layer)] == ["gamma", "beta"]
    names = [variable.name for variable in private_keras.own_variables(layer)]
    assert names == ["gamma", "beta", "moving_mean", "moving_variance"]


def test_sources_of_tensors():
    model = network()
    layer, output = private_keras.source_of(model.output)
    assert (layer, output) == (model.get_layer("last"), 0)
    (hidden,) = private_keras.inputs_of_source(model.output)
    assert private_keras.source_of(hidden)[0] is model.get_layer("first")
    assert private_keras.is_called_once(layer)
    layer(keras.Input((4,)))
    assert not private_keras.is_called_once(layer)


def test_run_through_graph():
    model, seen = network(), []

    def call(operation, *args, **kwargs):
        seen.append(operation.name)
        return operation(*args, **kwargs)

    x = np.ones((1, 3), "float32")
    np.testing.assert_allclose(private_keras.run_through_graph(model, tf.constant(x), call), model(x))
    assert seen[-2:] == ["first", "last"]


def test_replace_tracked():
    model = network()
    first, second = layers.Dense(1), layers.Dense(1)
    private_keras.replace_tracked(model, "extra", [], [first])
    private_keras.replace_tracked(model, "extra", [first], [second])
    assert second in private_keras.all_layers(model)
    assert first not in private_keras.all_layers(model)


def test_learning_rate_and_variables_of_an_optimizer():
    model = network()
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    optimizer = keras.optimizers.SGD(schedule)
    optimizer.build(model.trainable_variables)
    assert private_keras.learning_rate_of(optimizer) is schedule
    assert [id(v) for v in private_keras.variables_built_for(optimizer)] == [id(v) for v in model.trainable_variables]
    private_keras.count_step(optimizer)
    assert int(optimizer.iterations.numpy()) == int(private_keras.steps_of(optimizer).numpy()) == 1
    accumulating = keras.optimizers.SGD(0.5, gradient_accumulation_steps=2)
    accumulating.apply([tf.zeros(2)], [keras.Variable([1.0, 2.0])])
    assert (int(accumulating.iterations), int(private_keras.steps_of(accumulating).numpy())) == (0, 1)


def test_what_is_around_the_updates_of_all_variables():
    class Watched(private_keras.UpdatesTogether, keras.optimizers.SGD):
        events = []

        @contextlib.contextmanager
        def updating(self):
            self.events.append("before")
            yield
            self.events.append("after")

        def update_step(self, *arguments):
            self.events.append("update")
            super().update_step(*arguments)

    variables = [keras.Variable([1.0, 2.0]) for _ in range(2)]
    optimizer = Watched(0.5)
    optimizer.apply([tf.ones(2), tf.ones(2)], variables)
    np.testing.assert_array_equal(variables[1], [0.5, 1.5])
    with keras.StatelessScope([(variable, variable.value) for variable in variables]):
        private_keras.step_in_scope(optimizer, [tf.ones(2), tf.ones(2)], variables)
    assert Watched.events == 2 * ["before", "update", "update", "after"]


@pytest.mark.parametrize("optimizer", [keras.optimizers.SGD(0.5, momentum=0.9), keras.optimizers.Adam(0.5, weight_decay=0.1)])
def test_a_step_in_a_scope_changes_the_scope_only(optimizer):
    variable = keras.Variable([1.0, 2.0])
    twin, twins = keras.Variable([1.0, 2.0]), type(optimizer).from_config(optimizer.get_config())
    optimizer.build([variable])
    twins.build([twin])
    gradient = tf.constant([0.5, -1.0])
    assert private_keras.stateless_scope() is None
    with keras.StatelessScope([(variable, variable.value)]) as scope:
        assert private_keras.stateless_scope() is scope
        private_keras.step_in_scope(optimizer, [gradient], [variable])
        stepped = scope.get_current_value(variable)
    np.testing.assert_array_equal(variable.numpy(), [1.0, 2.0])
    twins.apply([gradient], [twin])
    np.testing.assert_allclose(stepped, twin.numpy(), rtol=1e-6)


def test_data_adapters():
    adapter = private_keras.get_data_adapter(x=np.zeros((10, 2)), batch_size=4)
    assert isinstance(adapter, private_keras.DataAdapter)
    assert adapter.num_batches == 3
    (x, y), (held_x, held_y) = private_keras.split_arrays(np.arange(10), np.arange(10), 0.2)
    np.testing.assert_array_equal(x, np.arange(8))
    np.testing.assert_array_equal(held_y, [8, 9])
    assert len(y) == 8
    assert len(held_x) == 2


def test_final_logs_are_asked_once_an_epoch_and_once_an_evaluation():
    class Model(private_keras.FinalLogs, keras.Model):
        asked = 0

        def call(self, x):
            return x

        def train_step(self, data):
            return {"a": tf.constant(1.0), "b": tf.constant(2.0)}

        test_step = train_step

        def final_logs(self, logs):
            self.asked += 1
            return {**logs, "c": 3.0}

    model = Model()
    model.compile()
    history = model.fit(np.zeros((6, 1)), batch_size=2, epochs=2, verbose=0).history
    assert history == {"a": [1.0, 1.0], "b": [2.0, 2.0], "c": [3.0, 3.0]}
    assert model.asked == 2
    assert model.evaluate(np.zeros((6, 1)), batch_size=2, return_dict=True, verbose=0) == {"a": 1.0, "b": 2.0, "c": 3.0}
    assert model.asked == 3
    assert private_keras.values_in_order(model, {"a": 1.0, "b": 2.0}) == [1.0, 2.0]


@pytest.mark.parametrize("answer", ["y", "n"])
def test_may_overwrite(answer, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *prompt: answer)
    assert private_keras.may_overwrite("a.keras") == (answer == "y")


def test_rematerialization_and_autocast():
    class Asks(keras.layers.Layer):
        def call(self, x):
            self.asked = private_keras.autocast_dtype()
            with private_keras.autocast_scope(None):
                self.inside = private_keras.autocast_dtype()
            return x

    with keras.RematScope(mode="full"):
        layer = Asks(dtype="mixed_bfloat16")
    assert private_keras.rematerialization_mode(layer) == "full"
    assert private_keras.rematerialization_mode(Asks()) is None
    assert private_keras.autocast_dtype() is None
    plain = Asks(dtype="mixed_bfloat16")
    plain(np.zeros((1, 1), "float32"))
    assert (plain.asked, plain.inside) == ("bfloat16", None)


@pytest.mark.slow
def test_forget_compilation():
    model = network()
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.zeros((2, 3)), np.zeros((2, 2)), verbose=0)
    private_keras.forget_compilation(model)
    assert not model.compiled
    assert model.metrics == []
    assert not model.get_compile_config()
    model.compile("sgd", "mse")  # and it can be compiled again
    model.fit(np.zeros((2, 3)), np.zeros((2, 2)), verbose=0)


@pytest.mark.slow
def test_forget_restored_epoch(tmp_path):
    model, x, y = network(), np.zeros((2, 3)), np.zeros((2, 2))
    model.compile("sgd", "mse", run_eagerly=True)
    backup = keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)
    model.fit(x, y, epochs=2, verbose=0, callbacks=[backup])
    assert model.fit(x, y, epochs=2, verbose=0, callbacks=[backup]).epoch == []
    assert model.fit(x, y, epochs=2, verbose=0).epoch == []  # Keras remembers; if no more, the function can go
    private_keras.forget_restored_epoch(model)
    assert model.fit(x, y, epochs=2, verbose=0).epoch == [0, 1]
