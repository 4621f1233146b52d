"""What must hold for every layer. A new one is in here by being exported; one that takes vectors is named in `VECTORS`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny
from tests.conformance import subjects

LAYERS = subjects.exported(keras_gans.layers, keras.layers.Layer)
# Layers of `(batch, features)`; all others are tried on images.
VECTORS = {keras_gans.layers.Maxout, keras_gans.layers.MinibatchDiscrimination}

every_layer = pytest.mark.parametrize("cls", LAYERS, ids=lambda cls: cls.__name__)


def make(cls):
    arguments = dict(subjects.ARGUMENTS.get(cls, {}))
    for key, value in arguments.items():
        if isinstance(value, keras.layers.Layer):  # its own, with the precision policy of now
            arguments[key] = value.from_config({**value.get_config(), "dtype": None})
    return cls(**arguments)


def shape(cls):
    return (6,) if cls in VECTORS else (8, 8, 4)


def inputs(cls, count=6):
    return np.random.default_rng(0).normal(size=(count, *shape(cls))).astype("float32")


def discriminator(cls):
    images = keras.Input(tiny.SHAPE)
    if cls in VECTORS:
        x = make(cls)(keras.layers.Dense(6)(keras.layers.Flatten()(images)))
    else:
        x = keras.layers.Flatten()(make(cls)(keras.layers.Conv2D(4, 3, padding="same")(images)))
    return keras.Model(images, keras.layers.Dense(1, dtype="float32")(x))


def gan_of(cls, **compile_arguments):
    keras.utils.set_random_seed(3)
    gan = keras_gans.GAN(tiny.generator(), discriminator(cls))
    gan.compile(**compile_arguments)
    return gan


def trained(cls, **compile_arguments):
    gan = gan_of(cls, **compile_arguments)
    logs = [gan.train_on_batch(tiny.images(8), return_dict=True) for _ in range(2)]
    return gan, logs


def test_all_layers_are_here():
    assert len(LAYERS) >= 9
    assert set(LAYERS) >= VECTORS


@every_layer
def test_config_round_trip(cls):
    layer = make(cls)
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(copy) is cls
    assert copy.get_config() == layer.get_config()


@every_layer
def test_saved_and_loaded_in_a_functional_model(cls, tmp_path):
    x = keras.Input(shape(cls))
    model = keras.Model(x, make(cls)(x))
    model(inputs(cls), training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    output = model(inputs(cls))
    np.testing.assert_array_equal(loaded(inputs(cls)), output)
    assert (None, *output.shape[1:]) == model.output_shape
    for a, b in zip(loaded.weights, model.weights, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


@every_layer
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_eager_equals_graph_and_xla_runs(cls, training):
    outputs = []
    for wrap in (lambda call: call, tf.function, lambda call: tf.function(call, jit_compile=True)):
        keras.utils.set_random_seed(5)
        layer = make(cls)
        layer.build((None, *shape(cls)))
        layer.built = True
        outputs.append(wrap(lambda x, layer=layer: layer(x, training=training))(tf.constant(inputs(cls))).numpy())
    eager, graph, xla = outputs
    np.testing.assert_allclose(graph, eager, atol=1e-5)
    assert np.isfinite(xla).all()
    if not training or not _draws(layer):  # XLA draws other numbers from the same seed
        np.testing.assert_allclose(xla, eager, atol=1e-5)


def _draws(layer):
    weights = {id(variable) for variable in layer.weights}
    return any(id(variable) not in weights for variable in layer.variables)


@every_layer
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision(cls, policy):
    keras.config.set_dtype_policy(policy)
    try:
        layer = make(cls)
        output = layer(inputs(cls), training=True)
        logs = trained(cls)[1] if policy == "mixed_bfloat16" else []
    finally:
        keras.config.set_dtype_policy("float32")
    assert output.dtype == policy.removeprefix("mixed_")
    assert np.isfinite(tf.cast(output, tf.float32)).all()
    assert all(variable.dtype == "float32" for variable in layer.trainable_variables)
    assert all(np.isfinite(list(log.values())).all() for log in logs)


@every_layer
def test_a_gan_that_is_saved_takes_the_same_next_step(cls, tmp_path):
    gan, logs = trained(cls)
    assert all(np.isfinite(list(log.values())).all() for log in logs)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(gan))
    assert loaded.train_on_batch(tiny.images(8), return_dict=True) == gan.train_on_batch(tiny.images(8), return_dict=True)
    for a, b in zip(loaded.variables, gan.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


def sgd():
    """Adam makes steps of pure rounding where a gradient is zero: that of a bias before a normalization."""
    return {f"{player}_optimizer": keras.optimizers.SGD(0.05) for player in ("generator", "discriminator")}


@every_layer
def test_a_gan_is_the_same_in_eager_mode_and_runs_in_xla(cls):
    graph, graph_logs = trained(cls, **sgd())
    eager, eager_logs = trained(cls, run_eagerly=True, **sgd())
    np.testing.assert_allclose(tiny.weights(eager), tiny.weights(graph), atol=1e-5)
    for a, b in zip(graph_logs, eager_logs, strict=True):
        assert a == pytest.approx(b, rel=1e-4, abs=1e-5)
    _, xla_logs = trained(cls, jit_compile=True)
    assert all(np.isfinite(list(log.values())).all() for log in xla_logs)


@every_layer
def test_with_a_penalty_on_second_derivatives_in_a_branch(cls):
    gan, logs = trained(cls, penalties=[keras_gans.penalties.R1(every=2)])
    assert all(np.isfinite(list(log.values())).all() for log in logs)
    assert logs[0]["d_r1"] > 0
    assert logs[1]["d_r1"] == 0


@every_layer
def test_replicas_keep_the_same_state(cls, strategy):
    with strategy.scope():
        gan = gan_of(cls)
    before = tiny.weights(gan)
    history = gan.fit(tiny.dataset(tiny.images(16)), epochs=2, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert not np.array_equal(tiny.weights(gan), before)
    for variable in gan.variables:
        copies = strategy.experimental_local_results(variable.value)
        np.testing.assert_array_equal(copies[0], copies[-1], err_msg=variable.path)


@every_layer
def test_it_is_documented(cls):
    for heading in ("Args:", "Shapes:", "Raises:", "Reference:"):
        assert heading in cls.__doc__, heading
