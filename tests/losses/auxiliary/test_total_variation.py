"""The total variation: its formula, in numbers."""

import types

import numpy as np
import pytest
import tensorflow as tf

from keras_gans import losses
from tests import tiny


def variation(images, form="l2"):
    return losses.TotalVariation(form=form).generator(types.SimpleNamespace(images=tf.constant(images))).numpy()


def test_a_constant_image_has_none():
    np.testing.assert_array_equal(variation(np.full((2, 5, 4, 3), 0.7, "float32")), [0, 0])


def test_by_hand():
    image = np.array([[0.0, 1.0, 3.0], [2.0, 2.0, 2.0]], "float32")[None, :, :, None]  # down: 2, 1, -1; across: 1, 2, 0, 0
    assert variation(image, "l2_sum") == pytest.approx([6 + 5])
    assert variation(image, "l1_sum") == pytest.approx([4 + 3])
    assert variation(image, "l2") == pytest.approx([6 / 3 + 5 / 4])
    assert variation(image, "l1") == pytest.approx([4 / 3 + 3 / 4])


def test_the_sum_of_absolute_values_is_tensorflows():
    images = tiny.images(3, (6, 5, 2))
    np.testing.assert_allclose(variation(images, "l1_sum"), tf.image.total_variation(tf.constant(images)), rtol=1e-5)


def test_half_of_the_sum_of_squares_by_the_size_is_that_of_caaes_code():
    x = tiny.images(3, (8, 8, 3))
    released = (tf.nn.l2_loss(x[:, 1:] - x[:, :-1]) / 8 + tf.nn.l2_loss(x[:, :, 1:] - x[:, :, :-1]) / 8) / 3
    np.testing.assert_allclose(variation(x, "l2_sum").mean() / (2 * 8), released, rtol=1e-5)


def test_it_is_of_images():
    with pytest.raises(ValueError, match="needs images"):
        variation(np.zeros((4, 6), "float32"))
    with pytest.raises(ValueError, match="`form` must be one of"):
        losses.TotalVariation(form="huber")
