"""The sliced Wasserstein distance: its pyramid, its patches, its projections, and the whole."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.metrics.functions.patches import normalized_patches
from keras_gans.metrics.functions.patches import projected_distances
from keras_gans.metrics.functions.pyramid import binomial_down
from keras_gans.metrics.functions.pyramid import binomial_pyramid
from keras_gans.metrics.sliced_wasserstein import SlicedWasserstein
from tests import tiny

QUICK = {"num_images": 64, "projections": 96, "patches": 32}


def values(metric):
    return {name: float(value) for name, value in metric.result().items()}


def fed(real, generated, **arguments):
    metric = SlicedWasserstein(**{**QUICK, **arguments})
    metric.update_state(real, generated)
    return metric


def smooth(count, size=32, channels=1, seed=0):
    random = np.random.default_rng(seed)
    coarse = random.uniform(-1, 1, (count, 6, 6, channels)).astype("float32")
    return tf.image.resize(coarse, (size, size), "bicubic").numpy()


def test_pyramid():
    x = tf.reshape(tf.range(16.0), (1, 4, 4, 1))
    assert binomial_down(x)[0, :, :, 0].numpy().tolist() == [[3.75, 4.875], [8.25, 9.375]]
    # Of images so small no third level exists: mirrored at an edge twice.
    detail, rest = binomial_pyramid(tf.concat([x, -2 * x], axis=-1), 2)
    assert detail[0, 0, :, 0].numpy().tolist() == [-5.15625, -4.4375, -3.859375, -3.0]
    assert detail[0, 3, :, 0].numpy().tolist() == [3.46875, 4.1875, 4.765625, 5.625]
    np.testing.assert_array_equal(detail[..., 1], -2 * detail[..., 0])
    assert rest[0, :, :, 0].numpy().tolist() == [[3.75, 4.875], [8.25, 9.375]]


def test_a_pyramid_of_odd_sizes_keeps_constants_apart_from_detail():
    x = tf.fill((2, 27, 14, 3), 5.0)
    pyramid = binomial_pyramid(x, 3)
    assert [tuple(level.shape[1:3]) for level in pyramid] == [(27, 14), (14, 7), (7, 4)]
    for level, constant in zip(pyramid, (0.0, 0.0, 5.0), strict=True):
        np.testing.assert_allclose(level, np.full(level.shape, constant), atol=1e-5)


def plain_up(x, height, width):
    """By hand: zeros in between, mirrored borders, four times the binomial filter."""
    spread = np.zeros((height, width))
    spread[::2, ::2] = x
    padded = np.pad(spread, 2, mode="reflect")
    taps = np.array([1, 4, 6, 4, 1]) / 16
    return 4 * sum(taps[i] * taps[j] * padded[i : i + height, j : j + width] for i in range(5) for j in range(5))


@pytest.mark.parametrize("size", [(8, 8), (9, 12), (13, 7)])
def test_levels_add_up_to_the_image(size):
    x = np.random.default_rng(0).uniform(0, 255, (1, *size, 1)).astype("float32")
    detail, rest = binomial_pyramid(tf.constant(x), 2)
    restored = detail[0, :, :, 0] + plain_up(rest[0, :, :, 0].numpy(), *size)
    np.testing.assert_allclose(restored, x[0, :, :, 0], atol=1e-3)


A = np.float32([[0, 0], [1, 2], [3, 1], [2, 2]])
B = np.float32([[1, 1], [0, 3], [4, 0], [2, 5]])
DIRECTIONS = np.float32([[1, 0], [0, 1], [0.6, 0.8]]).T


@pytest.mark.parametrize("graph", [False, True])
def test_projected_distances(graph):
    function = tf.function(projected_distances) if graph else projected_distances
    found = function(tf.constant(A), tf.constant(B), tf.constant(DIRECTIONS)).numpy()
    assert found == pytest.approx([0.25, 1.0, 1.05], rel=1e-6)
    assert found.mean() == pytest.approx(0.7666666667)


def test_patches_are_cut_from_images_and_normalized():
    # Channels that tell the image, the row and the column of a pixel; and one that tells nothing.
    image, row, column = np.indices((2, 9, 10)).astype("float32")
    images = np.stack([image, row, column, np.full_like(row, 4)], axis=-1)
    patches = normalized_patches(tf.constant(images), 200, 3, tf.constant([0, 1])).numpy().reshape(400, 3, 3, 4)
    assert patches.mean((0, 1, 2)) == pytest.approx(np.zeros(4), abs=1e-5)
    assert patches.std((0, 1, 2)) == pytest.approx([1, 1, 1, 0], abs=1e-5)
    np.testing.assert_allclose(patches[..., 0], np.repeat([-1, 1], 200)[:, None, None] * np.ones((400, 3, 3)), rtol=1e-5)
    scale_row, scale_column = patches[0, 1, 0, 1] - patches[0, 0, 0, 1], patches[0, 0, 1, 2] - patches[0, 0, 0, 2]
    rows = (patches[..., 1] - patches[..., 1].min()) / scale_row
    columns = (patches[..., 2] - patches[..., 2].min()) / scale_column
    np.testing.assert_allclose(rows, rows[:, :1, :1] + np.arange(3)[:, None] * np.ones(3), atol=1e-4)
    np.testing.assert_allclose(columns, columns[:, :1, :1] + np.ones(3)[:, None] * np.arange(3), atol=1e-4)
    # All of 7 x 8 places come up, evenly.
    for corners, places in ((rows[:, 0, 0], 7), (columns[:, 0, 0], 8)):
        counts = np.bincount(np.rint(corners).astype(int), minlength=places)
        assert len(counts) == places
        assert counts.min() > 0.5 * 400 / places


def numpy_distance(real, generated, metric):
    """The whole of one level, on the same random numbers."""
    seeds = [
        keras_gans.utils.random.fold_in(tf.constant([0, metric.seed]), 0, what) for what in ("real", "generated", "directions")
    ]
    sides = [
        normalized_patches(tf.constant((side + 1) * 127.5), metric.patches, 7, seed).numpy()
        for side, seed in zip((real, generated), seeds, strict=False)
    ]
    directions = keras_gans.utils.random.normal((sides[0].shape[1], metric.projections), seeds[2]).numpy()
    directions /= np.linalg.norm(directions, axis=0)
    real, generated = (np.sort(side @ directions, axis=0) for side in sides)
    return 1000 * np.abs(real - generated).mean()


def test_against_numpy():
    real, generated = tiny.images(10, (28, 28, 1)), smooth(10, 28).clip(-1, 1)
    metric = fed(real, generated, quantize=False, projections=100)
    found = values(metric)
    assert found["sliced_wasserstein_28"] == pytest.approx(numpy_distance(real, generated, metric), rel=1e-4)
    assert set(found) == {"sliced_wasserstein", "sliced_wasserstein_28"}
    assert found["sliced_wasserstein"] == found["sliced_wasserstein_28"]


@pytest.mark.slow
def test_levels():
    found = values(fed(smooth(8, 64, 3), smooth(8, 64, 3, seed=1)))
    levels = [found.pop(f"sliced_wasserstein_{resolution}") for resolution in (64, 32, 16)]
    assert found == {"sliced_wasserstein": pytest.approx(np.mean(levels))}
    assert fed(smooth(2, 28), smooth(2, 28), resolution_min=7, patch_size=7).resolutions == [28, 14, 7]
    assert fed(smooth(2, 33), smooth(2, 33)).resolutions == [33, 17]
    assert fed(smooth(2, 40)[:, :33], smooth(2, 40)[:, :33]).resolutions == [33, 17]


@pytest.mark.slow
def test_noise_is_seen_at_the_fine_level_and_structure_at_the_coarse_one():
    real, same = smooth(64), smooth(64, seed=1)
    floor = values(fed(real, same))
    noisy = values(fed(real, same + np.random.default_rng(0).normal(0, 0.1, same.shape).astype("float32")))
    assert noisy["sliced_wasserstein_32"] > 2 * floor["sliced_wasserstein_32"]
    assert noisy["sliced_wasserstein_16"] == pytest.approx(floor["sliced_wasserstein_16"], rel=0.1)
    stretched = tf.image.resize(same, (64, 64))[:, 16:48, 16:48]
    assert values(fed(real, stretched))["sliced_wasserstein_16"] > 2 * floor["sliced_wasserstein_16"]


def test_a_constant_generator_is_no_nan():
    found = values(fed(smooth(8), np.zeros((8, 32, 32, 1), "float32")))
    assert all(100 < value < 2000 for value in found.values())


@pytest.mark.slow
def test_seeds():
    real, generated = smooth(8), smooth(8, seed=1)
    assert values(fed(real, generated)) == values(fed(real, generated))
    assert values(fed(real, generated)) != values(fed(real, generated, seed=1))


def test_the_first_images_are_kept():
    real, generated = smooth(12), smooth(12, seed=1)
    metric = SlicedWasserstein(**{**QUICK, "num_images": 6})
    for batch in (slice(0, 4), slice(4, 12)):
        metric.update_state(real[batch], generated[batch])
    assert metric.protocol["samples"] == {"generated": 6, "real": 6}
    assert values(metric) == pytest.approx(values(fed(real[:6], generated[:6])))


def test_of_unequal_sides_as_many_count():
    real, generated = smooth(12), smooth(5, seed=1)
    metric = fed(real, generated)
    assert metric.protocol["samples"] == {"generated": 5, "real": 5}
    assert values(metric) == values(fed(real[:5], generated))


@pytest.mark.slow
def test_nothing_and_reset():
    metric = SlicedWasserstein(**QUICK)
    assert np.isnan(values(metric)["sliced_wasserstein"])
    assert metric.protocol["samples"] == {"generated": 0, "real": 0}
    metric.update_state(smooth(8), smooth(8, seed=1))
    before = values(metric)
    metric.reset_state()
    assert np.isnan(list(values(metric).values())).all()
    assert np.isnan([float(value) for value in tf.function(metric.result)().values()]).all()
    metric.update_state(smooth(8), smooth(8, seed=1))
    assert values(metric) == before


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_a_function(jit_compile):
    real, generated = smooth(8), smooth(8, seed=1)
    metric = SlicedWasserstein(**QUICK)
    tf.function(metric.update_state, jit_compile=jit_compile)(tf.constant(real), tf.constant(generated))
    expected = values(fed(real, generated))
    assert values(metric) == pytest.approx(expected, rel=1e-5)
    assert {name: float(value) for name, value in tf.function(metric.result)().items()} == pytest.approx(expected, rel=1e-4)


def test_two_replicas_are_one(strategy):
    real, generated = smooth(8), smooth(8, seed=1)
    with strategy.scope():
        metric = SlicedWasserstein(**QUICK)
    update = tf.function(metric.update_state)
    for batch in strategy.experimental_distribute_dataset(tiny.dataset(real, generated, batch_size=4)):
        strategy.run(update, batch)
    order = [0, 2, 1, 3, 4, 6, 5, 7]  # one image of each replica after the other
    assert values(metric) == pytest.approx(values(fed(real[order], generated[order])), rel=1e-5)
    metric.reset_state()
    assert np.isnan(list(values(metric).values())).all()


def gan(metrics, shape=(28, 28, 1)):
    model = keras_gans.GAN(tiny.generator(shape=shape), tiny.discriminator(shape=shape))
    model.compile(metrics=metrics)
    return model


@pytest.mark.slow
def test_in_a_gan():
    model = gan([SlicedWasserstein(), SlicedWasserstein(**QUICK, name="swd", resolution_min=14)])
    data = tiny.dataset(tiny.images(shape=(28, 28, 1)))
    logs = model.evaluate(data, return_dict=True, verbose=0)
    names = ["sliced_wasserstein", "sliced_wasserstein_28", "swd", "swd_28", "swd_14"]
    assert all(0 < logs[name] < 1000 for name in names)
    again = model.evaluate(data, return_dict=True, verbose=0)
    assert again["swd"] == pytest.approx(logs["swd"])
    assert model.metrics[-1].protocol["samples"] == {"generated": 16, "real": 16}


def test_in_a_gan_of_two_replicas(strategy):
    with strategy.scope():
        model = gan([SlicedWasserstein(**QUICK)])
    logs = model.evaluate(tiny.dataset(tiny.images(14, (28, 28, 1))), return_dict=True, verbose=0)
    assert 0 < logs["sliced_wasserstein"] < 1000
    assert model.metrics[-1].protocol["samples"] == {"generated": 14, "real": 14}


def test_configuration_and_protocol():
    metric = SlicedWasserstein(num_images=9, patches=3, projections=5, seed=4, name="swd")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert copy.get_config() == metric.get_config()
    copy.update_state(smooth(2), smooth(3))
    assert copy.protocol == {
        "metric": "SlicedWasserstein",
        "num_images": 9,
        "resolution_min": 16,
        "patches": 3,
        "patch_size": 7,
        "projections": 5,
        "quantize": True,
        "seed": 4,
        "image_shape": "32 x 32 x 1",
        "samples": {"generated": 2, "real": 2},
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_images": 0}, "num_images"),
        ({"patches": 0}, "patches"),
        ({"patch_size": 2.5}, "patch_size"),
        ({"projections": 0}, "projections"),
        ({"resolution_min": 6}, "fits in an image"),
        ({"resolution_min": 2, "patch_size": 1}, "at least 3"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        SlicedWasserstein(**arguments)


def test_bad_images():
    with pytest.raises(ValueError, match="16 pixels or more.*resolution_min"):
        fed(smooth(2, 12), smooth(2, 12))
    with pytest.raises(ValueError, match="as before"):
        fed(smooth(2), smooth(2, 28))
    with pytest.raises(ValueError, match="takes images"):
        fed(np.zeros((2, 784), "float32"), np.zeros((2, 784), "float32"))


def test_the_gradient_of_sorting_is_that_of_the_graph():
    random = np.random.default_rng(0)
    x, y = (tf.constant(random.normal(size=(9, 4)), tf.float32) for _ in range(2))
    directions = tf.constant(np.linalg.qr(random.normal(size=(4, 3)))[0], tf.float32)

    def gradient(x, y):
        with tf.GradientTape() as tape:
            tape.watch((x, y))
            distance = tf.reduce_sum(projected_distances(x, y, directions))
        return tape.gradient(distance, (x, y))

    for eager, graph in zip(gradient(x, y), tf.function(gradient)(x, y), strict=True):
        assert np.abs(eager).max() > 0
        np.testing.assert_allclose(eager, graph, atol=1e-6)
