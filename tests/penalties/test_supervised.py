"""The supervised term, at values that were computed by hand."""

import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import penalties
from tests import tiny

LOGITS = [[2.0, 0.0, -1.0], [0.0, 1.0, 0.0]]


def value(logits, labels):
    discriminate = lambda x, condition, training: ({"classes": x}, [])  # noqa: E731
    labels = None if labels is None else tf.constant(labels)
    batch = keras_gans.Minibatch(discriminate, tf.constant(logits), None, None, labels, None, True)
    return float(penalties.Supervised().discriminator(batch))


def test_cross_entropy_of_labelled_rows():
    assert value(LOGITS, [0, 1]) == pytest.approx(0.360645, abs=1e-6)


def test_unlabelled_rows_do_not_count():
    assert value([[5.0, -5.0, 0.0], *LOGITS, [9.0, 9.0, 9.0]], [-1, 0, 1, -1]) == pytest.approx(0.360645, abs=1e-6)


def test_without_labels_it_is_zero_and_so_is_its_gradient():
    logits = tf.Variable(LOGITS)
    with tf.GradientTape() as tape:
        batch = keras_gans.Minibatch(lambda *_: ({"classes": logits}, []), logits, None, None, tf.constant([-1, -1]), None, True)
        term = penalties.Supervised().discriminator(batch)
    assert float(term) == 0.0
    np.testing.assert_array_equal(tape.gradient(term, logits), np.zeros((2, 3)))


def test_missing_labels_and_heads_are_refused():
    with pytest.raises(ValueError, match=r"SemiSupervisedGAN, on batches of \(data, labels\)"):
        value(LOGITS, None)
    gan = keras_gans.GAN(tiny.generator(), tiny.discriminator())
    with pytest.raises(ValueError, match="'classes'.*classifier_discriminator one of a classifier"):
        gan.compile(penalties=[penalties.Supervised()])


def test_the_generator_has_no_such_term():
    assert not penalties.Supervised().applies_to("generator")
