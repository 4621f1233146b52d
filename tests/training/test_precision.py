"""Mixed precision, clipping and accumulation, with both forms of update."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny

both_rules = pytest.mark.parametrize("update_rule", ["simultaneous", "alternating"])


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def policy(request):
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy("float32")


def compiled(update_rule, *optimizers, **arguments):
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
    gan.compile(*optimizers, update_rule=update_rule, **arguments)
    return gan


@pytest.mark.slow
@both_rules
def test_policies(policy, update_rule, tmp_path):
    penalties = [keras_gans.penalties.GradientPenalty(), keras_gans.penalties.R1(every=2)]
    gan = compiled(update_rule, penalties=penalties, run_eagerly=policy == "mixed_bfloat16")
    logs = [gan.train_on_batch(tiny.images(), return_dict=True) for _ in range(3)]
    assert all(np.isfinite(list(log.values())).all() for log in logs)
    scaled = [isinstance(optimizer, keras.optimizers.LossScaleOptimizer) for optimizer in gan.optimizers.values()]
    assert scaled == [policy == "mixed_float16"] * 2
    assert int(gan.optimizer.iterations.numpy()) == 3
    assert gan.generate(2).dtype == np.float32
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.train_on_batch(tiny.images(), return_dict=True) == gan.train_on_batch(tiny.images(), return_dict=True)


@pytest.mark.slow
@both_rules
def test_loss_scaling_changes_no_gradient(update_rule):
    """SGD in float16 with its loss scaled by 2^15 lands where plain float32 does, up to float16's rounding."""
    results = []
    for name in ("float32", "mixed_float16"):
        keras.config.set_dtype_policy(name)
        keras.utils.set_random_seed(0)
        gan = compiled(update_rule, keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), run_eagerly=True)
        gan.train_on_batch(tiny.images())
        results.append(gan.get_weights()[3:])
        keras.config.set_dtype_policy("float32")
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-3)


@pytest.mark.slow
@both_rules
def test_an_overflow_skips_the_update(update_rule):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        gan = compiled(
            update_rule,
            keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1), initial_scale=1e30),
            keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1), initial_scale=1e30),
        )
        before = gan.discriminator.get_weights()
        gan.train_on_batch(tiny.images())
        for a, b in zip(before, gan.discriminator.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
        with pytest.warns(UserWarning, match="has not moved: every step's gradients overflowed in float16"):
            gan.fit(tiny.images(), verbose=0)
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.slow
@both_rules
@pytest.mark.parametrize("arguments", [{"clipnorm": 1e-3}, {"clipvalue": 1e-3}, {"global_clipnorm": 1e-3}])
def test_clipping(update_rule, arguments):
    gan = compiled(update_rule, *(keras.optimizers.SGD(1.0, **arguments) for _ in range(2)), run_eagerly=True)
    before = gan.discriminator.get_weights()
    gan.train_on_batch(tiny.images())
    steps = [np.abs(a - b).max() for a, b in zip(before, gan.discriminator.get_weights(), strict=True)]
    assert 0 < max(steps) <= 1e-3 * 1.001


@pytest.mark.slow
@both_rules
def test_accumulation(update_rule):
    gan = compiled(
        update_rule,
        keras.optimizers.SGD(0.1, gradient_accumulation_steps=2),
        keras.optimizers.SGD(0.1, gradient_accumulation_steps=2),
    )
    start = gan.discriminator.get_weights()[0]
    gan.train_on_batch(tiny.images())
    np.testing.assert_array_equal(gan.discriminator.get_weights()[0], start)
    gan.train_on_batch(tiny.images())
    assert not np.array_equal(gan.discriminator.get_weights()[0], start)
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 1
    assert int(gan.counters["discriminator"].numpy()) == 2  # the noise moves on


def test_scores_and_terms_are_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        x = keras.Input(tiny.SHAPE)
        discriminator = keras.Model(x, keras.layers.Dense(1)(keras.layers.Flatten()(x)))  # ends in bfloat16
        gan = keras_gans.GAN(tiny.generator(), discriminator)
        gan.compile()
        real, condition = gan.unpack(tiny.images())
        minibatch = gan.draw(real, condition, gan.noise_seed("discriminator"))
        assert minibatch.real_output["scores"].dtype == tf.bfloat16
        assert minibatch.fake.dtype == minibatch.real_scores.dtype == tf.float32
        assert {term.dtype for term in gan.objective("discriminator", minibatch).values()} == {tf.float32}
    finally:
        keras.config.set_dtype_policy("float32")


def test_the_logs_are_float32_whatever_keras_global_type():
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    keras.config.set_floatx("float16")
    try:
        gan.compile()
        assert {metric.dtype for metric in gan.metrics} == {"float32"}
    finally:
        keras.config.set_floatx("float32")
