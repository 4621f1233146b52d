"""MS-SSIM against published values, its pairs, and its rule for small images."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans.metrics.ms_ssim import MSSSIM
from keras_gans.metrics.ms_ssim import pairs_of_a_class
from tests import tiny
from tests.metrics.test_ssim import patterns


def values(metric):
    return {name: float(value) for name, value in metric.result().items()}


def fed(generated, real=None, condition=None, **arguments):
    metric = MSSSIM(**arguments)
    metric.update_state(real, generated, condition)
    return metric


@pytest.mark.slow
def test_known_values():
    a, b, c = patterns()
    found = values(fed(np.concatenate([a, b]), real=np.concatenate([a, c])))
    assert found == pytest.approx({"ms_ssim": 0.1508299868, "ms_ssim_real": 0.9933288499}, abs=2e-6)
    assert values(fed(np.concatenate([a, a])))["ms_ssim"] == pytest.approx(1.0)


def test_pairs_are_consecutive_images():
    a, b, c = patterns()
    metric = fed(np.concatenate([a, b, a, c, b]))
    assert values(metric)["ms_ssim"] == pytest.approx((0.1508299868 + 0.9933288499) / 2, abs=2e-6)
    assert metric.protocol["samples"] == {"generated": 4, "real": 0}


def test_pairs_within_a_class():
    a, b, c = patterns()
    metric = fed(np.concatenate([a, a, b, c, b, a]), condition=[[2], [7], [2], [7], [3], [7]], per_class=True)
    assert values(metric)["ms_ssim"] == pytest.approx((0.1508299868 + 0.9933288499) / 2, abs=2e-6)


@pytest.mark.parametrize(
    ("labels", "pairs"),
    [
        ([0, 0, 0, 0, 0], [(0, 1), (2, 3)]),
        ([5, 3, 5, 3, 5, 5, 3], [(1, 3), (0, 2), (4, 5)]),
        ([1, 2, 3], []),
        ([4], []),
        ([], []),
    ],
)
def test_the_next_of_the_class(labels, pairs):
    first, second, valid = pairs_of_a_class(tf.constant(labels, tf.int32))
    assert len(valid) == len(labels) // 2
    found = zip(first.numpy()[valid.numpy()], second.numpy()[valid.numpy()], strict=True)
    assert [(int(i), int(j)) for i, j in found] == pairs


def smooth(count, size, channels=1, seed=0):
    random = np.random.default_rng(seed)
    coarse = random.uniform(-1, 1, (count, 4, 4, channels)).astype("float32")
    return tf.image.resize(coarse, (size, size)).numpy()


@pytest.mark.parametrize(
    ("size", "scales", "window"),
    [
        (5, 1, 5),
        (8, 1, 8),
        (11, 1, 11),
        (20, 1, 11),
        (21, 2, 11),
        (28, 2, 11),
        (32, 2, 11),
        (64, 3, 11),
        (128, 4, 11),
        (176, 5, 11),
    ],
)
def test_scales_of_small_images(size, scales, window):
    metric = fed(smooth(4, size))
    protocol = metric.protocol
    assert (protocol["scales"], protocol["window"]) == (scales, window)
    assert protocol["sigma"] == pytest.approx(1.5 * window / 11)
    assert 0 <= values(metric)["ms_ssim"] < 0.9
    assert sum(map(float, protocol["power_factors"].split())) == pytest.approx(1.0, abs=2e-4)


def test_power_factors_of_ones_own():
    generated = smooth(2, 32, 3)
    pixels = tf.round((generated + 1) * 127.5)
    expected = tf.image.ssim_multiscale(pixels[:1], pixels[1:], 255.0, (0.2, 0.3, 0.5), filter_size=8, filter_sigma=1.5 * 8 / 11)
    metric = fed(generated, power_factors=(0.2, 0.3, 0.5))
    assert values(metric)["ms_ssim"] == pytest.approx(float(expected[0]))
    assert metric.protocol["power_factors"] == "0.2 0.3 0.5"


def test_fewer_modes_are_more_alike():
    diverse = smooth(16, 28)
    collapsed = np.repeat(diverse[:2], 8, axis=0) + np.random.default_rng(0).normal(0, 0.02, diverse.shape).astype("float32")
    found = values(fed(np.clip(collapsed, -1, 1), real=diverse))
    assert found["ms_ssim"] > found["ms_ssim_real"] + 0.5


def test_only_so_many_pairs_count():
    generated = smooth(10, 16)
    metric = MSSSIM(pairs=3)
    metric.update_state(None, generated[:4])
    metric.update_state(None, generated[4:])
    metric.update_state(None, generated[::-1])
    assert metric.protocol["samples"]["generated"] == 6
    assert values(metric)["ms_ssim"] == pytest.approx(values(fed(generated[:6]))["ms_ssim"])


@pytest.mark.slow
def test_nothing_and_reset():
    metric = MSSSIM()
    for _ in range(2):
        assert np.isnan(list(values(metric).values())).all()
        metric.update_state(smooth(1, 12), smooth(1, 12))  # makes no pair
        metric.update_state(smooth(0, 12), smooth(0, 12))
        assert np.isnan(list(values(metric).values())).all()
        metric.update_state(smooth(2, 12), smooth(2, 12))
        assert np.isfinite(list(values(metric).values())).all()
        metric.reset_state()


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_a_function(jit_compile):
    generated, labels = smooth(9, 30), np.arange(9) % 2
    metric = MSSSIM(per_class=True)
    tf.function(metric.update_state, jit_compile=jit_compile)(tf.constant(generated), tf.constant(generated), tf.constant(labels))
    expected = values(fed(generated, generated, labels, per_class=True))
    assert expected["ms_ssim"] == expected["ms_ssim_real"]
    assert values(metric) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("pairs", [100, 3])
def test_two_replicas_are_one(strategy, pairs):
    generated, real = smooth(16, 16), smooth(16, 16, seed=1)
    with strategy.scope():
        metric = MSSSIM(pairs=pairs)
    update = tf.function(metric.update_state)
    for batch in strategy.experimental_distribute_dataset(tiny.dataset(real, generated, batch_size=8)):
        strategy.run(update, batch)
    if pairs == 3:  # the first two of one replica, the first of the other
        kept = [0, 1, 2, 3, 4, 5]
        generated, real = generated[kept], real[kept]
    assert metric.protocol["samples"]["real"] == min(16, 2 * pairs)
    # `tf.image` subtracts squares of pixels in float32, and sums another number of images in another order: 1e-6 is rounding.
    assert values(metric) == pytest.approx(values(fed(generated, real)), rel=1e-5)


@pytest.mark.slow
def test_in_a_gan():
    shape = (28, 28, 1)
    gan = keras_gans.GAN(tiny.generator(tiny.CLASSES, shape), tiny.discriminator(tiny.CLASSES, shape))
    gan.compile(metrics=[MSSSIM(per_class=True)])
    data = tiny.dataset(tiny.images(shape=shape), tiny.labels())
    logs = gan.evaluate(data, return_dict=True, verbose=0)
    assert 0 <= logs["ms_ssim"] <= 1
    assert 0 <= logs["ms_ssim_real"] < 0.1  # noise
    assert gan.metrics[-1].protocol["pairing"] == "consecutive in a batch, of one class"


def test_configuration_and_protocol():
    metric = MSSSIM(pairs=50, power_factors=[0.5, 0.5], name="diversity")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert copy.get_config() == metric.get_config()
    assert set(values(copy)) == {"diversity", "diversity_real"}
    copy.update_state(None, smooth(2, 28))
    assert copy.protocol == {
        "metric": "MSSSIM",
        "pairs": 50,
        "per_class": False,
        "quantize": True,
        "pairing": "consecutive in a batch",
        "image_shape": "28 x 28 x 1",
        "scales": 2,
        "power_factors": "0.5 0.5",
        "window": 11,
        "sigma": 1.5,
        "samples": {"generated": 2, "real": 0},
    }


def test_bad_input():
    with pytest.raises(ValueError, match="`pairs`"):
        MSSSIM(pairs=0)
    with pytest.raises(ValueError, match="power_factors"):
        MSSSIM(power_factors=())
    with pytest.raises(ValueError, match="needs the labels"):
        fed(smooth(2, 16), per_class=True)
    with pytest.raises(ValueError, match="argmax"):
        fed(smooth(2, 16), condition=np.full((2, 2), 0.5), per_class=True)
    with pytest.raises(ValueError, match="as before"):
        fed(smooth(2, 16)).update_state(None, smooth(2, 28))
    with pytest.raises(ValueError, match="takes images"):
        fed(np.zeros((2, 28, 28), "float32"))
