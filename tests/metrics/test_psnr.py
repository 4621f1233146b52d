"""PSNR against values by hand, on RGB and on the Y channel."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.metrics.functions.luma import luma
from keras_gans.metrics.psnr import PSNR
from tests import tiny


def images(pixels):
    return np.asarray(pixels, "float32") / 127.5 - 1.0


def noisy_pair(shape=(4, 12, 14, 3), seed=0):
    random = np.random.default_rng(seed)
    real = random.integers(0, 256, shape)
    return images(real), images(np.clip(real + random.integers(-9, 10, shape), 0, 255))


def psnr(real, generated, **arguments):
    metric = PSNR(**arguments)
    metric.update_state(real, generated)
    return float(metric.result())


@pytest.mark.parametrize(("error", "expected"), [(1, 48.1308), (10, 28.1308), (25.5, 20.0)])
def test_a_constant_error(error, expected):
    real = np.full((2, 5, 6, 3), 100.0)
    assert psnr(images(real), images(real + error), quantize=False) == pytest.approx(expected, abs=1e-4)


def test_a_tenth_of_the_range_up_or_down():
    # An error of 0.1 of images in [-1, 1], whose peak is 2.
    assert psnr(np.zeros((1, 4, 4, 1)), np.full((1, 4, 4, 1), 0.1), quantize=False) == pytest.approx(26.0206, abs=1e-4)


def test_the_mean_over_images_is_not_that_of_the_mean_error():
    real = np.full((2, 4, 4, 1), 100.0)
    generated = real + np.reshape([1.0, 10.0], (2, 1, 1, 1))
    assert psnr(images(real), images(generated)) == pytest.approx((48.1308 + 28.1308) / 2, abs=1e-4)


def test_against_numpy():
    real, generated = noisy_pair()
    error = np.mean((127.5 * (real.astype("float64") - generated)) ** 2, axis=(1, 2, 3))
    assert psnr(real, generated) == pytest.approx(np.mean(10 * np.log10(255**2 / error)), rel=1e-5)


def test_luma():
    white, black, red = [255, 255, 255], [0, 0, 0], [255, 0, 0]
    assert luma(tf.constant([white, black, red], tf.float32)).numpy()[:, 0].tolist() == pytest.approx([235, 16, 81.481], abs=1e-4)


def test_studio_range_reads_higher_than_full_range():
    real, generated = noisy_pair()
    full = np.sum((127.5 * (real.astype("float64") - generated)) * [0.299, 0.587, 0.114], axis=-1)
    expected = np.mean(10 * np.log10(255**2 / np.mean(full**2, axis=(1, 2))))
    assert psnr(real, generated, channel="y") == pytest.approx(expected + 1.3219, abs=1e-3)


def test_pixels_are_rounded_unless_told_otherwise():
    real = np.full((1, 4, 4, 1), 100.0)
    assert psnr(images(real), images(real + 0.4)) == 100.0
    assert psnr(images(real), images(real + 0.6)) == pytest.approx(48.1308, abs=1e-4)
    assert psnr(images(real), images(real + 0.4), quantize=False) == pytest.approx(48.1308 - 20 * np.log10(0.4), abs=1e-3)
    assert psnr(np.full((1, 4, 4, 1), -1.0), np.full((1, 4, 4, 1), -7.0)) == 100.0


def test_a_border_is_cut_off():
    real, generated = noisy_pair((2, 13, 16, 3))
    expected = psnr(real[:, 4:-4, 4:-4], generated[:, 4:-4, 4:-4], channel="y")
    generated[:, :4], generated[:, :, -4:] = 1.0, -1.0
    assert psnr(real, generated, channel="y", border=4) == expected


def test_the_protocol_of_super_resolution():
    """Round to 8 bits, take Y in its studio range, cut off 4 pixels, a peak of 255; the mean over images."""
    real, generated = noisy_pair((3, 20, 24, 3))
    generated = np.clip(generated + np.random.default_rng(1).uniform(-0.003, 0.003, generated.shape), -1, 1).astype("float32")
    y = []
    for side in (real, generated):
        pixels = np.round((side.astype("float64") + 1) * 127.5)
        y.append((16 + pixels @ [65.481, 128.553, 24.966] / 255)[:, 4:-4, 4:-4])
    expected = np.mean(10 * np.log10(255**2 / np.mean((y[0] - y[1]) ** 2, axis=(1, 2))))
    assert psnr(real, generated, channel="y", border=4) == pytest.approx(expected, abs=1e-3)
    # Rounded last, or cut off not at all, it would be another figure.
    assert psnr(real, generated, channel="y", border=4, quantize=False) != pytest.approx(expected, abs=1e-3)
    assert psnr(real, generated, channel="y") != pytest.approx(expected, abs=1e-2)


@pytest.mark.slow
def test_generated_images_of_unknown_size():
    """As a network of any height and width makes them in a graph."""
    real, generated = noisy_pair()
    metric = PSNR(channel="y", border=1)
    signature = [tf.TensorSpec((None, *real.shape[1:])), tf.TensorSpec((None, None, None, 3))]
    update = tf.function(metric.update_state, input_signature=signature)
    update(real, generated)
    assert float(metric.result()) == pytest.approx(psnr(real, generated, channel="y", border=1), rel=1e-5)
    with pytest.raises(tf.errors.InvalidArgumentError, match="shape"):
        update(real, generated[:, 1:])


def test_equal_images_count_as_the_cap():
    real, _ = noisy_pair()
    assert psnr(real, real) == 100.0
    assert psnr(real, real, cap=float("inf")) == np.inf
    assert psnr(real, real, cap=60) == 60.0


def test_batches_reset_and_nothing():
    real, generated = noisy_pair()
    metric = PSNR()
    assert np.isnan(float(metric.result()))
    metric.update_state(real[:1], generated[:1])
    metric.update_state(real[1:], generated[1:], condition=np.zeros(3))
    metric.update_state(real[:0], generated[:0])
    assert float(metric.result()) == pytest.approx(psnr(real, generated))
    metric.reset_state()
    assert np.isnan(float(metric.result()))


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_a_function(jit_compile):
    real, generated = noisy_pair()
    metric = PSNR(channel="y", border=1)
    tf.function(metric.update_state, jit_compile=jit_compile)(tf.constant(real), tf.constant(generated))
    assert float(metric.result()) == pytest.approx(psnr(real, generated, channel="y", border=1), rel=1e-5)


def test_two_replicas_are_one(strategy):
    real, generated = noisy_pair((7, 12, 12, 3))
    with strategy.scope():
        metric = PSNR()
    data = tiny.dataset(real, generated, batch_size=3)  # the last batch leaves a replica without any
    update = tf.function(metric.update_state)
    for batch in strategy.experimental_distribute_dataset(data):
        strategy.run(update, batch)
    assert float(metric.result()) == pytest.approx(psnr(real, generated))


@pytest.mark.slow
def test_in_a_gan():
    shape = (28, 28, 1)
    gan = tiny.pix2pix(shape, shape)
    gan.compile(metrics=[PSNR(), PSNR(border=4, name="psnr_center")])
    images = tiny.images(shape=shape)
    logs = gan.evaluate(tiny.dataset(images, -images), return_dict=True, verbose=0)
    assert 3 < logs["psnr"] < 20
    assert logs["psnr"] != logs["psnr_center"]


def test_configuration_and_protocol():
    metric = PSNR(channel="y", border=4, quantize=False, cap=80, name="psnr_y")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert copy.get_config() == metric.get_config()
    copy.update_state(*noisy_pair())
    assert copy.name == "psnr_y"
    assert copy.protocol == {
        "metric": "PSNR",
        "channel": "y",
        "border": 4,
        "quantize": False,
        "cap": 80,
        "samples": {"generated": 4, "real": 4},
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"channel": "luma"}, "channel"), ({"border": -1}, "border"), ({"border": 0.5}, "border"), ({"cap": 0}, "cap")],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        PSNR(**arguments)


def test_bad_images():
    real, generated = noisy_pair()
    with pytest.raises(ValueError, match="equal shapes"):
        PSNR().update_state(real, generated[:, 1:])
    with pytest.raises(ValueError, match="equal shapes"):
        PSNR().update_state(real[:1], generated)
    with pytest.raises(ValueError, match="takes images"):
        PSNR().update_state(real[0], generated[0])
    with pytest.raises(ValueError, match="127.5"):
        PSNR().update_state(np.zeros((2, 4, 4, 1), "uint8"), np.zeros((2, 4, 4, 1), "uint8"))
    with pytest.raises(ValueError, match="3 channels"):
        PSNR(channel="y").update_state(real[..., :1], generated[..., :1])
    with pytest.raises(ValueError, match="larger than 12 pixels"):
        PSNR(border=6).update_state(real, generated)
    generated[0, 0, 0, 0] = np.nan
    with pytest.raises(tf.errors.InvalidArgumentError, match="NaN"):
        PSNR().update_state(real, generated)
