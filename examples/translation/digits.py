"""Digits of scikit-learn to digits of MNIST, and back, learnt without pairs: how often a translated digit stays what it was.

a: the 1,797 digits of scikit-learn, 8x8, of 16 levels of grey, enlarged to 20x20, the size that MNIST's digits have, in 32x32.
b: 5,000 digits of MNIST in 32x32. A quarter of a and a fifth of b are held out; nothing sees a label but the judges: a LeNet for
each domain, trained on the labels of its real images.

accuracy: the share of translated held-out digits that the judge of their new domain takes for what they were
renamed: the same after the best one-to-one change of names, for translations that mix up classes, but the same way each time
FID: between the training images of the target domain and the translations, in the features of its judge
cycle: mean |F(G(a)) - a| of held-out images, in [-1, 1]

The networks are the papers' for 32x32 with 16 filters: CycleGAN's with three residual blocks and patches of 34x34, UNIT's with
a discriminator of three halvings; CoGAN's, which are of 28x28, have 32 filters, and its discriminator is the paper's. The recipes
are theirs, but for the batches: 4 images for CycleGAN and UNIT, 16 for the others. DiscoGAN's weights change after 10,000
iterations, 3,333 rounds, and SimGAN's players move alone for 1,000 and 200 rounds, as published. "Without cycle" is the
adversarial loss alone. Seed s is that of weights and order; what is held out is the same for all.

CoGAN makes pairs of latents and translates nothing: an image is translated by the latents of its nearest image, found by 100
steps of Adam from two starts.

"real" is what held-out images of the target domain score, as many as there are translations, and "untranslated" what the sources
score as they are. SimGAN goes one way.
"""

import dataclasses
import functools
import os
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import networks
from keras_gans.evaluation import code_accuracy
from keras_gans.evaluation import invert
from keras_gans.losses import CycleConsistency

SHAPE, FILTERS = (32, 32, 1), 16
DATA, SECONDS = "digits", 600
COLUMNS = {
    "rounds": ("rounds", 0),
    "accuracy a to b": ("a_to_b_accuracy", 3),
    "renamed": ("a_to_b_renamed", 3),
    "FID": ("a_to_b_fid", 2),
    "accuracy b to a": ("b_to_a_accuracy", 3),
    "renamed ": ("b_to_a_renamed", 3),
    "FID ": ("b_to_a_fid", 2),
    "cycle a": ("cycle_a", 3),
    "cycle b": ("cycle_b", 3),
}
PICTURES = ("digits_a_to_b", "digits_b_to_a")


@dataclasses.dataclass
class System:
    """A system that translates, and how it takes images.

    gan           What is trained.
    batch_size    Int.
    there, back   Functions of images as the system takes them, from a to b, and from b to a if it goes that way too.
    low           The value of black, -1 or 0.
    size          Height and width, 32 or less: the margins of the images are black.
    """

    gan: keras.Model
    batch_size: int
    there: Callable
    back: Callable | None = None
    low: float = -1.0
    size: int = SHAPE[0]

    def taken(self, images):
        """Images of `load` as the system takes them."""
        start, end = self._margin, SHAPE[0] - self._margin
        images = images[:, start:end, start:end]
        return images if self.low == -1 else (images + 1) / 2

    def given(self, images):
        """What it makes, as `load` has images."""
        images = images if self.low == -1 else 2 * images - 1
        return np.pad(images, ((0, 0), *2 * [(self._margin, self._margin)], (0, 0)), constant_values=-1)

    @property
    def _margin(self):
        return (SHAPE[0] - self.size) // 2


def cycle_gan(**options):
    build = networks.cyclegan
    generators = [build.generator(SHAPE, 1, FILTERS, blocks=3) for _ in range(2)]
    gan = keras_gans.CycleGAN(*generators, *(build.discriminator(SHAPE, layers=2, filters=FILTERS) for _ in range(2)))
    gan.compile(**options)
    return System(gan, 4, gan.translate, gan.translate_back)


def disco_gan():
    build = networks.discogan
    generators = [build.generator(SHAPE, 1, FILTERS) for _ in range(2)]
    gan = keras_gans.DiscoGAN(*generators, *(build.discriminator(SHAPE, FILTERS) for _ in range(2)))
    gan.compile()
    return System(gan, 16, gan.translate, gan.translate_back, low=0.0)


def sim_gan():
    gan = keras_gans.SimGAN(networks.simgan.generator(SHAPE, filters=FILTERS), networks.simgan.discriminator(SHAPE))
    gan.compile()
    return System(gan, 16, gan.translate)


def co_gan():
    build = networks.cogan
    gan = keras_gans.CoGAN(build.generators(filters=32), build.discriminators())
    gan.compile()
    first, second = (gan.view(gan.generator, game) for game in gan.games)
    width = first.input_shape[-1]
    there, back = through_latents(first, second, width), through_latents(second, first, width)
    return System(gan, 16, there, back, low=0.0, size=28)


def unit():
    build, small = networks.unit, {"image_shape": SHAPE, "filters": FILTERS}
    discriminators = build.discriminators(shared_layers=1, **small)
    gan = keras_gans.UNIT(build.generators(**small), build.encoders(**small), discriminators)
    gan.compile()
    return System(gan, 4, gan.translate, gan.translate_back)


SYSTEMS = {
    "CycleGAN": cycle_gan,
    "CycleGAN without identity": functools.partial(cycle_gan, auxiliary_losses=[CycleConsistency(10.0)]),
    "CycleGAN without cycle": functools.partial(cycle_gan, auxiliary_losses=[]),
    "DiscoGAN": disco_gan,
    "SimGAN": sim_gan,
    "CoGAN": co_gan,
    "UNIT": unit,
}
UNTRAINED = ("real", "untranslated")
STAGES = [(*UNTRAINED, *SYSTEMS)]


def through_latents(source, target, latents, steps=100, starts=2):
    """A translation by generators of both domains that share their latents: those of the nearest image of the source domain.

    Args:
        source, target: `keras.Model`, latents to images.
        latents: Int, width of the latents.
        steps, starts: As in `keras_gans.evaluation.invert`.

    Returns:
        Function of images, to images.
    """

    def translate(images):
        found = [invert(source, part, latents, steps, starts=starts).latents for part in common.parts(images)]
        return target.predict(np.concatenate(found), batch_size=common.BATCH, verbose=0)

    return translate


def prepare(data, samples, steps, folder):
    for domain in "ab":
        common.train_judge(judge_path(domain, folder), *load(domain, "train"), *load(domain, "test"), steps)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training."""
    keras.utils.set_random_seed(seed)
    tests = {domain: [array[:samples] for array in load(domain, "test")] for domain in "ab"}
    system, line = None, {}
    if technique in SYSTEMS:
        system = SYSTEMS[technique]()
        line["rounds"] = common.fit_for(system.gan, batches(system, seed), budget)
        system.gan.save(os.path.join(folder, f"digits_{technique}_{seed}.keras".replace(" ", "_")))
    for source, target in ("ab", "ba"):
        images, labels = tests[source]
        if system is None:
            made, labels = (images, labels) if technique == "untranslated" else [array[: len(images)] for array in tests[target]]
        else:
            there, back = (system.there, system.back) if source == "a" else (system.back, system.there)
            if there is None:
                continue
            translated = there(system.taken(images))
            made = system.given(translated)
            if back is not None:
                line[f"cycle_{source}"] = np.mean(np.abs(system.given(back(translated)) - images))
        line |= figures(made, labels, f"{source}_to_{target}", target, folder)
        if seed == 0 and technique != "real":
            common.keep(folder, f"digits_{source}_to_{target}", technique, made[common.first_of_each_class(labels)])
    return rounded(line.items())


def batches(system, seed):
    a, b = (system.taken(load(domain, "train")[0]) for domain in "ab")
    if system.low == -1:
        return keras_gans.data.unpaired(a, b, batch_size=system.batch_size, flip=False, seed=seed, verbose=False)
    pairs = keras_gans.data.unpaired(2 * a - 1, 2 * b - 1, batch_size=system.batch_size, flip=False, seed=seed, verbose=False)
    return pairs.map(lambda a, b: ((a + 1) / 2, (b + 1) / 2))


def figures(made, labels, name, target, folder):
    judge = keras.models.load_model(judge_path(target, folder))
    taken_for = common.predictions(judge, made)
    return {
        f"{name}_accuracy": np.mean(taken_for == labels),
        f"{name}_renamed": code_accuracy(taken_for, labels).accuracy,
        f"{name}_fid": common.fid(judge, load(target, "train")[0], made),
    }


@functools.cache
def load(domain, split):
    """Images of 32x32 in [-1, 1] in a fixed order, and their labels."""
    batches = keras_gans.data.load({"a": "digits", "b": "mnist_5k"}[domain], batch_size=5000, shuffle=False, verbose=False)
    images, labels = next(batches.as_numpy_iterator())
    if domain == "a":
        images = tf.clip_by_value(tf.image.resize(images, (20, 20), "bicubic"), -1, 1).numpy()
    margin = (SHAPE[0] - images.shape[1]) // 2
    images = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)), constant_values=-1)
    order = np.random.default_rng(0).permutation(len(images))
    held_out = len(images) // (4 if domain == "a" else 5)
    order = order[:held_out] if split == "test" else order[held_out:]
    return images[order], labels[order]


def judge_path(domain, folder):
    return os.path.join(folder, f"judge_digits_{domain}.keras")
