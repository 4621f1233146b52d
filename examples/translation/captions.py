"""Digits with captions: "a bold seven, slanted left". What the captions say, how it is embedded, and whether images obey it.

The digits are the 5,000 of MNIST, padded to 32x32, of which a fifth is held out. A caption names the digit and what is measured
on the image: strokes that are thin, plain or bold, and a slant to the left, upright or to the right, each a third of the training
images, so that left means: more to the left than most. Eight captions an image, in several phrasings and words. A small network
learns to read them: its last hidden layer is the embedding. Two phrasings are in no training caption.
"""

import dataclasses
import functools
import itertools

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from studies import common

import keras_gans

SIZE, CAPTIONS, EMBEDDING = 32, 8, 64
DIGITS = [["zero"], ["one"], ["two"], ["three"], ["four"], ["five"], ["six"], ["seven"], ["eight"], ["nine"]]
WIDTHS = [["thin", "fine", "light"], ["plain", "regular"], ["bold", "thick", "heavy"]]
SLANTS = [["slanted left", "leaning to the left"], ["upright", "standing straight"], ["slanted right", "leaning to the right"]]
WORDS = {"digit": DIGITS, "width": WIDTHS, "slant": SLANTS}
PHRASINGS = (
    "a {width} {digit}, {slant}",
    "{digit}, {width} and {slant}",
    "a {digit}, {slant}, with {width} strokes",
    "the digit {digit} in {width} strokes, {slant}",
    "a {width} and {slant} {digit}",
    "{slant}: a {width} {digit}",
)
UNSEEN_PHRASINGS = ("write the {digit} {slant} and {width}", "{width} strokes, {slant}, a {digit}")


@functools.cache
def load(size, split):
    """Images in [-1, 1] of 32x32, or made smaller, in a fixed order, and the digits that they show."""
    batches = keras_gans.data.load("mnist_5k", batch_size=5000, shuffle=False, verbose=False)
    images, digits = next(batches.as_numpy_iterator())
    images = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), constant_values=-1)
    order = np.random.default_rng(0).permutation(len(images))
    order = order[:1000] if split == "test" else order[1000:]
    return tf.image.resize(images[order], (size, size), "area").numpy(), digits[order]


def widths(images):
    """How thick the strokes are, as a share of the height: twice the area by the length of the outline."""
    ink = (images[..., 0] + 1) / 2
    down, across = np.diff(ink, axis=1, append=0), np.diff(ink, axis=2, append=0)
    outline = np.sqrt(down**2 + across**2).sum((1, 2))
    return 2 * ink.sum((1, 2)) / np.maximum(outline, 1e-6) / ink.shape[1]


def slants(images):
    """How far the digit goes to the right for each pixel up: the slope of the ink's columns on its rows."""
    ink = np.maximum((images[..., 0] + 1) / 2, 0)
    ink = ink / np.maximum(ink.sum((1, 2), keepdims=True), 1e-6)
    rows, columns = np.arange(ink.shape[1])[:, None], np.arange(ink.shape[2])
    y, x = ((ink * places).sum((1, 2)) for places in (rows, columns))
    covariance = (ink * rows * columns).sum((1, 2)) - y * x
    return -covariance / np.maximum((ink * rows**2).sum((1, 2)) - y**2, 1e-6)


@dataclasses.dataclass
class Attributes:
    """The limits between thin, plain and bold, and between left, upright and right: thirds of the training images of a size."""

    width: np.ndarray
    slant: np.ndarray

    @classmethod
    def of(cls, images):
        return cls(*(np.quantile(measure(images), (1 / 3, 2 / 3)) for measure in (widths, slants)))

    def read(self, images, digits):
        """Rows of digit, width and slant, each an index into its words."""
        parts = np.digitize(widths(images), self.width), np.digitize(slants(images), self.slant)
        return np.stack([digits, *parts], axis=-1)

    def obeyed(self, images, wanted, judge):
        """The shares of images that are what was wanted, rows as of `read`: each part of it, and all of it."""
        same = self.read(images, common.predictions(judge, images)) == wanted
        return dict(zip((*WORDS, "all"), (*same.mean(axis=0), same.all(axis=1).mean()), strict=True))


def classes(rows):
    """One number for each text that means something else, for mismatched images: those that their text does not fit."""
    return np.ravel_multi_index(np.transpose(rows), [len(words) for words in WORDS.values()])


def captions(rows, count, phrasings=PHRASINGS, seed=0):
    """Texts `(n, count)` of rows of digit, width and slant, in words that are drawn."""
    rng = np.random.default_rng(seed)

    def caption(row):
        said = {name: rng.choice(words[index]) for (name, words), index in zip(WORDS.items(), row, strict=True)}
        return rng.choice(phrasings).format(**said)

    return np.array([[caption(row) for _ in range(count)] for row in rows])


def train_encoder(steps=2000, seed=0):
    """A network from texts to the logits of what they say; its layer "embedding" reads them. A bag of words, two dense layers."""
    keras.utils.set_random_seed(seed)
    rows = np.array(list(itertools.product(*(range(len(words)) for words in WORDS.values()))))
    texts = captions(rows, 100, seed=seed).ravel()
    bag = layers.TextVectorization(output_mode="multi_hot")
    bag.adapt(texts)
    words = keras.Input((bag.vocabulary_size(),))
    hidden = layers.Dense(EMBEDDING, activation="tanh", name="embedding")(layers.Dense(128, activation="relu")(words))
    network = keras.Model(words, {name: layers.Dense(len(WORDS[name]), name=name)(hidden) for name in WORDS})
    cross_entropy = {name: keras.losses.SparseCategoricalCrossentropy(from_logits=True) for name in WORDS}
    network.compile(keras.optimizers.Adam(1e-3), cross_entropy)
    answers = np.repeat(rows, 100, axis=0)
    batches = tf.data.Dataset.from_tensor_slices((bag(texts), dict(zip(WORDS, answers.T, strict=True))))
    batches = batches.shuffle(len(texts), seed=seed).repeat().batch(64)
    network.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    return Encoder(bag, network)


class Encoder:
    """Reads texts."""

    def __init__(self, bag, network):
        self.bag, self.network = bag, network
        self._embedding = keras.Model(network.inputs, network.get_layer("embedding").output)

    def embed(self, texts):
        """Floats `(*shape of texts, 64)`."""
        texts = np.asarray(texts)
        vectors = self._embedding.predict(self.bag(texts.ravel()), batch_size=512, verbose=0)
        return vectors.reshape(*texts.shape, EMBEDDING)

    def read(self, texts):
        """Rows of digit, width and slant of texts `(n,)`."""
        logits = self.network.predict(self.bag(np.asarray(texts)), batch_size=512, verbose=0)
        return np.stack([np.argmax(logits[name], axis=-1) for name in WORDS], axis=-1)
