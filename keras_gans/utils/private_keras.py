"""All private names of Keras that this library uses, each with the reason why no public one does.

`tests/utils/test_private_keras.py` has a test for each, so that a new Keras fails with one clear line.
"""

import operator

import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope as _get_stateless_scope
from keras.src.backend.common.variables import AutocastScope as _AutocastScope
from keras.src.backend.common.variables import get_autocast_scope as _get_autocast_scope
from keras.src.optimizers.base_optimizer import BaseOptimizer
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters import get_data_adapter as _get_data_adapter
from keras.src.trainers.data_adapters.data_adapter import DataAdapter as _DataAdapter
from keras.src.utils import io_utils

# Layers and graphs of functional models.


def all_layers(layer, include_self=False):
    """Every layer inside a layer or network, at any depth. (`Model.layers` names the outermost ones only.)"""
    return layer._flatten_layers(include_self=include_self)


def source_of(tensor):
    """The operation that a symbolic tensor comes from, and the number of the output. (`keras.Operation` knows no tensors.)"""
    operation, _, output = tensor._keras_history
    return operation, output


def inputs_of_source(tensor):
    """The symbolic tensors that the operation of `tensor` was called on, in this call. (`layer.input` fails after two calls.)"""
    operation, node, _ = tensor._keras_history
    return operation._inbound_nodes[node].input_tensors


def arguments_of_source(tensor):
    """The positional arguments that the operation of `tensor` was called with, constants included."""
    operation, node, _ = tensor._keras_history
    return list(operation._inbound_nodes[node].arguments.args)


def is_called_once(layer):
    """Whether a layer has one symbolic input, so that `layer.input` exists. (Asking for it raises otherwise.)"""
    return len(layer._inbound_nodes) == 1


def run_through_graph(network, inputs, call=operator.call):
    """Runs a functional model on inputs of any size, with `call(operation, *args, **kwargs)` for each operation.

    (`keras.models.clone_model(call_function=)` makes a model, and does not hand out the tensors inside it.)
    """
    return network._run_through_graph(inputs, call_fn=call)


def without_rematerialization(layer):
    """Makes a layer from a `keras.RematScope` compute as usual: recomputation passes no gradient to captured tensors.

    (No public function takes a layer out of its scope.)
    """
    layer._remat_mode = None


def rematerialization_mode(layer):
    """The mode of the `keras.RematScope` that a layer was made in; None if it was made in none. (Nothing public tells.)"""
    scope = layer._remat_mode
    return None if scope is None else scope.mode


def autocast_dtype():
    """The type to which a layer that is being called casts its variables; None for none. (Nothing public tells.)"""
    scope = _get_autocast_scope()
    return None if scope is None else scope.dtype


def autocast_scope(dtype):
    """A scope that casts variables to a type, as in the call of a layer, or to none. (`Layer.__call__` alone opens one.)"""
    return _AutocastScope(dtype)


def own_variables(layer):
    """The variables that a layer itself made, in the order of its weights, without those of layers inside it.

    (`layer.weights` has those too.)
    """
    return [*layer._trainable_variables, *layer._non_trainable_variables]


def made_to_train(layer):
    """Those of `own_variables` that were made to be trained, also while they are frozen.

    (`variable.trainable` is False of a frozen weight, as of a statistic.)
    """
    return layer._trainable_variables


def take_call_signature(copied, layer):
    """Gives a layer the call signature of its class: Keras reads `call` only when a layer is made."""
    for name, value in vars(layer).items():
        if name.startswith("_call_") or name == "call_signature_parameters":
            setattr(copied, name, value)


def forget_compilation(network):
    """Undoes `compile` of a network, which would otherwise be saved, with its optimizer, in files of a model that contains it.

    (Keras has no way back.)
    """
    if getattr(network, "compiled", False):
        network.compiled = False
        network.optimizer = network._compile_loss = network._compile_metrics = network._loss_tracker = None


def track_variable(layer, variable):
    """Takes a variable into a layer's weights. (`add_weight` makes a new one, of another order.)"""
    layer._track_variable(variable)


def replace_tracked(model, name, old, new):
    """Sets the attribute `name` of a model to the list `new`, and forgets the layers in `old`.

    (Keras locks what a built model tracks, and keeps what was assigned before.)
    """
    for layer in old:
        model._tracker.untrack(layer)
    model._tracker.unlock()
    setattr(model, name, new)


# Optimizers.


def learning_rate_of(optimizer):
    """An optimizer's learning rate: a variable, or its schedule. (`optimizer.learning_rate` is the schedule's present value.)"""
    return optimizer._learning_rate


def variables_built_for(optimizer):
    """The variables that an optimizer was built for. (`optimizer.variables` are its own.)"""
    return optimizer._trainable_variables


def stateless_scope():
    """The innermost `keras.StatelessScope` that is open; None if there is none. (Nothing public tells.)"""
    return _get_stateless_scope()


class _InScope(keras.optimizers.Optimizer):
    """Keras' own assignments, in place of TensorFlow's, which ignore the scope."""

    assign = BaseOptimizer.assign
    assign_add = BaseOptimizer.assign_add
    assign_sub = BaseOptimizer.assign_sub
    _apply_weight_decay = BaseOptimizer._apply_weight_decay
    _backend_update_step = BaseOptimizer._backend_update_step

    def _var_key(self, variable):
        return super()._var_key(variable._value)


def step_in_scope(optimizer, gradients, variables):
    """One step of an optimizer's own rule inside a `keras.StatelessScope`, constraints left out.

    (`optimizer.stateless_apply` raises with the TensorFlow backend.)
    """
    # A view of the same state, whose assignments, wherever its class calls them, are those of `_InScope`.
    optimizer_class = type(optimizer)
    view = object.__new__(type(optimizer_class.__name__, (optimizer_class, _InScope), {}))
    view.__dict__.update(optimizer.__dict__)
    gradients = view._clip_gradients(gradients)
    view._apply_weight_decay(variables)
    view._backend_update_step(gradients, variables, keras.ops.convert_to_tensor(optimizer.learning_rate))


def steps_of(optimizer):
    """An optimizer's count of steps for its schedules, including those that only accumulate gradients: a variable.

    (`iterations` counts updates, if gradients accumulate.)
    """
    return optimizer._iterations


class UpdatesTogether:
    """Mixin for a Keras optimizer: `updating()`, a context manager, is around the updates of all variables in a step.

    (The public `update_step` is called for each variable.)
    """

    def _backend_update_step(self, *arguments):
        with self.updating():
            super()._backend_update_step(*arguments)


def count_step(optimizer):
    """Adds 1 to an optimizer's `iterations`. (The public property is read-only.)"""
    optimizer._iterations.assign_add(1)


# Training.

DataAdapter = _DataAdapter  # `fit` takes one as `x`: the only way to tell Keras how many rounds an epoch has
get_data_adapter = _get_data_adapter  # Keras' reading of whatever `fit` takes


def forget_restored_epoch(model):
    """Has the next `fit` begin at its `initial_epoch`, unless a `BackupAndRestore` of its own says another.

    (The callback leaves the epoch that it restored in the model, where it outweighs that of each later `fit`.)
    """
    model._initial_epoch = None


def split_arrays(x, y, validation_split):
    """Keras' own split: the last part of the arrays is held out. Returns `(x, y), (validation_x, validation_y)`."""
    (x, y, _), (validation_x, validation_y, _) = array_slicing.train_validation_split((x, y, None), validation_split)
    return (x, y), (validation_x, validation_y)


def values_in_order(model, logs):
    """Logs as the list, or the one value, that `train_on_batch` and `test_on_batch` return. (Their own way to it is private.)"""
    return model._flatten_metrics_in_order(logs)


class FinalLogs:
    """Mixin for a `keras.Model`: `final_logs(logs)` is asked once an epoch and once an evaluation, before callbacks see them.

    (The public `get_metrics_result` is asked at every batch as well, and what it adds is dropped.)
    """

    def _get_metrics_result_or_logs(self, logs):
        return self.final_logs(super()._get_metrics_result_or_logs(logs))


# Files.


def may_overwrite(filepath):
    """Asks the user, as Keras does for `overwrite=False`, whether a file may be replaced."""
    return io_utils.ask_to_proceed_with_overwrite(filepath)
