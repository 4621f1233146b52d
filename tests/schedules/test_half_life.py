"""Decays by half-lives that were computed by hand."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.schedules import Cosine
from keras_gans.schedules import HalfLife


@pytest.mark.parametrize(
    ("half_life", "batch_size", "decay"),
    [(10_000, 32, 0.997784340), (500_000, 256, 0.999645171), (64, 64, 0.5), (32, 64, 0.25), (0, 512, 0.0), (0.0, 1, 0.0)],
)
def test_decays(half_life, batch_size, decay):
    schedule = HalfLife(half_life, batch_size)
    for call in (schedule, tf.function(schedule), tf.function(schedule, jit_compile=True)):
        np.testing.assert_allclose(call(tf.constant(3, tf.int64)), decay, rtol=2e-7)


def test_after_a_half_life_of_images_what_was_there_counts_half():
    for batch_size in (10, 50, 250):
        decay = float(HalfLife(1000, batch_size)(0))
        assert decay ** (1000 // batch_size) == pytest.approx(0.5, rel=1e-4)


def test_a_half_life_that_grows():
    """R3GAN's for CIFAR-10, from 0 to 5 million images over 20 million."""
    schedule = HalfLife(Cosine(0, 5_000_000, 20_000_000, 512), 512)
    found = [float(schedule(images // 512)) for images in (0, 10_000_000, 20_000_000, 10**9)]
    np.testing.assert_allclose(found, [0.0, 0.999858055, 0.999929025, 0.999929025], atol=1e-7)
    again = keras.saving.deserialize_keras_object(json.loads(json.dumps(keras.saving.serialize_keras_object(schedule))))
    assert float(again(19_531)) == float(schedule(19_531))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"half_life": -1, "batch_size": 8}, "`half_life` must not be negative"),
        ({"half_life": "long", "batch_size": 8}, "`half_life` must be a finite number"),
        ({"half_life": 10, "batch_size": 0}, "`batch_size` must be an int >= 1"),
        ({"half_life": Cosine(0, 1, 9, batch_size=4), "batch_size": 8}, "counts images with another batch size.*batch_size=4"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        HalfLife(**arguments)
