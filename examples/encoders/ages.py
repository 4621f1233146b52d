"""CAAE: is an image aged as asked, and does it stay what it was? The width of a digit's strokes stands for age.

MNIST's 5,000 digits in 32x32, of which a fifth is held out. The width is measured, and the ten groups are tenths of the training
images, from the thinnest strokes to the boldest. The networks are the paper's with a quarter of their filters, and initial
kernels by He's rule; losses, rates and latents are the paper's, batches of 64. Each held-out digit is encoded, and decoded with
each of the ten groups:

CAAE                            both discriminators
without code discriminator      nothing says where codes lie
without image discriminator     nothing says what images look like, nor that they show their group
neither                         an autoencoder that is told the group

What is left out has a weight of 0 in the objective of encoder and generator. It learns all the same, so that all techniques have
about as many rounds. Seed s is that of weights, order and latents.

groups off: the mean distance between the group that was asked for and that of the measured width; 3.3 where nothing changes
rank correlation: of the groups asked for and the measured widths
same class: the share of edits that a LeNet, trained on real labels, takes for the digit that they were
slant: the correlation of an edit's slant with that of its original
L1: between a digit and its edit to the group that it has, in grey levels of 0..255
FID: between training images and edits, in the features of the LeNet
FID of prior: the same of as many codes of the prior, uniform, each decoded with one of the groups

"unchanged" are the digits as they are, whatever is asked for.
"""

import functools
import os

import keras
import numpy as np
import tensorflow as tf
from caae import draw_weights
from lectures.budget import rounded
from scipy.stats import spearmanr
from studies import common
from translation import captions

import keras_gans
from keras_gans import losses
from keras_gans import networks

AGES, FILTERS, BATCH_SIZE = 10, 16, 64
SHAPE = (captions.SIZE, captions.SIZE, 1)
DATA, SECONDS = "mnist_5k", 300
UNTRAINED = ("unchanged",)
ARMS = {
    "CAAE": {},
    "without code discriminator": {"code": 0.0},
    "without image discriminator": {"image": 0.0},
    "neither": {"code": 0.0, "image": 0.0},
}
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "groups off": ("groups_off", 2),
    "rank correlation": ("rank_correlation", 3),
    "same class": ("same_class", 3),
    "slant": ("slant", 3),
    "L1": ("l1", 2),
    "FID": ("fid", 2),
    "FID of prior": ("prior_fid", 2),
}
PICTURES = ("ages",)
SHOWN = 2  # digits in the picture


def prepare(data, samples, steps, folder):
    if data != DATA:
        raise ValueError(f"The width of strokes is measured on digits: --data {DATA}. Received: {data!r}")
    common.train_judge(judge_path(folder), *load("train"), *load("test"), steps)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of the digits as they are, if `technique` is "unchanged"."""
    keras.utils.set_random_seed(seed)
    images, labels = (array[:samples] for array in load("test"))
    judge, line = keras.models.load_model(judge_path(folder)), {}
    if technique == "unchanged":
        edits = np.repeat(images[:, None], AGES, axis=1)
    else:
        gan, line["rounds"] = trained(seed, budget, **ARMS[technique])
        gan.save(os.path.join(folder, f"ages_{technique}_{seed}.keras".replace(" ", "_")))
        edits = gan.age(images)
        ages = keras_gans.data.signed_one_hot(np.arange(AGES * len(images)) % AGES, AGES)
        line["prior_fid"] = common.fid(judge, load("train")[0], gan.generate(condition=ages, seed=seed))
    line |= figures(edits, images)
    every = edits.reshape(-1, *SHAPE)
    line["same_class"] = common.accuracy(judge, every, np.repeat(labels, AGES))
    line["fid"] = common.fid(judge, load("train")[0], every)
    if seed == 0:
        common.keep(folder, "ages", technique, edits[common.first_of_each_class(labels)[:SHOWN]].reshape(-1, *SHAPE))
    return rounded(line.items())


def trained(seed, seconds, image=1.0, code=1.0):
    """A CAAE after so many seconds, and its rounds."""
    network = networks.caae
    gan = keras_gans.CAAE(
        network.generator(SHAPE, ages=AGES, genders=None, filters=FILTERS),
        network.encoder(SHAPE, filters=FILTERS),
        network.discriminator(SHAPE, AGES, None, FILTERS),
    )
    for player in gan.networks("generator"):
        draw_weights(player)
    gan.compile(loss={"image": losses.Weighted(generator=image), "code": losses.Weighted(generator=code)})
    images, _ = load("train")
    labels = keras_gans.data.signed_one_hot(groups(images), AGES)
    batches = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images), seed=seed)
    return gan, common.fit_for(gan, batches.batch(BATCH_SIZE, drop_remainder=True), seconds)


def figures(edits, images):
    """What is measured on edits `(n, ages, height, width, 1)` of images, the group of each in its place."""
    every, asked = edits.reshape(-1, *edits.shape[2:]), np.tile(np.arange(AGES), len(images))
    slants = np.repeat(captions.slants(images), AGES)
    own = edits[np.arange(len(images)), groups(images)]
    widths = captions.widths(every)
    return {
        "groups_off": np.mean(np.abs(np.digitize(widths, limits()) - asked)),
        "rank_correlation": spearmanr(asked, widths).statistic,
        "slant": np.corrcoef(captions.slants(every), slants)[0, 1],
        "l1": 127.5 * np.mean(np.abs(own - images)),
    }


def groups(images):
    """The groups of images, by their widths."""
    return np.digitize(captions.widths(images), limits())


@functools.cache
def limits():
    return np.quantile(captions.widths(load("train")[0]), np.arange(1, AGES) / AGES)


def load(split):
    return captions.load(captions.SIZE, split)


def judge_path(folder):
    return os.path.join(folder, "judge_ages.keras")
