import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.layers import ConditionalBatchNormalization
from keras_gans.layers import SpectralNormalization
from keras_gans.layers import TruncationBatchNormalization
from keras_gans.training.network_checks import number_of_classes
from tests import tiny

X = np.array([[1.0], [3.0], [5.0], [7.0]], "float32")  # mean 4, variance 5
Y = np.array([0, 1, 0, 1])


def images(count=4, channels=3):
    return np.random.default_rng(0).normal(2.0, 3.0, size=(count, 4, 4, channels)).astype("float32")


def condition(count=4, width=5):
    return np.random.default_rng(1).normal(size=(count, width)).astype("float32")


def plain(x, **arguments):
    return keras.layers.BatchNormalization(epsilon=1e-5, **arguments)(x, training=True)


def test_the_seed_values():
    layer = ConditionalBatchNormalization(classes=2)
    layer.build([(None, 1), (None,)])
    layer.gain.embeddings.assign([[1.0], [2.0]])
    layer.bias.embeddings.assign([[0.0], [0.5]])
    expected = [[-1.341639], [-0.394426], [0.447213], [3.183279]]
    np.testing.assert_allclose(layer([X, Y], training=True), expected, atol=1e-6)
    np.testing.assert_allclose(layer.moving_mean, [0.4], atol=1e-6)
    np.testing.assert_allclose(layer.moving_variance, [0.9 + 0.5], atol=1e-6)
    np.testing.assert_allclose(layer([X, np.eye(2, dtype="float32")[Y]], training=True), expected, atol=1e-6)


def test_tables_start_at_one_and_zero():
    layer = ConditionalBatchNormalization(classes=2)
    np.testing.assert_allclose(layer([images(), Y], training=True), plain(images()), atol=1e-5)
    assert [(v.shape, set(v.numpy().ravel())) for v in layer.trainable_variables] == [((2, 3), {1.0}), ((2, 3), {0.0})]


def test_tables_with_a_residual_gain_start_small():
    layer = ConditionalBatchNormalization(classes=100, residual_gain=True)
    layer.build([(None, 4, 4, 64), (None, 100)])
    for table in (layer.gain, layer.bias):
        assert table.embeddings.numpy().std() == pytest.approx(0.02, rel=0.05)
    for table in (layer.gain, layer.bias):
        table.embeddings.assign(tf.zeros((100, 64)))
    np.testing.assert_allclose(layer([images(channels=64), Y], training=True), plain(images(channels=64)), atol=1e-5)


def test_maps_of_zero_are_plain_normalization():
    layer = ConditionalBatchNormalization(gamma_initializer="zeros", beta_initializer="zeros", spectral_normalization=True)
    np.testing.assert_allclose(layer([images(), condition()], training=True), plain(images()), atol=1e-5)


def test_maps():
    layer = ConditionalBatchNormalization()
    y = layer([images(), condition()], training=True)
    gain, bias = (condition() @ each.kernel.numpy() for each in (layer.gain, layer.bias))
    expected = plain(images()) * (1 + gain[:, None, None]) + bias[:, None, None]
    np.testing.assert_allclose(y, expected, atol=1e-5)
    assert not any(variable.name == "bias" for variable in layer.weights)


def test_an_initializer_that_is_an_object_draws_other_numbers_for_gain_and_bias():
    normal = keras.initializers.RandomNormal(0.0, 0.02)
    layer = ConditionalBatchNormalization(gamma_initializer=normal, beta_initializer=normal)
    layer([images(), condition()])
    assert not np.array_equal(layer.gain.kernel, layer.bias.kernel)


def test_inference_uses_the_moving_statistics():
    layer = ConditionalBatchNormalization(classes=2, epsilon=1e-3)
    layer.build([(None, 4, 4, 3), (None,)])
    layer.moving_mean.assign([1.0, 2.0, 3.0])
    layer.moving_variance.assign([4.0, 1.0, 0.25])
    expected = (images() - [1.0, 2.0, 3.0]) / np.sqrt(np.array([4.0, 1.0, 0.25]) + 1e-3)
    np.testing.assert_allclose(layer([images(), Y]), expected, atol=1e-5)
    np.testing.assert_array_equal(layer.moving_mean, [1.0, 2.0, 3.0])


def test_it_is_a_batch_normalization_for_all_who_look_for_one():
    layer = ConditionalBatchNormalization(classes=2)
    assert isinstance(layer, keras.layers.BatchNormalization)
    z, y = keras.Input((6,), name="latents"), keras.Input((), dtype="int32", name="condition")
    network = keras.Model([z, y], keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64)(layer([z, y]))))

    def draw(index):
        return [np.random.default_rng(index).normal(3.0, 2.0, (64, 6)).astype("float32"), np.zeros(64, "int32")]

    standing = keras_gans.evaluation.with_batch_norm_statistics(network, "standing", draw, passes=5)
    copy = next(each for each in standing.layers if isinstance(each, ConditionalBatchNormalization))
    np.testing.assert_allclose(copy.moving_mean, 6 * [3.0], atol=0.5)
    np.testing.assert_allclose(copy.moving_variance, 6 * [4.0], rtol=0.3)
    layer.trainable = False  # frozen, as Keras' own: inference mode
    before = layer.moving_mean.numpy()
    layer([np.ones((2, 6), "float32"), np.zeros(2, "int32")], training=True)
    np.testing.assert_array_equal(layer.moving_mean, before)


def test_half_precision_keeps_statistics_and_arithmetic_in_single():
    layer = ConditionalBatchNormalization(dtype="mixed_float16")
    x = (1000 + images()).astype("float16")  # whose squares float16 does not have
    y = layer([x, condition()], training=True)
    assert y.dtype == "float16"
    assert layer.moving_mean.dtype == layer.moving_variance.dtype == layer.gain.kernel.dtype == "float32"
    np.testing.assert_allclose(layer.moving_mean, 0.1 * x.astype("float32").mean(axis=(0, 1, 2)), rtol=1e-5)
    assert np.isfinite(y).all()


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize(
    "arguments",
    [{}, {"classes": 5}, {"classes": 5, "residual_gain": True}, {"spectral_normalization": {"update": "step"}}],
    ids=["maps", "tables", "residual", "spectral"],
)
def test_gain_and_bias_in_half_precision_are_those_in_single(arguments, policy):
    """Alone and in a network, to the rounding of the output."""
    single = ConditionalBatchNormalization(**arguments)
    x, c = keras.Input((4, 4, 3)), keras.Input((5,))
    half = ConditionalBatchNormalization(**arguments, dtype=policy)
    network = keras.Model([x, c], half([x, c]))
    single([images(), condition()])
    rng = np.random.default_rng(2)
    single.set_weights([rng.uniform(0.5, 1.5, weight.shape).astype("float32") for weight in single.weights])
    half.set_weights(single.get_weights())
    ones = (np.ones((4, 4, 4, 3)) * single.moving_mean.numpy()).astype("float32")  # of which the bias is left
    for x in (images(), ones):
        expected = tf.cast(single([x, condition()]), half.compute_dtype)
        for y in (half([x, condition()]), network([x, condition()])):
            assert y.dtype == half.compute_dtype
            np.testing.assert_array_equal(tf.cast(y, "float32"), tf.cast(expected, "float32"))
    for single_map, half_map in ((single.gain, half.gain), (single.bias, half.bias)):
        np.testing.assert_array_equal(half_map(condition()), single_map(condition()))


def test_synchronized_statistics_are_those_of_all_replicas(strategy):
    with strategy.scope():
        layer = ConditionalBatchNormalization(classes=1, synchronized=True, momentum=0.0)
        layer.build([(None, 1), (None,)])
    shards = np.array([[[0.0], [2.0]], [[4.0], [10.0]]], "float32")
    values = strategy.experimental_distribute_values_from_function(lambda context: shards[context.replica_id_in_sync_group])

    @tf.function
    def run(x):
        return strategy.run(lambda x: layer([x, tf.zeros(2, "int32")], training=True), (x,))

    outputs = np.concatenate(strategy.experimental_local_results(run(values)))
    np.testing.assert_allclose(outputs.ravel(), [-1.069045, -0.534522, 0, 1.603567], atol=1e-5)
    np.testing.assert_allclose(strategy.experimental_local_results(layer.moving_variance.value)[0], [14.0], atol=1e-5)


def test_the_arguments_of_the_normalized_maps():
    layer = ConditionalBatchNormalization(
        spectral_normalization={"epsilon": 1e-4, "update": "step"},
        gamma_initializer="orthogonal",
        kernel_regularizer=keras_gans.regularizers.Orthogonal(),
    )
    layer([images(), condition()])
    for each, name in ((layer.gain, "gain"), (layer.bias, "bias")):
        assert isinstance(each, SpectralNormalization)
        assert (each.epsilon, each.update, each.name, each.u.shape, each.v.shape) == (1e-4, "step", name, (3,), (5,))
    kernel = layer.gain.layer.kernel.numpy()
    np.testing.assert_allclose(kernel.T @ kernel, np.eye(3), atol=1e-5)
    assert len(layer.losses) == 2


@pytest.mark.parametrize("weights", [False, True])
def test_a_network_knows_the_number_of_its_classes(weights):
    z = keras.Input((4,), name="latents")
    y = keras.Input((7,), name="condition") if weights else keras.Input((), dtype="int32", name="condition")
    x = ConditionalBatchNormalization(classes=7)([keras.layers.Dense(5)(z), y])
    assert number_of_classes(keras.Model([z, y], ConditionalBatchNormalization(classes=7)([x, y]))) == 7
    vector = ConditionalBatchNormalization()(
        [z, keras.layers.Dense(3)(keras.ops.cast(y, "float32")[..., None])] if not weights else [z, y]
    )
    assert number_of_classes(keras.Model([z, y], vector)) is None


@pytest.mark.slow
def test_in_a_conditional_gan():
    z, y = keras.Input((tiny.LATENTS,), name="latents"), keras.Input((), dtype="int32", name="condition")
    x = ConditionalBatchNormalization(spectral_normalization={"update": "step"})(
        [keras.layers.Dense(64)(z), keras_gans.layers.ClassEmbedding(tiny.CLASSES, 4)(y)]
    )
    images = keras.layers.Activation("tanh", dtype="float32")(keras.layers.Reshape(tiny.SHAPE)(x))
    gan = keras_gans.GAN(keras.Model([z, y], images), tiny.discriminator(tiny.CLASSES))
    assert gan.classes == tiny.CLASSES
    gan.compile()
    layer = next(each for each in gan.generator.layers if isinstance(each, ConditionalBatchNormalization))
    u = layer.gain.u.numpy()
    gan.train_on_batch(tiny.images(8), tiny.labels(8))
    assert not np.array_equal(layer.gain.u, u)


def rows(interpolation="linear", **arguments):
    """A layer of two channels with recognizable rows: mean k, variance (1 + k) ** 2."""
    layer = TruncationBatchNormalization(interpolation=interpolation, **arguments)
    layer.build([(None, 2), (None, 1)])
    layer.moving_mean.assign(np.repeat(np.arange(51.0)[:, None], 2, axis=1))
    layer.moving_variance.assign(np.repeat(np.arange(51.0)[:, None] + 1, 2, axis=1))
    return layer


def row_at(truncation, interpolation="linear"):
    """Which row the layer reads: x = 0 gives -mean / sqrt(variance + epsilon), with mean = k and variance = k + 1."""
    layer = rows(interpolation)
    truncation = np.reshape(np.asarray(truncation, "float32"), (-1, 1))
    y = -layer([np.zeros((len(truncation), 2), "float32"), truncation]).numpy()[:, 0].astype("float64")
    return (y**2 + np.sqrt(y**4 + 4 * y**2 * (1 + 1e-4))) / 2  # of k / sqrt(k + 1 + epsilon) = y


def test_rows_by_truncation():
    np.testing.assert_allclose(row_at([0.4, 0.41, 0.405, 1.0, 0.0, 1.5, -1.0]), [20, 20.5, 20.25, 50, 0, 50, 0], atol=1e-4)
    multiples = np.arange(51) / 50
    np.testing.assert_allclose(row_at(multiples), np.arange(51), atol=1e-4)


def test_rows_as_the_package_reads_them():
    np.testing.assert_allclose(row_at([0.405, 0.41, 0.4, 1.0], "package"), [20.75, 20.5, 20, 50], atol=1e-4)
    expected = {k: k for k in range(51)} | {7: 8, 14: 15, 28: 29, 29: 28, 47: 46}
    np.testing.assert_allclose(row_at([float(f"{k / 50:.2f}") for k in expected], "package"), list(expected.values()), atol=1e-4)


def test_each_row_of_a_batch_has_its_own_truncation_in_half_precision_too():
    layer = rows(dtype="mixed_bfloat16")
    y = layer([np.zeros((2, 2), "float32"), np.array([[0.41], [1.0]], "float32")])
    expected = [-20.5 / np.sqrt(21.5), -50 / np.sqrt(51.0)]
    np.testing.assert_allclose(tf.cast(y[:, 0], tf.float32), expected, rtol=4e-3)


def test_training_normalizes_by_the_batch_and_moves_the_last_row():
    layer = rows(momentum=0.5)
    y = layer([np.repeat(X, 2, axis=1), np.full((4, 1), 0.3, "float32")], training=True)
    np.testing.assert_allclose(y[:, 0], (X[:, 0] - 4) / np.sqrt(5 + 1e-4), atol=1e-5)
    np.testing.assert_allclose(layer.moving_mean[:-1], np.repeat(np.arange(50.0)[:, None], 2, axis=1))
    np.testing.assert_allclose(layer.moving_mean[-1], 2 * [27.0])
    np.testing.assert_allclose(layer.moving_variance[-1], 2 * [28.0], atol=1e-5)


def test_gain_and_bias_of_the_unconditional_layer():
    layer = rows()
    layer.gamma.assign([2.0, 3.0])
    layer.beta.assign([1.0, -1.0])
    np.testing.assert_allclose(
        layer([np.zeros((1, 2), "float32"), np.ones((1, 1), "float32")]), [[1 - 100 / 51**0.5, -1 - 150 / 51**0.5]], atol=1e-3
    )


def test_conditional_with_rows():
    layer = ConditionalBatchNormalization(
        truncation_statistics=51, gamma_initializer="zeros", beta_initializer="zeros", epsilon=1e-4
    )
    layer.build([(None, 4, 4, 3), (None, 5), (None, 1)])
    layer.moving_mean.assign(np.repeat(np.arange(51.0)[:, None], 3, axis=1))
    y = layer([images(), condition(), np.array([[0.4], [0.41], [0.0], [1.0]], "float32")])
    mean = np.array([20, 20.5, 0, 50])[:, None, None, None]
    np.testing.assert_allclose(y, (images() - mean) / np.sqrt(1 + 1e-4), atol=1e-4)


def test_errors():
    with pytest.raises(ValueError, match=r"called on \[x, condition\] \(with"):
        ConditionalBatchNormalization()(images())
    with pytest.raises(ValueError, match=r"called on \[x, condition, truncation\]"):
        ConditionalBatchNormalization(truncation_statistics=51)([images(), condition()])
    with pytest.raises(ValueError, match=r"called on \[x, truncation\]"):
        TruncationBatchNormalization()(images())
    for arguments, message in (
        ({"momentum": 1.5}, "`momentum` must be"),
        ({"epsilon": 0.0}, "`epsilon` must be"),
        ({"classes": 0}, "`classes` must be"),
        ({"truncation_statistics": 1}, "`truncation_statistics` must be"),
        ({"interpolation": "cubic"}, "`interpolation` must be"),
    ):
        with pytest.raises(ValueError, match=message):
            ConditionalBatchNormalization(**arguments)
    with pytest.raises(ValueError, match="use keras.layers.BatchNormalization"):
        TruncationBatchNormalization(None)
