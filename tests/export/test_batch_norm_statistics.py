"""Statistics of batch normalization against values by hand."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans
from keras_gans.export.batch_norm_statistics import with_batch_norm_statistics
from tests import tiny

PLAIN = {"epsilon": 1e-12, "center": False, "scale": False}


def normalization(**arguments):
    z = keras.Input((1,))
    return keras.Model(z, layers.BatchNormalization(**PLAIN, **arguments)(z))


def nested(frozen=False):
    """A model in a model, and a layer that has a normalization inside."""

    @keras.saving.register_keras_serializable("test")
    class Block(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense, self.normalization = layers.Dense(4), layers.BatchNormalization()

        def build(self, shape):
            self.dense.build(shape)
            self.normalization.build((None, 4))

        def call(self, x, training=None):
            return self.normalization(self.dense(x), training=training)

    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4), layers.BatchNormalization(), layers.ReLU()])
    z, y = keras.Input((tiny.LATENTS,)), keras.Input((), dtype="int32")
    x = layers.Concatenate()([z, layers.Embedding(tiny.CLASSES, 4)(y)])
    x = layers.BatchNormalization()(layers.Dense(4)(x))
    network = keras.Model([z, y], layers.Dense(2)(Block()(inner(x))))
    random = np.random.default_rng(0)
    network.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in network.get_weights()])
    network.trainable = not frozen
    return network


def draw(index):
    random = np.random.default_rng(index)
    return [random.normal(size=(32, tiny.LATENTS)).astype("float32"), random.integers(0, tiny.CLASSES, 32)]


def values(network, inputs, training=False):
    return np.asarray(network(inputs, training=training))


def test_standing_is_the_mean_of_the_batches():
    shards = [np.float32([[0], [2]]), np.float32([[4], [10]])]
    copy = with_batch_norm_statistics(normalization(), "standing", shards.__getitem__, passes=2)
    mean, variance = copy.get_weights()
    assert mean == pytest.approx((1 + 7) / 2)
    assert variance == pytest.approx((1 + 9) / 2)  # within the batches; of all, it is 14
    assert values(copy, np.float32([[4 + 5**0.5]])) == pytest.approx(1.0)
    batches = [np.float32([[mean], [mean]]) for mean in (1, 2, 6)]
    copy = with_batch_norm_statistics(normalization(), "standing", batches.__getitem__, passes=3)
    assert copy.get_weights()[0] == pytest.approx(3.0)


def test_moving_is_a_copy():
    network = nested()
    copy = with_batch_norm_statistics(network, "moving")
    np.testing.assert_array_equal(values(copy, draw(0)), values(network, draw(0)))
    copy.set_weights([0 * weight for weight in copy.get_weights()])
    assert np.abs(values(network, draw(0))).max() > 0


def test_batch_depends_on_the_batch_only():
    copy = with_batch_norm_statistics(normalization(), "batch")
    np.testing.assert_allclose(values(copy, np.float32([[0], [2]])), [[-1], [1]], rtol=1e-5)
    np.testing.assert_allclose(values(copy, np.float32([[4], [10]])), [[-1], [1]], rtol=1e-5)
    assert [weight.tolist() for weight in copy.get_weights()] == [[0.0], [1.0]]


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [False, True])
def test_batch_is_the_network_in_training(frozen):
    network = nested(frozen)
    before = network.get_weights()
    copy = with_batch_norm_statistics(network, "batch")
    first, again = values(copy, draw(0)), values(copy, draw(0))
    np.testing.assert_array_equal(first, again)
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert network.trainable is not frozen
    network.trainable = True
    np.testing.assert_allclose(first, values(network, draw(0), training=True), rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [False, True])
def test_standing_of_one_pass_is_that_batch(frozen):
    network = nested(frozen)
    before = network.get_weights()
    copy = with_batch_norm_statistics(network, "standing", draw, passes=1)
    np.testing.assert_allclose(
        values(copy, draw(0)), values(with_batch_norm_statistics(network, "batch"), draw(0)), rtol=1e-4, atol=1e-4
    )
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    # What is trained is the same; each image stands alone.
    for old, new in zip(network.trainable_weights, copy.trainable_weights if not frozen else [], strict=True):
        np.testing.assert_array_equal(old, new)
    one = [part[:1] for part in draw(1)]
    np.testing.assert_allclose(values(copy, one), values(copy, draw(1))[:1], rtol=1e-5, atol=1e-6)


def test_it_is_saved(tmp_path):
    network = normalization()
    for statistics in ("batch", "standing"):
        given = {"draw": lambda index: np.float32([[0], [2]])} if statistics == "standing" else {}
        copy = with_batch_norm_statistics(network, statistics, **given, passes=2)
        copy.save(tmp_path / "copy.keras")
        loaded = keras.saving.load_model(tmp_path / "copy.keras")
        np.testing.assert_allclose(values(loaded, np.float32([[0], [2]])), [[-1], [1]], rtol=1e-5)


@pytest.mark.slow
def test_with_a_gan_and_truncation():
    z = keras.Input((tiny.LATENTS,))
    x = layers.BatchNormalization()(layers.Dense(8)(z))
    generator = keras.Model(z, layers.Reshape(tiny.SHAPE)(layers.Dense(64, "tanh")(x)))
    gan = keras_gans.GAN(generator, tiny.discriminator(), latents=tiny.LATENTS)
    deviations = []
    for truncation in (1.0, 0.1):
        copy = with_batch_norm_statistics(
            gan.generator,
            "standing",
            lambda index, t=truncation: gan.latents.sample(64, seed=(1, index), truncation=t),
            passes=20,
        )
        deviations.append(np.sqrt(copy.layers[2].moving_variance).mean())
        images = keras_gans.export.Sampler(copy, gan.latents).generate(16, truncation=truncation, seed=1)
        assert images.shape == (16, *tiny.SHAPE)
    assert deviations[0] / deviations[1] == pytest.approx(10, rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"statistics": "running"}, "`statistics` must be one of"),
        ({"generator": lambda z: z}, "functional or Sequential"),
        ({"statistics": "standing"}, "`draw` goes with"),
        ({"draw": draw}, "`draw` goes with"),
        ({"generator": tiny.generator()}, "has no batch normalization"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        with_batch_norm_statistics(**{"generator": normalization(), "statistics": "batch", **arguments})
