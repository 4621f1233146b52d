"""StackGAN on digits with captions, "a bold seven, slanted left": does the image obey the text, and what is each idea good for?

Captions, and the network that reads them, are those of captions.py: MNIST's digits, and the width and the slant of each as they
are measured. The first stage makes 16x16, the second 32x32; the networks are TensorFlow's with half and a quarter of the paper's
filters, codes of 32 numbers, two residual blocks, and noise of 32 numbers. The recipe is the paper's, batches of 64. Each stage
has half of the time. Seed s is that of weights, order and latents.

StackGAN               both ideas
without augmentation   the code of a text is its mean, and nothing is asked of it
without mismatch       the discriminator sees no real images with other texts
one stage              a first stage of 32x32, for all of the time

The texts are a caption of each held-out digit; one image is drawn for each text.

digit, width, slant: the share of images that show what their text says: the digit as a LeNet, trained on real labels, takes it,
width and slant as they are measured
all: the share of those that obey in all three
new phrasing: the same for sentences that were in no training caption
stage 1: the same for the images of the first stage, by a LeNet of their size
FID: between training images and made ones, in the features of the LeNet
variety: the mean difference between two images of one text, in grey levels of 0..255

"real" is what the held-out digits themselves score; the variety is that of two of the same digit, width and slant.
"""

import functools
import os

import keras
import numpy as np
from lectures.budget import rounded
from studies import common
from translation import captions

import keras_gans
from keras_gans import losses
from keras_gans import networks
from keras_gans.utils.files import written_beside

SIZES, NOISE, UNITS, FILTERS, BLOCKS, BATCH_SIZE = (16, 32), 32, 32, 32, 2, 64
DATA, SECONDS = "mnist_5k", 900
UNTRAINED = ("real",)
ARMS = {
    "StackGAN": {},
    "without augmentation": {"augmented": False},
    "without mismatch": {"mismatched": False},
    "one stage": {"sizes": SIZES[1:]},
}
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "digit": ("digit", 3),
    "width": ("width", 3),
    "slant": ("slant", 3),
    "all": ("all", 3),
    "new phrasing": ("new_phrasing_all", 3),
    "stage 1": ("stage_1_all", 3),
    "FID": ("fid", 2),
    "variety": ("variety", 1),
}
PICTURES = ("texts",)
TEXTS = ("a bold seven, slanted left", "a thin seven, slanted right", "a plain two, upright", "a heavy and upright zero")


def prepare(data, samples, steps, folder):
    for size in SIZES:
        common.train_judge(judge_path(size, folder), *captions.load(size, "train"), *captions.load(size, "test"), steps)
    if not os.path.exists(vectors_path(folder)):
        texts = {
            "train": captions.captions(meanings(SIZES[1], "train"), captions.CAPTIONS),
            "test": captions.captions(meanings(SIZES[1], "test"), 1)[:, 0],
            "new phrasing": captions.captions(meanings(SIZES[1], "test"), 1, captions.UNSEEN_PHRASINGS)[:, 0],
            "shown": TEXTS,
        }
        reader = captions.train_encoder(steps)
        vectors = {name: reader.embed(array) for name, array in texts.items()}
        with written_beside(vectors_path(folder)) as beside:
            np.savez(beside, **vectors)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; of the held-out digits themselves, if `technique` is "real"."""
    keras.utils.set_random_seed(seed)
    vectors, line = np.load(vectors_path(folder)), {"rounds": 0}
    if technique == "real":
        images, _ = captions.load(SIZES[1], "test")
        line |= obeyed(images[:samples], folder)
        images, others = images[:samples], pairs(images, captions.classes(meanings(SIZES[1], "test")))
    else:
        for stage, (gan, rounds) in enumerate(trained(vectors["train"], seed, budget, **ARMS[technique]), start=1):
            images = draw(gan, vectors["test"][:samples], seed)
            line |= {f"stage_{stage}_{part}": share for part, share in obeyed(images, folder).items()}
            line["rounds"] += rounds
        gan.generator.save(os.path.join(folder, f"texts_{technique}_{seed}.keras".replace(" ", "_")))
        line |= obeyed(images, folder)
        again = draw(gan, vectors["new phrasing"][:samples], seed)
        line |= {f"new_phrasing_{part}": share for part, share in obeyed(again, folder).items()}
        others = images, draw(gan, vectors["test"][:samples], seed + 1)
        if seed == 0:
            common.keep(folder, "texts", technique, draw(gan, np.repeat(vectors["shown"], 3, axis=0), seed))
    line["fid"] = common.fid(judge(SIZES[1], folder), captions.load(SIZES[1], "train")[0], images)
    line["variety"] = 127.5 * np.mean(np.abs(others[0] - others[1]))
    return rounded(line.items())


def trained(vectors, seed, seconds, augmented=True, mismatched=True, sizes=SIZES):
    """Each stage, a GAN, and its rounds."""
    generator = None
    for size in sizes:
        generator, discriminator = build(generator, size, vectors.shape[-1], augmented)
        images, digits = captions.load(size, "train")
        labels = captions.classes(meanings(size, "train"))
        batches = keras_gans.data.captions(
            images, vectors, labels, load_size=size, batch_size=BATCH_SIZE, flip=False, seed=seed, verbose=False
        )
        divergence = [losses.GaussianKL(2.0)] if augmented else []
        if mismatched:
            gan = keras_gans.StackGAN(generator, discriminator)
            gan.compile(auxiliary_losses={"matched": divergence})
        else:
            gan = keras_gans.GAN(generator, discriminator)
            adams = [keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)]
            gan.compile(*adams, auxiliary_losses=divergence, update_rule="alternating")
            batches = batches.map(lambda batch: (batch["image"], batch["embedding"]))
        yield gan, common.fit_for(gan, batches, seconds / len(sizes))


def build(stage_one, size, width, augmented):
    """The networks of a stage: of the first, if there is no generator before it."""
    shape, network = (size, size, 1), networks.stackgan
    shared = {"units": UNITS, "filters": FILTERS}
    if stage_one is None:
        generator = network.stage_one_generator(shape, NOISE, width, **shared)
        discriminator = network.stage_one_discriminator(shape, width, UNITS, FILTERS // 2)
    else:
        generator = network.stage_two_generator(stage_one, shape, blocks=BLOCKS, **shared)
        discriminator = network.stage_two_discriminator(shape, width, UNITS, FILTERS // 2)
    return generator if augmented else without_augmentation(generator), discriminator


def without_augmentation(generator):
    """The same generator with codes that are their means: it gets zeros for the noise of the code, the end of its latents."""
    latents, embedding = (keras.Input(tensor.shape[1:], name=tensor.name) for tensor in generator.inputs)
    latents = keras.Input((latents.shape[-1] - UNITS,), name="latents")
    padded = keras.ops.pad(latents, [[0, 0], [0, UNITS]])
    return keras.Model([latents, embedding], generator({"latents": padded, "embedding": embedding}))


def draw(gan, vectors, seed):
    return gan.generate(condition=vectors, seed=seed)


def obeyed(images, folder):
    """The shares of images, drawn for the first held-out texts, that show what they say: the digit, ..., and all of it."""
    size = images.shape[1]
    wanted = meanings(SIZES[1], "test")[: len(images)]
    return attributes(size).obeyed(images, wanted, judge(size, folder))


def pairs(images, classes):
    """Two arrays: of all pairs of images that follow each other in their class."""
    order = np.argsort(classes, kind="stable")
    first, second = order[:-1], order[1:]
    same = classes[first] == classes[second]
    return images[first[same]], images[second[same]]


@functools.cache
def attributes(size):
    return captions.Attributes.of(captions.load(size, "train")[0])


@functools.cache
def meanings(size, split):
    """Rows of digit, width and slant of the real images."""
    return attributes(size).read(*captions.load(size, split))


@functools.cache
def judge(size, folder):
    return keras.models.load_model(judge_path(size, folder))


def judge_path(size, folder):
    return os.path.join(folder, f"judge_captions_{size}.keras")


def vectors_path(folder):
    return os.path.join(folder, "captions.npz")
