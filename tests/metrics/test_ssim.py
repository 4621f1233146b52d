"""SSIM against published values and a plain computation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics.functions.luma import luma
from keras_gans.metrics.ssim import SSIM
from keras_gans.metrics.ssim import window_mean
from tests import tiny


def images(pixels):
    return np.asarray(pixels, "float32") / 127.5 - 1.0


def patterns(size=176):
    """The images a, b and c whose SSIM is known."""
    i, j = np.mgrid[:size, :size]
    a = (3 * i + 5 * j) % 256
    b = (5 * i + 3 * j + 20) % 256
    c = np.clip(a + (7 * i + 11 * j) % 21 - 10, 0, 255)
    return [images(pixels)[None, :, :, None] for pixels in (a, b, c)]


def ssim(real, generated, **arguments):
    metric = SSIM(**arguments)
    metric.update_state(real, generated)
    return float(metric.result())


def plain_ssim(x, y):
    """Of two images of one channel in 0..255, in float64."""
    taps = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    window = np.outer(taps, taps) / taps.sum() ** 2
    values = []
    for top in range(x.shape[0] - 10):
        for left in range(x.shape[1] - 10):
            u, v = (side[top : top + 11, left : left + 11] for side in (x, y))
            mu, mv = (window * u).sum(), (window * v).sum()
            su, sv, suv = ((window * product).sum() for product in ((u - mu) ** 2, (v - mv) ** 2, (u - mu) * (v - mv)))
            values.append((2 * mu * mv + 6.5025) * (2 * suv + 58.5225) / ((mu**2 + mv**2 + 6.5025) * (su + sv + 58.5225)))
    return np.mean(values)


@pytest.mark.slow
def test_known_values():
    a, b, c = patterns()
    assert ssim(a, c) == pytest.approx(0.880004, rel=1e-4)
    assert ssim(a, b) == pytest.approx(0.477616, rel=1e-4)
    tensorflow = tf.image.ssim(*(tf.constant((image + 1) * 127.5) for image in (a, b)), 255.0)
    assert ssim(a, b) == pytest.approx(float(tensorflow[0]), rel=1e-4)
    assert ssim(a, a) == pytest.approx(1.0)
    assert ssim(np.concatenate([a, a]), np.concatenate([b, c])) == pytest.approx((0.880004 + 0.477616) / 2, rel=1e-4)


@pytest.mark.parametrize(("first", "second", "expected"), [(100, 110, 0.995476), (0, 255, 6.5025 / (255**2 + 6.5025))])
def test_constant_images(first, second, expected):
    shape = (1, 11, 12, 3)
    assert ssim(images(np.full(shape, first)), images(np.full(shape, second))) == pytest.approx(expected, abs=1e-6)


def noisy_pair(shape=(3, 20, 18, 3)):
    random = np.random.default_rng(0)
    real = random.integers(0, 256, shape)
    return images(real), images(np.clip(real + random.integers(-90, 91, shape), 0, 255))


def test_against_a_plain_computation():
    real, generated = noisy_pair((1, 14, 13, 3))
    x, y = ((side[0].astype("float64") + 1) * 127.5 for side in (real, generated))
    expected = np.mean([plain_ssim(x[..., channel], y[..., channel]) for channel in range(3)])
    assert ssim(real, generated) == pytest.approx(expected, abs=1e-7)
    x, y = (luma(tf.constant(side)).numpy()[..., 0] for side in (x, y))
    assert ssim(real, generated, channel="y") == pytest.approx(plain_ssim(x, y), abs=1e-6)


def test_a_border_is_cut_off():
    real, generated = noisy_pair()
    expected = ssim(real[:, 3:-3, 3:-3], generated[:, 3:-3, 3:-3])
    generated[:, :3], generated[:, :, -3:] = 1.0, -1.0
    assert ssim(real, generated, border=3) == pytest.approx(expected)


def test_the_protocol_of_super_resolution():
    real, generated = noisy_pair((1, 21, 20, 3))
    x, y = (
        np.round((side[0].astype("float64") + 1) * 127.5) @ [65.481, 128.553, 24.966] / 255 + 16 for side in (real, generated)
    )
    expected = plain_ssim(x[4:-4, 4:-4], y[4:-4, 4:-4])
    assert ssim(real, generated, channel="y", border=4) == pytest.approx(expected, abs=1e-6)


def test_the_window_is_the_published_one():
    impulse = np.zeros((1, 21, 1, 1))
    impulse[0, 10] = 1.0
    taps = window_mean(tf.constant(np.tile(impulse, (1, 1, 11, 1)))).numpy()[0, :, 0, 0]
    assert taps[:6] == pytest.approx([0.001028, 0.007599, 0.036001, 0.109361, 0.213006, 0.266012], abs=1e-6)
    assert len(taps) == 11


def test_pixels_are_rounded_unless_told_otherwise():
    real, _ = noisy_pair()
    generated = real + 0.4 / 127.5 * np.sign(np.arange(18) % 2 - 0.5)[:, None].astype("float32")
    assert ssim(real, np.clip(generated, -1, 1)) == pytest.approx(1.0, abs=1e-6)
    flat = np.full((1, 11, 11, 1), 100.0)
    assert ssim(images(flat), images(flat + 0.4)) == pytest.approx(1.0, abs=1e-7)
    expected = (2 * 100 * 100.4 + 6.5025) / (100**2 + 100.4**2 + 6.5025)
    assert 1.0 - ssim(images(flat), images(flat + 0.4), quantize=False) == pytest.approx(1.0 - expected, rel=1e-3)


def test_batches_reset_and_nothing():
    real, generated = noisy_pair()
    metric = SSIM()
    assert np.isnan(float(metric.result()))
    for size in (slice(0, 1), slice(1, 3), slice(0, 0)):
        metric.update_state(real[size], generated[size])
    assert float(metric.result()) == pytest.approx(ssim(real, generated))
    metric.reset_state()
    assert np.isnan(float(metric.result()))


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_a_function(jit_compile):
    real, generated = noisy_pair()
    metric = SSIM(channel="y", border=1)
    tf.function(metric.update_state, jit_compile=jit_compile)(tf.constant(real), tf.constant(generated))
    assert float(metric.result()) == pytest.approx(ssim(real, generated, channel="y", border=1), rel=1e-5)


def test_two_replicas_are_one(strategy):
    real, generated = noisy_pair((5, 12, 12, 1))
    with strategy.scope():
        metric = SSIM()
    update = tf.function(metric.update_state)
    for batch in strategy.experimental_distribute_dataset(tiny.dataset(real, generated, batch_size=4)):
        strategy.run(update, batch)
    assert float(metric.result()) == pytest.approx(ssim(real, generated))


@pytest.mark.slow
def test_in_a_gan():
    shape = (28, 28, 1)
    gan = tiny.pix2pix(shape, shape)
    gan.compile(metrics=[SSIM()])
    images = tiny.images(shape=shape)
    logs = gan.evaluate(tiny.dataset(images, tiny.images(shape=shape, seed=1)), return_dict=True, verbose=0)
    assert -0.2 < logs["ssim"] < 0.2


def test_configuration_and_protocol():
    metric = SSIM(channel="y", border=4, quantize=False, name="ssim_y")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert copy.get_config() == metric.get_config()
    copy.update_state(*noisy_pair((2, 20, 20, 3)))
    samples = {"generated": 2, "real": 2}
    assert copy.protocol == {"metric": "SSIM", "channel": "y", "border": 4, "quantize": False, "samples": samples}


def test_bad_input():
    with pytest.raises(ValueError, match="channel"):
        SSIM(channel="yuv")
    real, generated = noisy_pair()
    with pytest.raises(ValueError, match="11 x 11"):
        SSIM(border=4).update_state(real, generated)
    with pytest.raises(ValueError, match="equal shapes"):
        SSIM().update_state(real, generated[..., :1])
