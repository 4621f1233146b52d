"""Networks and data small enough to trace in a second."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import keras_gans
from tests import bookkeeping

SHAPE = (8, 8, 1)
LATENTS = 6
CLASSES = 3


def generator(classes=None, shape=SHAPE, **dense):
    z = keras.Input((LATENTS,), name="latents")
    inputs, x = z, z
    if classes:
        y = keras.Input((), dtype="int32", name="condition")
        inputs, x = [z, y], layers.Concatenate()([z, layers.Embedding(classes, 4)(y)])
    x = layers.Dense(16, "relu", **dense)(x)
    x = layers.Dense(int(np.prod(shape)), "tanh", dtype="float32")(x)
    return keras.Model(inputs, layers.Reshape(shape, dtype="float32")(x))


def discriminator(classes=None, shape=SHAPE, activation=None, norm=None, dropout=0.0, scores=1, **dense):
    images = keras.Input(shape, name="images")
    inputs, x = images, layers.Flatten()(images)
    if classes:
        y = keras.Input((), dtype="int32", name="condition")
        inputs, x = [images, y], layers.Concatenate()([x, layers.Embedding(classes, 4)(y)])
    x = layers.LeakyReLU(0.2)(layers.Dense(16, **dense)(x))
    if norm:
        x = norm(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(scores, activation, dtype="float32")(x))


def translator(shape=SHAPE, source=SHAPE, norm=False, dropout=0.0, scale=1):
    """A generator from image to image, of any size where the shapes say None."""
    x = inputs = keras.Input(source, name="source")
    x = layers.Conv2D(4, 3, padding="same")(x)
    if norm:
        x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU(0.2)(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    if scale > 1:
        x = layers.UpSampling2D(scale)(x)
    x = layers.Conv2D(shape[-1], 3, padding="same", activation="tanh", dtype="float32", name="images")(x)
    return keras.Model(inputs, x)


def pair_discriminator(shape=SHAPE, source=SHAPE):
    """A discriminator of images together with their sources."""
    inputs = [keras.Input(shape, name="images"), keras.Input(source, name="source")]
    x = layers.Concatenate()([layers.Dense(8)(layers.Flatten()(each)) for each in inputs])
    return keras.Model(inputs, layers.Dense(1, dtype="float32", name="scores")(layers.LeakyReLU(0.2)(x)))


def pix2pix(shape=SHAPE, source=SHAPE, norm=True, dropout=0.5, **arguments):
    """A pix2pix of tiny networks."""
    network = translator(shape, source, norm, dropout)
    return keras_gans.Pix2Pix(network, pair_discriminator(shape, source), **arguments)


def cyclegan(**arguments):
    """A CycleGAN of tiny networks."""
    return keras_gans.CycleGAN(translator(), translator(), discriminator(), discriminator(), **arguments)


def images(count=16, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, *shape)).astype("float32")


def dataset(*arrays, batch_size=8):
    """Batches without an autotuner, whose end takes seconds under a strategy, and in a process that does not leave it out."""
    elements = arrays if len(arrays) > 1 else arrays[0]
    return bookkeeping.without_autotuning(tf.data.Dataset.from_tensor_slices(elements).batch(batch_size))


def labels(count=16, seed=0):
    return np.random.default_rng(seed).integers(0, CLASSES, count)


def sgd(rate=0.01):
    """Arguments of `compile` for plain gradient descent, which is traced sooner than Adam."""
    return {f"{player}_optimizer": keras.optimizers.SGD(rate) for player in ("generator", "discriminator")}


def weights(gan):
    """Every weight of both players and of the average, as one vector."""
    return np.concatenate([np.ravel(value) for value in gan.get_weights()])


@keras.saving.register_keras_serializable("tests")
class TruncationTable(layers.Layer):
    """Stands for statistics at each truncation from 0 to 1."""

    def __init__(self, truncation_statistics=3, **kwargs):
        super().__init__(**kwargs)
        self.truncation_statistics = truncation_statistics

    def call(self, truncation):
        return 2.0 * truncation

    def get_config(self):
        return {**super().get_config(), "truncation_statistics": self.truncation_statistics}


def weighted_generator(classes=CLASSES, shape=SHAPE, truncation=None):
    """A generator of weights over classes, perhaps with an input called truncation, of a shape."""
    z, y = keras.Input((LATENTS,), name="latents"), keras.Input((classes,), name="condition")
    inputs, x = [z, y], [z, layers.Dense(4, use_bias=False)(y)]
    if truncation is not None:
        t = keras.Input(truncation, name="truncation")
        inputs, x = [*inputs, t], [*x, layers.Reshape((1,))(t)]
    x = layers.Dense(int(np.prod(shape)), "tanh")(layers.Dense(16, "relu")(layers.Concatenate()(x)))
    return keras.Model(inputs, layers.Reshape(shape)(x))


def weighted_discriminator(classes=CLASSES, shape=SHAPE):
    """A discriminator of weights over classes."""
    images, y = keras.Input(shape, name="images"), keras.Input((classes,), name="condition")
    x = layers.Dense(16)(layers.Concatenate()([layers.Flatten()(images), layers.Dense(4, use_bias=False)(y)]))
    return keras.Model([images, y], layers.Dense(1)(layers.LeakyReLU(0.2)(x)))


class Gap(keras.metrics.Mean):
    """A metric of Keras' kind, the distance of both sides' means."""

    def __init__(self, name="gap"):
        super().__init__(name=name)

    def update_state(self, real, generated, sample_weight=None):
        super().update_state(tf.abs(tf.reduce_mean(real) - tf.reduce_mean(generated)))
