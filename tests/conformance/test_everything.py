"""What must hold for every part, prior and model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny
from tests.conformance import subjects

every_subject = pytest.mark.parametrize("subject", subjects.SUBJECTS, ids=lambda cls: cls.__name__)


def trained(subject, steps=2, **compile_arguments):
    keras.utils.set_random_seed(3)
    gan = subjects.make(subject, **compile_arguments)
    x, y = subjects.data(gan)
    logs = [gan.train_on_batch(x, y, return_dict=True) for _ in range(steps)]
    return gan, logs


def test_the_table_is_complete():
    assert len(subjects.PARTS) >= 11
    assert len(subjects.MODELS) >= 5
    assert keras_gans.GAN in subjects.MODELS


@pytest.mark.parametrize("cls", subjects.SERIALIZABLE, ids=lambda cls: cls.__name__)
def test_config_round_trip(cls):
    thing = subjects.make(cls) if cls in subjects.MODELS else cls(**subjects.ARGUMENTS.get(cls, {}))
    config = keras.saving.serialize_keras_object(thing)
    copy = keras.saving.deserialize_keras_object(config)
    assert type(copy) is cls
    if cls not in subjects.MODELS:  # the names of Keras' layers are counted up
        assert copy.get_config() == thing.get_config()


@every_subject
def test_saved_and_loaded_it_takes_the_same_next_step(subject, tmp_path):
    gan, _ = trained(subject)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(loaded) is type(gan)
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    x, y = subjects.data(gan)
    assert loaded.train_on_batch(x, y, return_dict=True) == gan.train_on_batch(x, y, return_dict=True)
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    for player, optimizer in gan.optimizers.items():
        other = loaded.optimizers[player]
        for a, b in zip(optimizer.variables, other.variables, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy())


@every_subject
def test_eager_equals_graph(subject):
    graph, graph_logs = trained(subject)
    eager, eager_logs = trained(subject, run_eagerly=True)
    np.testing.assert_allclose(tiny.weights(eager), tiny.weights(graph), atol=1e-5)
    for a, b in zip(graph_logs, eager_logs, strict=True):
        assert a == pytest.approx(b, rel=1e-4, abs=1e-5)


@pytest.fixture
def constant_noise(monkeypatch):
    """XLA draws other numbers from the same seed than a plain graph, and each replica draws its own."""
    for name in ("normal", "uniform", "truncated_normal"):
        monkeypatch.setattr(keras_gans.utils.random, name, lambda shape, seed, *bounds: tf.fill(shape, 0.3))


def optimizers(subject):
    """A paper's own for models. For parts SGD: Adam makes steps of pure rounding where a gradient is zero."""
    if subject in subjects.MODELS:
        return {}
    return {"generator_optimizer": keras.optimizers.SGD(0.05), "discriminator_optimizer": keras.optimizers.SGD(0.05)}


@every_subject
def test_xla_equals_graph(subject, constant_noise):
    graph, _ = trained(subject, **optimizers(subject))
    xla, _ = trained(subject, jit_compile=True, **optimizers(subject))
    assert xla.jit_compile
    for a, b in zip(xla.weights, graph.weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), atol=2e-6, err_msg=a.path)


@pytest.mark.parametrize(
    ("subject", "rule"),
    [(subject, rule) for subject in subjects.MODELS for rule in subject.update_rules]
    + [(subject, "alternating") for subject in subjects.SUBJECTS if subject not in subjects.MODELS],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_bfloat16(subject, rule):
    several = rule == "simultaneous" and subject in (keras_gans.WGAN, keras_gans.WGANGP)
    arguments = {"update_rule": rule, **({"discriminator_steps": 1} if several else {})}
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan, logs = trained(subject, **arguments)
    finally:
        keras.config.set_dtype_policy("float32")
    assert all(np.isfinite(list(log.values())).all() for log in logs)
    assert all(variable.dtype == "float32" for variable in gan.trainable_variables)
    assert gan.generator.layers[-3].compute_dtype == "bfloat16"


@every_subject
def test_two_replicas_equal_one(subject, strategy, constant_noise):
    """The same global batch and the same noise give the same weights on one device and on two."""

    def fit():
        keras.utils.set_random_seed(3)
        gan = subjects.make(subject, **optimizers(subject))
        x, y = subjects.data(gan, 8 * gan.discriminator_steps if gan.balance is None else 32)
        history = gan.fit(tiny.dataset(x, y) if y is not None else tiny.dataset(x), epochs=2, verbose=0).history
        return gan, history

    with strategy.scope():
        two, two_history = fit()
    one, one_history = fit()
    for a, b in zip(two.weights, one.weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), atol=2e-6, err_msg=a.path)
    assert two_history.keys() == one_history.keys()
    for key, values in one_history.items():
        assert two_history[key] == pytest.approx(values, abs=1e-4), key


@every_subject
def test_every_variable_moves_and_only_its_players(subject):
    gan = subjects.make(subject)
    x, y = subjects.data(gan)
    real, condition = gan.unpack((x, y))
    for player, other in (("discriminator", "generator"), ("generator", "discriminator")):
        with tf.GradientTape() as tape:
            minibatch = gan.draw(real, condition, gan.noise_seed(player))
            terms = gan.objective(player, minibatch)
        before = [variable.numpy() for variable in gan.variables_of(other)]
        gan.descend(minibatch, **{player: (terms, tape)})  # raises where a gradient is missing
        for variable, value in zip(gan.variables_of(other), before, strict=True):
            np.testing.assert_array_equal(variable.numpy(), value)


@pytest.mark.parametrize("subject", [*subjects.PRIORS, *subjects.MODELS], ids=lambda cls: cls.__name__)
def test_generate_and_export_agree(subject, tmp_path):
    gan = subjects.make(subject)
    condition = [1] if gan.condition_input is not None else None
    images = gan.generate(5, condition=condition, seed=(4, 2))
    assert images.shape == (5, *tiny.SHAPE)
    assert images.dtype == np.float32
    gan.export(tmp_path / "1")
    endpoints = tf.saved_model.load(tmp_path / "1").signatures
    inputs = {"batch_size": tf.constant(5), "seed": tf.constant([4, 2])}
    if gan.latents.truncatable:
        inputs["truncation"] = tf.constant(-1.0)
    if condition:
        inputs["condition"] = tf.constant(condition)
    np.testing.assert_allclose(endpoints["sample"](**inputs)["images"], images, atol=1e-6)


@every_subject
def test_public_classes_are_documented(subject):
    assert subject.__doc__
    if subject is not keras_gans.GAN and subject not in subjects.PRIORS:
        assert "Reference:" in subject.__doc__
