"""Both halves of the auxiliary classifier, at values that were computed by hand."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gans
from keras_gans import losses
from tests import tiny

REAL = [[2.0, 0.0, -1.0], [0.0, 1.0, 0.0], [0.5, 0.5, 1.0]], [0, 1, 2]
FAKE = [[1.0, 1.0, 0.0], [0.0, 2.0, -1.0], [-1.0, 0.0, 1.0]], [1, 1, 0]


def minibatch(logits, labels, real=True):
    """One whose logits are the images, of one side."""
    other = tf.zeros_like(logits)
    sides = (tf.constant(logits), other) if real else (other, tf.constant(logits))
    return keras_gans.Minibatch(lambda x, *_: ({"classes": x}, []), *sides, None, labels, None, True)


def test_real_and_generated_images():
    real, fake = minibatch(REAL[0], tf.constant(REAL[1])), minibatch(FAKE[0], tf.constant(FAKE[1]), real=False)
    assert np.mean(losses.AuxiliaryClassifier(fake=0.0).discriminator(real)) == pytest.approx(0.505223, abs=1e-6)
    assert np.mean(losses.AuxiliaryClassifier(real=0.0).discriminator(fake)) == pytest.approx(1.146482, abs=1e-6)
    assert np.mean(losses.AuxiliaryClassifier().generator(fake)) == pytest.approx(1.146482, abs=1e-6)
    assert np.mean(losses.AuxiliaryClassifier(generator=0.1).generator(fake)) == pytest.approx(0.1146482, abs=1e-7)
    # Of uniform logits the cross-entropy is log K.
    assert np.mean(losses.AuxiliaryClassifier().discriminator(real)) == pytest.approx(0.505223 + np.log(3), abs=1e-5)


@pytest.mark.parametrize("labels", [np.int64([[0], [1], [2]]), np.eye(3, dtype="float32")], ids=["column", "one-hot"])
def test_labels(labels):
    value = losses.AuxiliaryClassifier(fake=0.0).discriminator(minibatch(REAL[0], tf.constant(labels)))
    assert np.mean(value) == pytest.approx(0.505223, abs=1e-6)


def test_a_mixture_is_the_mixture_of_the_errors():
    loss = losses.AuxiliaryClassifier(fake=0.0)
    value = lambda rows: np.array(loss.discriminator(minibatch(REAL[0], tf.constant(np.float32(rows)))))  # noqa: E731
    first, second = value([[1, 0, 0]] * 3), value([[0, 0, 1]] * 3)
    np.testing.assert_allclose(value([[0.25, 0, 0.75]] * 3), 0.25 * first + 0.75 * second, atol=1e-6)


def network(classes=None):
    images = keras.Input((2,), name="images")
    heads = {"scores": keras.layers.Dense(1)(images)}
    return keras.Model(images, heads | ({"classes": keras.layers.Dense(classes)(images)} if classes else {}))


def conditional_generator():
    z, labels = keras.Input((3,), name="latents"), keras.Input((), dtype="int32", name="condition")
    return keras.Model([z, labels], keras.layers.Dense(2)(keras.layers.Concatenate()([z, keras.layers.Embedding(3, 2)(labels)])))


@pytest.mark.slow
def test_in_a_gan_it_is_logged_and_weighted():
    gan = keras_gans.GAN(conditional_generator(), network(3))
    gan.compile(auxiliary_losses=[losses.AuxiliaryClassifier(2.0)], run_eagerly=True)
    x, y = np.ones((4, 2), "float32"), np.array([0, 1, 2, 0])
    logs = gan.evaluate(x, y, batch_size=4, verbose=0, return_dict=True)
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, gan.discriminator(x)["classes"])
    assert logs["d_auxiliary_classifier"] - logs["g_auxiliary_classifier"] == pytest.approx(2 * float(expected), abs=1e-5)


@pytest.mark.parametrize("shape", [(3, 4), (3, 2), (3, 3, 1), (3, 1, 1)])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_labels_of_another_width_than_the_logits(shape, dtype):
    loss, labels = losses.AuxiliaryClassifier(), tf.zeros(shape, dtype)
    message = f"Received: logits of shape (3, 3) and labels of shape {shape}. Give the discriminator as many logits"
    for run in (loss.discriminator, loss.generator):
        with pytest.raises(ValueError, match=re.escape(message)):
            run(minibatch(REAL[0], labels))


def test_logits_of_another_width_than_the_classes_of_a_gan():
    gan = keras_gans.GAN(tiny.weighted_generator(), tiny_classifier(5), classes=3)
    gan.compile(auxiliary_losses=[losses.AuxiliaryClassifier()])
    with pytest.raises(ValueError, match="logits of shape .* and labels of shape"):
        gan.train_on_batch(tiny.images(4), np.array([0, 1, 2, 0]))


def tiny_classifier(classes):
    images = keras.Input(tiny.SHAPE, name="images")
    x = keras.layers.Flatten()(images)
    return keras.Model(images, {"scores": keras.layers.Dense(1)(x), "classes": keras.layers.Dense(classes)(x)})


def test_errors():
    with pytest.raises(ValueError, match="`fake` must not be negative. Received: fake=-1"):
        losses.AuxiliaryClassifier(fake=-1)
    with pytest.raises(ValueError, match="one label for each image .* Received: none"):
        losses.AuxiliaryClassifier().generator(minibatch(FAKE[0], None))
    with pytest.raises(ValueError, match="classes"):
        keras_gans.GAN(conditional_generator(), network()).compile(auxiliary_losses=[losses.AuxiliaryClassifier()])
