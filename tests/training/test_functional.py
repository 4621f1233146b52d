"""Steps of optimizers on tensors, against the same optimizers on variables."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import optimizers

from keras_gans.training.functional import branch_scope
from keras_gans.training.functional import functional_scope
from keras_gans.training.functional import functional_step

SCHEDULE = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)


def variables():
    layer = keras.layers.Dense(2, kernel_constraint=keras.constraints.MaxNorm(0.9))
    layer.build((None, 3))
    layer.kernel.assign(np.linspace(-0.5, 0.4, 6).reshape(3, 2))
    return layer.trainable_variables


def gradients(values):
    return [2.0 * tf.convert_to_tensor(value) + 0.3 for value in values]


@pytest.mark.parametrize(
    "make",
    [
        lambda: optimizers.SGD(0.1),
        lambda: optimizers.SGD(SCHEDULE),
        lambda: optimizers.SGD(0.1, momentum=0.9),
        lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        lambda: optimizers.RMSprop(0.1, rho=0.9),
        lambda: optimizers.RMSprop(0.1, momentum=0.5, centered=True),
        lambda: optimizers.Adam(0.1, beta_1=0.5),
        lambda: optimizers.Adam(0.1, amsgrad=True, clipnorm=0.3),
        lambda: optimizers.AdamW(0.1, weight_decay=0.1, global_clipnorm=0.5),
        lambda: optimizers.Adagrad(0.1),
        lambda: optimizers.Adamax(0.1),
        lambda: optimizers.Nadam(0.1),
        lambda: optimizers.Lion(0.1),
    ],
    ids=lambda make: None,
)
def test_three_steps_are_those_of_the_optimizer(make):
    values, optimizer = variables(), make()
    optimizer.build(values)
    optimizer.apply(gradients(values), values)  # moments that are not zero
    before = [value.numpy() for value in values + optimizer.variables]
    with functional_scope(values) as scope:
        for _ in range(3):
            functional_step(optimizer, gradients([value.value for value in values]), values)
    functional = [scope.get_current_value(value).numpy() for value in values]
    for variable, value in zip(values + optimizer.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    for _ in range(3):
        optimizer.apply(gradients(values), values)
    for variable, value in zip(values, functional, strict=True):
        np.testing.assert_allclose(value, variable.numpy(), atol=1e-6)


def test_adam_is_differentiable_where_a_gradient_is_zero():
    variable = keras.Variable([1.0, 2.0])
    optimizer = optimizers.Adam(0.1)
    optimizer.build([variable])
    x = tf.constant([0.0, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        with functional_scope([variable]):
            functional_step(optimizer, [x * tf.constant([0.0, 1.0])], [variable])
            value = tf.reduce_sum(variable.value)
    assert np.isfinite(tape.gradient(value, x)).all()


def test_what_a_branch_assigns_stays_in_it():
    state = keras.Variable(1.0)

    @tf.function
    def run(due):
        with functional_scope([]):
            state.assign(2.0)

            def branch():
                with branch_scope():
                    state.assign_add(3.0)
                    return state.value * 1.0

            return tf.cond(due, branch, lambda: tf.constant(0.0)), state.value

    assert [float(value) for value in run(tf.constant(True))] == [5.0, 2.0]
    assert float(keras.ops.convert_to_numpy(state)) == 1.0


@pytest.mark.parametrize("permutation", [(0, 2, 1), (2, 0, 1)])
@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_branch_that_transposes_is_differentiated_twice(permutation, jit_compile):
    """Of y = sum(transpose(v) * transpose(x^3)) the penalty is the sum of the squares of its gradient, 3 x^2 v."""
    rng = np.random.default_rng(0)
    x, v = (rng.normal(size=(2, 3, 4)).astype("float32") for _ in range(2))

    def penalty():
        with branch_scope():
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.reduce_sum(tf.transpose(v, permutation) * tf.transpose(x**3, permutation))
            return tf.reduce_sum(tape.gradient(y, x) ** 2)

    @tf.function(jit_compile=jit_compile)
    def derivative(due):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = tf.cond(due, penalty, lambda: tf.constant(0.0))
        return tape.gradient(value, x)

    expected, x = 36 * x**3 * v**2, tf.constant(x)
    np.testing.assert_allclose(derivative(tf.constant(True)), expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(derivative(tf.constant(False)), np.zeros_like(expected))
