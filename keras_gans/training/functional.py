"""Training as a function: what assigns inside a `keras.StatelessScope` changes the scope, not the model.

Update rules that evaluate a network twice in a step, or look into its future, run there: batch statistics, spectral norms,
counters and the state of parts then evolve as tensors, differentiable, and are forgotten when the scope ends.
"""

import contextlib

import keras
import tensorflow as tf
from keras.src.backend.common.stateless_scope import get_stateless_scope
from keras.src.optimizers.base_optimizer import BaseOptimizer

from keras_gans.training.optimizers import inner


def functional_scope(variables):
    """A scope in which `variables`, and whatever else is assigned, are tensors."""
    return keras.StatelessScope([(variable, variable.value) for variable in variables], collect_losses=True)


@contextlib.contextmanager
def branch_scope():
    """For a branch of `tf.cond`: what is assigned there inside a functional scope must not be read outside the branch."""
    outer = get_stateless_scope()
    if outer is None:
        yield
        return
    with keras.StatelessScope(collect_losses=True) as scope:
        scope.state_mapping.update(outer.state_mapping)
        yield


def functional_step(optimizer, gradients, variables):
    """One step of a Keras optimizer inside a functional scope: the optimizer's own rule, on tensors.

    Clipping, weight decay, learning-rate schedules and constraints included; loss scales and gradient accumulation left out.

    Args:
        optimizer: Built `keras.optimizers.Optimizer`.
        gradients: List of tensors.
        variables: The variables that the optimizer was built with, in that order.
    """
    optimizer = inner(optimizer)
    # A view of the same state, whose assignments, wherever its class calls them, are those of `_Functional`.
    optimizer_class = type(optimizer)
    view = object.__new__(type(optimizer_class.__name__, (optimizer_class, _Functional), {}))
    view.__dict__.update(optimizer.__dict__)
    gradients = view._clip_gradients([_finite_backwards(tf.convert_to_tensor(gradient)) for gradient in gradients])
    view._apply_weight_decay(variables)
    view._backend_update_step(gradients, variables, keras.ops.convert_to_tensor(optimizer.learning_rate))
    for variable in variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))
    optimizer._iterations.assign_add(1)


class _Functional(keras.optimizers.Optimizer):
    """Keras' own assignments, in place of TensorFlow's, which know no scope."""

    assign = BaseOptimizer.assign
    assign_add = BaseOptimizer.assign_add
    assign_sub = BaseOptimizer.assign_sub
    _apply_weight_decay = BaseOptimizer._apply_weight_decay
    _backend_update_step = BaseOptimizer._backend_update_step

    def _var_key(self, variable):
        return super()._var_key(variable._value)


@tf.custom_gradient
def _finite_backwards(x):
    """The identity. Its gradient has 0 where it would not be finite: Adam's root of a second moment of 0 (a dead unit)."""
    return tf.identity(x), lambda upstream: tf.where(tf.math.is_finite(upstream), upstream, 0.0)
