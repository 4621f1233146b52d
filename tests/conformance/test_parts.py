"""What must hold for everything that is exported: it is in the tables, documented, and its configuration makes it again.

And losses: a loss without state is a function of two tensors, and all that may go wrong with it shows on fixed scores.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.hub.from_saved_model import FromSavedModel
from tests import tiny
from tests.conformance import stand_ins

every_loss = pytest.mark.parametrize("cls", stand_ins.LOSSES, ids=lambda cls: cls.__name__)
SCORES = [np.random.default_rng(0).normal(mean, 2.0, (8, 1)).astype("float32") for mean in (0.5, -0.5)]


@pytest.mark.slow
def test_the_tables_are_complete():
    games = {name: game.make() for name, game in stand_ins.GAMES.items()}
    changing = [cls for cls in stand_ins.MODELS if cls.__name__ in games]
    assert keras_gans.GAN in changing
    assert len(stand_ins.MODELS) == len(changing) + len([cls for cls in stand_ins.MODELS if cls.__name__ in stand_ins.DEFAULTS])
    parts = [part for gan in games.values() for part in gan.components]
    for part in parts:  # losses of losses
        parts += [part.base] if hasattr(part, "base") else []
    parts = {type(part) for part in parts}
    stateful = {cls for cls in [*stand_ins.LOSSES, *stand_ins.RULES] if stand_ins.has_state(cls)}
    assert parts >= {*stand_ins.TERMS, *stateful}
    assert len(stand_ins.LOSSES) >= 12
    assert len(stand_ins.TERMS) >= 9
    assert len(stand_ins.RULES) >= 4


@pytest.mark.slow
def test_each_of_all_terms_has_its_own_log():
    gan = stand_ins.GAMES["all_terms"].make(run_eagerly=True)
    x = stand_ins.GAMES["all_terms"].batch()
    logs = [gan.train_on_batch(*x, return_dict=True) for _ in range(2)][-1]  # weights have a history then
    for term in gan.terms.values():
        for player in ("generator", "discriminator"):
            if term.applies_to(player):
                assert np.isfinite(logs[f"{player[0]}_{term.name}"])
                assert logs[f"{player[0]}_{term.name}"] != 0


@pytest.mark.parametrize("cls", stand_ins.SERIALIZABLE, ids=lambda cls: cls.__name__)
def test_config_round_trip(cls, tmp_path):
    model = cls in stand_ins.MODELS
    if issubclass(cls, FromSavedModel):
        tiny_gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
        thing = cls(tiny_gan.export(tmp_path / "1"), **stand_ins.ARGUMENTS.get(cls, {}))
    else:
        thing = stand_ins.stand_in(cls).make() if model else cls(**stand_ins.ARGUMENTS.get(cls, {}))
    config = keras.saving.serialize_keras_object(thing)
    copy = keras.saving.deserialize_keras_object(config)
    assert type(copy) is cls
    if not issubclass(cls, keras.Model):  # the names of Keras' layers are counted up
        assert copy.get_config() == thing.get_config()


@pytest.mark.parametrize(
    "cls",
    [*stand_ins.LOSSES, *stand_ins.TERMS, *stand_ins.RULES, *stand_ins.REPLAYS, *stand_ins.PRIORS, *stand_ins.MODELS],
    ids=lambda cls: cls.__name__,
)
def test_public_classes_are_documented(cls):
    assert cls.__doc__
    if cls is not keras_gans.GAN and cls not in stand_ins.PRIORS:
        assert "Reference:" in cls.__doc__


def values_and_gradients(loss, real, fake):
    """Means of both halves, and their gradients with respect to both scores."""
    real, fake = tf.convert_to_tensor(real), tf.convert_to_tensor(fake)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        values = [tf.reduce_mean(getattr(loss, player)(real, fake)) for player in ("discriminator", "generator")]
    return values, [tape.gradient(value, [real, fake], unconnected_gradients="zero") for value in values]


def assert_close(results, expected, **tolerance):
    for a, b in zip(tf.nest.flatten(results), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(a, b, **tolerance)


@pytest.mark.slow
@every_loss
def test_a_loss_is_the_same_in_a_graph_in_xla_under_bfloat16_and_from_its_configuration(cls):
    loss = cls(**stand_ins.ARGUMENTS.get(cls, {}))
    expected = values_and_gradients(loss, *SCORES)
    for jit_compile in (False, True):
        run = tf.function(lambda real, fake: values_and_gradients(loss, real, fake), jit_compile=jit_compile)
        assert_close(run(*map(tf.constant, SCORES)), expected, atol=1e-6, rtol=1e-5)
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss))
    assert_close(values_and_gradients(copy, *SCORES), expected, atol=0, rtol=0)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        assert_close(values_and_gradients(cls(**stand_ins.ARGUMENTS.get(cls, {})), *SCORES), expected, atol=0, rtol=0)
    finally:
        keras.config.set_dtype_policy("float32")


@every_loss
def test_each_half_of_a_loss_drives_its_player(cls):
    loss = cls(**stand_ins.ARGUMENTS.get(cls, {}))
    _, ((d_real, d_fake), (_, g_fake)) = values_and_gradients(loss, *SCORES)
    assert np.any(d_real != 0)
    assert np.any(d_fake != 0)
    assert np.any(g_fake != 0) == loss.drives_generator
    assert np.isfinite([d_real, d_fake, g_fake]).all()
    if not loss.uses_real:  # the discriminator is not run on real images for the generator's sake
        np.testing.assert_array_equal(loss.generator(None, SCORES[1]), loss.generator(*SCORES))


@every_loss
def test_a_loss_on_two_replicas_is_that_of_the_whole_batch(cls, strategy):
    """Value and gradient of a factor of all scores: as the GAN, a replica takes its mean and its half, and both are added."""
    loss = cls(**stand_ins.ARGUMENTS.get(cls, {}))

    def halves(real, fake, replicas):
        factor = tf.constant(1.5)
        results = []
        for player in ("discriminator", "generator"):
            with tf.GradientTape() as tape:
                tape.watch(factor)
                value = tf.reduce_mean(getattr(loss, player)(factor * real, factor * fake)) / replicas
            results += [value, tape.gradient(value, factor, unconnected_gradients="zero")]
        return tf.stack(results)

    def share(scores):
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(np.split(scores, 2)[context.replica_id_in_sync_group])
        )

    @tf.function
    def run(real, fake):
        return strategy.reduce("SUM", strategy.run(halves, args=(real, fake, 2.0)), axis=None)

    np.testing.assert_allclose(run(*map(share, SCORES)), halves(*SCORES, 1.0), atol=1e-5)
