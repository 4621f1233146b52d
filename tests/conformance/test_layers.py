"""What must hold for every layer.

A new one is in here by being exported; one that takes vectors is named in `VECTORS`, one that makes them of images in `POOLINGS`,
one that is called on a list in `FURTHER`, one whose output does not depend on its input in `CONSTANTS`.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from tests import tiny
from tests.conformance import stand_ins

LAYERS = stand_ins.exported(keras_gans.layers, keras.layers.Layer)
# Layers of `(batch, features)`; all others are tried on images.
VECTORS = {
    keras_gans.layers.ClassEmbedding,
    keras_gans.layers.ConditioningAugmentation,
    keras_gans.layers.Maxout,
    keras_gans.layers.MinibatchDiscrimination,
    keras_gans.layers.StyleTruncation,
}
# Layers of images, whose output is `(batch, features)`.
POOLINGS = {keras_gans.layers.GlobalSumPooling2D}
# Layers through which no gradient goes to what they are called on.
CONSTANTS = {keras_gans.layers.ConstantInput}
# Shapes of what a layer takes beside its first input.
FURTHER = {
    keras_gans.layers.AdaptiveInstanceNormalization: [(5,)],
    keras_gans.layers.ConditioningAugmentation: [(5,)],
    keras_gans.layers.ConditionalBatchNormalization: [(5,)],
    keras_gans.layers.FadeIn: [(8, 8, 8)],
    keras_gans.layers.ModulatedConv2D: [(5,)],
    keras_gans.layers.StyleTruncation: [(1,)],
    keras_gans.layers.TruncationBatchNormalization: [(1,)],
}

every_layer = pytest.mark.parametrize("cls", LAYERS, ids=lambda cls: cls.__name__)


def make(cls):
    arguments = dict(stand_ins.ARGUMENTS.get(cls, {}))
    for key, value in arguments.items():
        if isinstance(value, keras.layers.Layer):  # its own, with the precision policy of now
            arguments[key] = value.from_config({**value.get_config(), "dtype": None})
    return cls(**arguments)


def on_shapes(cls, make):
    """What `make` makes of the shapes of a layer's inputs: of its one, or a list of several."""
    first = make((6,) if cls in VECTORS else (8, 8, 8))
    return [first, *map(make, FURTHER[cls])] if cls in FURTHER else first


def one(output):
    """The output of a layer, or all that it returns in a dict, one beside the other."""
    return keras.ops.concatenate(list(output.values()), axis=-1) if isinstance(output, dict) else output


def inputs(cls, count=6):
    random = np.random.default_rng(0)
    return on_shapes(cls, lambda shape: random.normal(size=(count, *shape)).astype("float32"))


def couples_batch(cls):
    """Whether a penalty on the gradient of each example's score refuses the layer."""
    return issubclass(cls, keras.layers.BatchNormalization)


def discriminator(leave_out=lambda cls: False):
    """All layers of images, one after the other, then all of vectors: what a GAN does to layers is tried on all at once."""
    tried = [cls for cls in LAYERS if not leave_out(cls)]
    images = keras.Input(tiny.SHAPE)
    x = keras.layers.Conv2D(8, 3, padding="same")(images)
    further = {(5,): keras.layers.Dense(5)(keras.layers.Flatten()(images)), (1,): keras.ops.mean(images, axis=(1, 2))}
    further[8, 8, 8] = keras.layers.Conv2D(8, 3, padding="same")(images)
    pooled = []
    for cls in tried:
        if cls in POOLINGS:
            pooled.append(make(cls)(x))
        elif cls not in VECTORS:
            if x.shape[1:] != (8, 8, 8):  # after a layer that changes channels or sizes
                x = keras.layers.Conv2D(8, 3, max(1, x.shape[1] // 8), padding="same")(x)
            made = make(cls)([x, *(further[shape] for shape in FURTHER[cls])] if cls in FURTHER else x)
            x = keras.layers.Add()([x, made]) if cls in CONSTANTS else made
    x = keras.layers.Dense(6)(keras.layers.Concatenate()([keras.layers.Flatten()(x), *pooled]))
    for cls in tried:
        if cls in VECTORS:
            x = one(make(cls)([x, *(further[shape] for shape in FURTHER[cls])] if cls in FURTHER else x))
    return keras.Model(images, keras.layers.Dense(1, dtype="float32")(x))


def gan_of_all(leave_out=lambda cls: False, **compile_arguments):
    """SGD: Adam makes steps of pure rounding where a gradient is zero, as that of a bias before a normalization is."""
    keras.utils.set_random_seed(3)
    gan = keras_gans.GAN(tiny.generator(), discriminator(leave_out))
    optimizers = {f"{player}_optimizer": keras.optimizers.SGD(0.01) for player in ("generator", "discriminator")}
    gan.compile(**optimizers, **compile_arguments)
    return gan


def step(gan):
    return gan.train_on_batch(tiny.images(8), return_dict=True)


def trained(**compile_arguments):
    gan = gan_of_all(**compile_arguments)
    logs = [step(gan) for _ in range(2)]
    assert all(np.isfinite(list(log.values())).all() for log in logs)
    return gan, logs


def test_all_layers_are_here():
    assert len(LAYERS) >= 9
    assert set(LAYERS) >= VECTORS | POOLINGS | CONSTANTS | FURTHER.keys()


@every_layer
def test_config_round_trip(cls):
    layer = make(cls)
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(copy) is cls
    assert copy.get_config() == layer.get_config()


@every_layer
def test_saved_and_loaded_in_a_functional_model(cls, tmp_path):
    x = on_shapes(cls, keras.Input)
    model = keras.Model(x, one(make(cls)(x)))
    model(inputs(cls), training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    output = model(inputs(cls))
    np.testing.assert_array_equal(loaded(inputs(cls)), output)
    assert (None, *output.shape[1:]) == model.output_shape
    for a, b in zip(loaded.weights, model.weights, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


@pytest.mark.slow
@every_layer
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_eager_equals_graph_and_xla_runs(cls, training):
    outputs = []
    for wrap in (lambda call: call, tf.function, lambda call: tf.function(call, jit_compile=True)):
        keras.utils.set_random_seed(5)
        layer = make(cls)
        layer.build(on_shapes(cls, lambda shape: (None, *shape)))
        layer.built = True
        outputs.append(
            wrap(lambda x, layer=layer: one(layer(x, training=training)))(tf.nest.map_structure(tf.constant, inputs(cls))).numpy()
        )
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
        output = one(layer(inputs(cls), training=True))
    finally:
        keras.config.set_dtype_policy("float32")
    assert output.dtype == policy.removeprefix("mixed_")
    assert np.isfinite(tf.cast(output, tf.float32)).all()
    assert all(variable.dtype == "float32" for variable in layer.trainable_variables)


@every_layer
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_float64_everywhere_gives_what_float32_gives(cls, training):
    """As of a script that calls `set_floatx`, on float32 data."""
    outputs, weights = {}, None
    for dtype in ("float32", "float64"):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        try:
            layer = make(cls)
            layer.build(on_shapes(cls, lambda shape: (None, *shape)))
            layer.built = True
            layer.set_weights(weights or layer.get_weights())
            weights = layer.get_weights()
            outputs[dtype] = one(layer(inputs(cls), training=training))
        finally:
            keras.config.set_floatx("float32")
            keras.config.set_dtype_policy("float32")
    assert outputs["float64"].dtype == "float64"
    if not (training and _draws(layer)):
        np.testing.assert_allclose(outputs["float64"], outputs["float32"], rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_a_gan_of_all_layers_is_the_same_in_eager_mode_and_saved_takes_the_same_next_step(tmp_path):
    gan, logs = trained()
    layers = {type(layer) for layer in gan.discriminator.layers}
    assert layers >= set(LAYERS)
    eager, eager_logs = trained(run_eagerly=True)
    np.testing.assert_allclose(tiny.weights(eager), tiny.weights(gan), atol=1e-5)
    for a, b in zip(logs, eager_logs, strict=True):
        assert a == pytest.approx(b, rel=1e-4, abs=1e-5)
    eager.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(tiny.weights(loaded), tiny.weights(eager))
    assert step(loaded) == step(eager)
    for a, b in zip(loaded.variables, eager.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["xla", "mixed_bfloat16"])
def test_a_gan_of_all_layers_trains_in_xla_and_in_half_precision(way):
    keras.config.set_dtype_policy("float32" if way == "xla" else way)
    try:
        trained(**({"jit_compile": True} if way == "xla" else {"run_eagerly": True}))
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.slow
def test_a_gan_of_all_layers_with_a_penalty_on_second_derivatives_in_a_branch():
    logs = trained(leave_out=couples_batch, penalties=[keras_gans.penalties.R1(every=2)])[1]
    assert logs[0]["d_r1"] > 0
    assert logs[1]["d_r1"] == 0


@pytest.mark.slow
def test_replicas_keep_the_same_state_of_all_layers(strategy):
    with strategy.scope():
        gan = gan_of_all()
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
