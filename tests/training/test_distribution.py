"""Two replicas. (That they equal one device is in the conformance tests.)"""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gans
from tests import tiny

pytestmark = pytest.mark.slow


def compiled(strategy, **arguments):
    with strategy.scope():
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator(), ema=0.9)
        gan.compile(**{**tiny.sgd(), **arguments})
    return gan


def test_each_replica_has_its_own_noise(strategy):
    gan = compiled(strategy)

    @tf.function
    def draw():
        real = tf.zeros((4, *tiny.SHAPE))
        return strategy.run(lambda: gan.draw(real, None, gan.noise_seed("discriminator")).latents)

    first, second = strategy.experimental_local_results(draw())
    assert not np.allclose(first, second)


@pytest.mark.parametrize(
    "arguments",
    [
        {"run_eagerly": True},
        {"steps_per_execution": 2},
        {"penalties": [keras_gans.penalties.R1(every=2)], "discriminator_steps": 2},
    ],
    ids=str,
)
def test_training(strategy, arguments):
    gan = compiled(strategy, **arguments)
    dataset = tiny.dataset(tiny.images(16), batch_size=4)
    history = gan.fit(dataset, validation_data=dataset, epochs=2, verbose=0).history
    assert np.isfinite(history["d_loss"] + history["val_g_loss"]).all()
    assert int(gan.counters["discriminator"].numpy()) == 8
    assert_replicas_agree(strategy, gan)


def assert_replicas_agree(strategy, gan):
    for variable in gan.weights:
        first, second = strategy.experimental_local_results(variable.value)
        np.testing.assert_array_equal(first, second, err_msg=variable.path)
    assert np.isfinite(tiny.weights(gan)).all()


def test_optimizers(strategy):
    with strategy.scope():
        optimizers = [
            keras.optimizers.Adam(1e-3, **arguments)
            for arguments in ({"clipnorm": 1.0, "use_ema": True}, {"global_clipnorm": 1.0})
        ]
    gan = compiled(strategy, generator_optimizer=optimizers[0], discriminator_optimizer=optimizers[1])
    before = tiny.weights(gan)
    gan.fit(tiny.dataset(tiny.images(16)), verbose=0)
    assert_replicas_agree(strategy, gan)
    assert [int(optimizer.iterations.numpy()) for optimizer in optimizers] == [2, 2]
    assert not np.array_equal(tiny.weights(gan), before)


def test_gradient_accumulation_is_refused_not_miscounted(strategy):
    """TensorFlow cannot merge replicas inside the condition that accumulation is."""
    with strategy.scope():
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
        optimizers = [keras.optimizers.Adam(1e-3, gradient_accumulation_steps=2) for _ in range(2)]
        with pytest.raises(ValueError, match="gradient_accumulation_steps"):
            gan.compile(*optimizers)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(strategy, policy):
    keras.config.set_dtype_policy(policy)
    try:
        gan = compiled(strategy)
        history = gan.fit(tiny.dataset(tiny.images(16)), verbose=0).history
        assert np.isfinite(history["d_loss"]).all()
    finally:
        keras.config.set_dtype_policy("float32")


def test_saved_under_a_strategy_loaded_without(strategy, tmp_path):
    gan = compiled(strategy)
    gan.fit(tiny.dataset(tiny.images(16)), verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    np.testing.assert_allclose(loaded.generate(4, seed=1), gan.generate(4, seed=1), atol=1e-6)
    loaded.fit(tiny.dataset(tiny.images(16)), verbose=0)


def test_a_gan_of_a_scope_compiled_outside_of_it(strategy):
    with strategy.scope():
        gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    gan.compile()
    before = tiny.weights(gan)
    gan.fit(tiny.dataset(tiny.images(16)), verbose=0)
    assert_replicas_agree(strategy, gan)
    assert not np.array_equal(tiny.weights(gan), before)


def test_a_replica_without_examples_leaves_the_logs_finite(strategy):
    gan = compiled(strategy)
    history = gan.fit(tiny.dataset(tiny.images(9)), verbose=0, validation_data=tiny.dataset(tiny.images(9))).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert all(np.isfinite(weight).all() for weight in gan.get_weights())


@pytest.mark.parametrize("synchronized", [False, True])
def test_batch_normalization_in_a_replica_without_examples(strategy, synchronized):
    """The mean of nothing is NaN, which stays in the moving averages: refused, unless it is that of all replicas."""
    with strategy.scope():
        z = keras.Input((tiny.LATENTS,))
        x = layers.BatchNormalization(synchronized=synchronized, name="norm")(layers.Dense(4)(z))
        generator = keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
        gan = keras_gans.GAN(generator, tiny.discriminator())
        gan.compile(**tiny.sgd())
    if synchronized:
        gan.fit(tiny.dataset(tiny.images(9)), verbose=0)
        assert all(np.isfinite(weight).all() for weight in gan.get_weights())
    else:
        gan.fit(tiny.dataset(tiny.images(8)), verbose=0)
        with pytest.raises(tf.errors.InvalidArgumentError, match="no example for one of 2 replicas, but norm.*drop_remainder"):
            gan.fit(tiny.dataset(tiny.images(9)), verbose=0)


@pytest.mark.parametrize(
    ("loss", "lazy"),
    [
        ("relativistic_average", {}),
        (
            "fisher",
            {
                "auxiliary_losses": [keras_gans.losses.FeatureMatching(every=2)],
                "penalties": [
                    keras_gans.penalties.PullingAway(every=2),
                    keras_gans.penalties.DRAGAN(noise="uniform", every=2),
                ],
            },
        ),
    ],
    ids=["relativistic average", "fisher and penalties"],
)
def test_losses_and_lazy_penalties_that_couple_the_batch_with_a_replica_without_examples(strategy, loss, lazy):
    with strategy.scope():
        gan = keras_gans.GAN(tiny.generator(), keras_gans.networks.with_features(tiny.discriminator()))
        gan.compile(**tiny.sgd(), loss=loss, **lazy)
    history = gan.fit(tiny.dataset(tiny.images(13), batch_size=4), verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert all(np.isfinite(weight).all() for weight in gan.get_weights())


def test_a_lazy_penalty_that_couples_the_batch_counts_as_on_one_device(strategy, monkeypatch):
    monkeypatch.setattr(keras_gans.utils.random, "normal", lambda shape, seed, *bounds: tf.fill(shape, 0.3))
    logs = []
    for scope in (strategy.scope(), contextlib.nullcontext()):
        with scope:
            keras.utils.set_random_seed(3)
            gan = keras_gans.GAN(tiny.generator(), keras_gans.networks.with_features(tiny.discriminator()))
            gan.compile(**tiny.sgd(), auxiliary_losses=[keras_gans.losses.FeatureMatching(every=2)])
        logs.append(gan.fit(tiny.dataset(tiny.images(24)), verbose=0).history["g_feature_matching"])
    assert logs[0] == pytest.approx(logs[1], rel=1e-4)


def test_the_standard_deviation_of_dragan_is_that_of_the_global_batch(strategy, monkeypatch):
    monkeypatch.setattr(keras_gans.utils.random, "uniform", lambda shape, seed, *bounds: tf.ones(shape))
    penalty = keras_gans.penalties.DRAGAN(noise="uniform")
    x = np.concatenate([tiny.images(4), 5 + tiny.images(4)]).astype("float32")
    expected = penalty.perturbation(tf.constant(x), tf.constant([0, 1]))
    batches = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensors(x).unbatch().batch(8))
    local = strategy.run(lambda real: penalty.perturbation(real, tf.constant([0, 1])), args=(next(iter(batches)),))
    np.testing.assert_allclose(tf.concat(strategy.experimental_local_results(local), 0), expected, rtol=1e-5)


def test_predict_on_replicas(strategy):
    with strategy.scope():
        gan = keras_gans.GAN(tiny.generator(tiny.CLASSES), tiny.discriminator(tiny.CLASSES))
        gan.compile()
    z = np.random.default_rng(0).normal(size=(16, tiny.LATENTS)).astype("float32")
    expected = gan.generate(16, condition=tiny.labels(), latents=z)
    np.testing.assert_allclose(gan.predict(tiny.dataset(z, tiny.labels()), verbose=0), expected, atol=1e-6)
    with pytest.raises(ValueError, match="The generator is conditional"):
        gan.predict(tiny.dataset(z), verbose=0)
