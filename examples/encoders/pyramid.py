"""LAPGAN, a game for each level of an image, beside a single GAN of as many parameters.

Fashion-MNIST (on Debian: apt-get install dataset-fashion-mnist) in 32x32, or MNIST's 5,000 digits (--data mnist_5k); batches of
64.

LAPGAN                   8x8, 16x16, 32x32: dense layers of 400 and 200 units, convolutions of 8 filters, 293,000 parameters; the
                         levels train one after the other, each for a third of the time
same generator, one GAN  the same generator, all levels as one network, against one discriminator of whole images: that of a level
                         with 44 filters; 291,000 parameters
dense GAN                the paper's baseline, dense layers of 184 and 52 units; 298,000 parameters

Otherwise the paper's networks, its loss and order of updates. Dense generators have the ReLU of the paper's text in both layers:
with the release's sigmoid, so few units begin with images that hardly differ, and go on so. Adam 2e-4 takes the place of SGD,
which takes hundreds of epochs. Seed s is that of weights, order and latents.

FID: between training images and as many generated ones as are held out, cut to [-1, 1], in the features of a LeNet, trained on
real labels
log-likelihood: of held-out images under a Gaussian Parzen window on as many generated ones, in nats, pixels in [0, 1]; its width
is the best for a tenth of the held-out images, which is left out; of whole images, and of images made smaller to 8x8
variety: the standard deviation of a pixel over generated images, of that over held-out ones, a mean over pixels; and at 8x8

"real" is what training images score in the place of generated ones, and the FID of held-out ones. The picture has the smallest
image, the next, and the whole, of each of four: of generators with levels what each level makes, of others whole images made
smaller.
"""

import os

import keras
import numpy as np
from lapgan import up_to_each_level
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import evaluation
from keras_gans import losses
from keras_gans import networks

SIZES, LATENTS, BATCH_SIZE = (8, 16, 32), 100, 64
UNITS, FILTERS, WHOLE_FILTERS, DENSE_UNITS = (400, 200), 8, 44, (184, 52)
SHAPES = [(size, size, 1) for size in SIZES]
SIGMAS = np.logspace(-1.5, 0.5, 21)
DATA, SECONDS = "fashion_mnist", 300
UNTRAINED = ("real",)
ARMS = ("LAPGAN", "same generator, one GAN", "dense GAN")
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "FID": ("fid", 2),
    "log-likelihood": ("log_likelihood", 0),
    "at 8x8": ("coarse_log_likelihood", 1),
    "variety": ("variety", 3),
    "variety at 8x8": ("coarse_variety", 3),
}
PICTURES = ("pyramid",)
SHOWN = 4


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, SIZES[-1], steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of training images, if `technique` is "real"."""
    keras.utils.set_random_seed(seed)
    known, _ = common.load(data, "train", SIZES[-1])
    images, _ = (array[:samples] for array in common.load(data, "test", SIZES[-1]))
    line = {}
    if technique == "real":
        made = known[: len(images)]
        levels = pyramid(made[:SHOWN])
    else:
        gan, line["rounds"] = trained(technique, data, seed, budget)
        gan.save(os.path.join(folder, f"pyramid_{data}_{technique}_{seed}.keras".replace(" ", "_").replace(",", "")))
        made = gan.generate(len(images), seed=seed)
        if technique == "dense GAN":
            levels = pyramid(made[:SHOWN])
        else:
            levels = up_to_each_level(gan, gan.latents.sample(SHOWN, (0, seed)), None)
    judged = images if technique == "real" else np.clip(made, -1, 1)
    line["fid"] = common.fid(common.load_judge(data, SIZES[-1], folder), known, judged)
    line |= figures(images, made)
    line |= {f"coarse_{name}": value for name, value in figures(*map(coarse, (images, made))).items()}
    if seed == 0:
        shown = np.stack(levels, axis=1).reshape(-1, *SHAPES[-1])
        common.keep(folder, "pyramid", technique, np.clip(shown, -1, 1))
    return rounded(line.items())


def trained(technique, data, seed, seconds):
    """A GAN after so many seconds, and its rounds."""
    images, _ = common.load(data, "train", SIZES[-1])
    batches = keras_gans.data.images(images, batch_size=BATCH_SIZE, seed=seed, verbose=False)
    gan, phases = build(technique)
    rounds = 0
    for phase in phases:
        if phase is not None:
            gan.train_levels(phase)
        gan.compile(
            *(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)),
            loss=losses.Weighted("non_saturating", discriminator=0.5),
            update_rule="alternating",
        )
        rounds += common.fit_for(gan, batches, seconds / len(phases))
    return gan, rounds


def build(technique):
    """A GAN, and the levels that train, one after the other; None for a GAN without."""
    network, (first, *others), whole = networks.lapgan, SHAPES, SHAPES[-1]
    prior = keras_gans.latents.Uniform
    if technique == "dense GAN":
        generator = network.generator(whole, LATENTS, units=DENSE_UNITS[0], activation="relu")
        discriminator = network.discriminator(whole, units=DENSE_UNITS[1])
        return keras_gans.GAN(generator, discriminator, prior((LATENTS,))), [None]
    generators = [network.generator(first, LATENTS, units=UNITS[0], activation="relu")]
    generators += [network.level_generator(shape, filters=FILTERS) for shape in others]
    if technique == "LAPGAN":
        discriminators = [network.discriminator(first, units=UNITS[1])]
        discriminators += [network.level_discriminator(shape, filters=FILTERS) for shape in others]
        return keras_gans.LAPGAN(generators, discriminators), range(1, len(SHAPES) + 1)
    generator = network.pyramid_generator(generators)
    return keras_gans.GAN(generator, whole_discriminator(), prior(generator.input_shape[1:])), [None]


def whole_discriminator():
    """The discriminator of a level as one of whole images: nothing is below them."""
    images = keras.Input(SHAPES[-1], name="images")
    level = networks.lapgan.level_discriminator(SHAPES[-1], filters=WHOLE_FILTERS)
    return keras.Model(images, level([images, keras.ops.zeros_like(images)]))


def figures(images, made):
    """Log-likelihood and variety of generated images, beside held-out ones of their size."""
    cut = len(images) // 10
    parzen = evaluation.parzen_log_likelihood(made, images[cut:], validation=images[:cut], sigmas=SIGMAS)
    return {"log_likelihood": parzen.mean, "variety": np.mean(made.std(axis=0)) / np.mean(images.std(axis=0))}


def coarse(images):
    """Images made as small as those of the first level."""
    return np.asarray(keras_gans.utils.laplacian_pyramid(images, SIZES[-2::-1])[-1])


def pyramid(images):
    """Images as they are before each level but the first adds its band, enlarged; and the images."""
    bands = [np.asarray(band) for band in keras_gans.utils.laplacian_pyramid(images, SIZES[-2::-1])]
    kept = [[band if number >= level else np.zeros_like(band) for number, band in enumerate(bands)] for level in (2, 1, 0)]
    return [np.asarray(keras_gans.utils.from_laplacian_pyramid(each)) for each in kept]
