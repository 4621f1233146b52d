"""Training as a pure function: assignments inside a `keras.StatelessScope` change the scope, not the model.

Update rules that evaluate a network twice in a step, or look into its future, run there: batch statistics, spectral norms,
counters and the state of components are then differentiable tensors, which are discarded when the scope ends.
"""

import contextlib

import keras
import numpy as np
import tensorflow as tf

from keras_gans.training.optimizers import inner
from keras_gans.utils.private_keras import count_step
from keras_gans.utils.private_keras import stateless_scope
from keras_gans.utils.private_keras import step_in_scope


def functional_scope(variables):
    """A scope in which `variables`, and all others that are assigned, are tensors."""
    return keras.StatelessScope([(variable, variable.value) for variable in variables], collect_losses=True)


@contextlib.contextmanager
def branch_scope():
    """A scope for a branch of `tf.cond`, from which its gradient is taken.

    What is assigned there inside a functional scope must not be read outside the branch. Transpositions are by permutations that
    are known when they are traced: XLA fails where a gradient of the branch takes them out of the branch ("0 is duplicated").
    """
    outer = stateless_scope()
    with tf.compat.v1.get_default_graph().gradient_override_map({"Transpose": _TRANSPOSE}):
        if outer is None:
            yield
            return
        with keras.StatelessScope(collect_losses=True) as scope:
            scope.state_mapping.update(outer.state_mapping)
            yield


_TRANSPOSE = "KerasGansTranspose"


@tf.RegisterGradient(_TRANSPOSE)
def _gradient_of_transpose(operation, gradient):
    permutation = operation.inputs[1]
    if permutation.op.type == "InvertPermutation":  # of a gradient; its own inverse is what was inverted
        inverse = tf.get_static_value(permutation.op.inputs[0])
    else:
        known = tf.get_static_value(permutation)
        inverse = None if known is None else np.argsort(known)
    return tf.transpose(gradient, tf.math.invert_permutation(permutation) if inverse is None else inverse), None


def functional_step(optimizer, gradients, variables):
    """One step of a Keras optimizer inside a functional scope: the optimizer's own rule, on tensors.

    It includes clipping, weight decay, learning-rate schedules and constraints, but neither loss scaling nor gradient
    accumulation.

    Args:
        optimizer: Built `keras.optimizers.Optimizer`.
        gradients: List of tensors.
        variables: The variables that the optimizer was built with, in that order.
    """
    optimizer = inner(optimizer)
    gradients = [_finite_backwards(tf.convert_to_tensor(gradient)) for gradient in gradients]
    step_in_scope(optimizer, gradients, variables)
    for variable in variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))
    count_step(optimizer)


@tf.custom_gradient
def _finite_backwards(x):
    """The identity. Its gradient has 0 where it would not be finite: Adam's root of a second moment of 0 (a dead unit)."""
    return tf.identity(x), lambda upstream: tf.where(tf.math.is_finite(upstream), upstream, 0.0)
