"""InfoGAN: does a code that nobody named come to mean something?

Images of 28x28 in [0, 1], MNIST's 5,000 digits, of which a fifth is held out, or Fashion-MNIST (--data fashion_mnist). The
networks are the paper's with half of their filters; latents, losses and rates are the paper's, batches of 64. The GAN without
mutual information has the same latents, the same networks, and no use for the code. Seed s is that of weights, order and latents.

generated: the share of generated images that a LeNet, trained on real labels, takes for the class that goes with the category of
their code, after the best matching of ten categories and ten classes
real: the share of held-out images for whose class the discriminator finds the category, after the best matching of its own
slant, width: how much of the measured slant, and of the strokes' measured width, the better of both continuous codes explains,
r^2, within the images of a category
information: the bound of the mutual information of image and codes, in nats; ten categories have 2.303 and two continuous codes
as many as can be told
FID: between training images and generated ones, in the features of the LeNet
"""

import os

import keras
import numpy as np
from lectures.budget import rounded
from studies import common
from translation import captions

import keras_gans
from keras_gans import losses
from keras_gans import networks
from keras_gans.evaluation import code_accuracy

FILTERS, BATCH_SIZE = 32, 64
DATA, SECONDS = "mnist_5k", 600
UNTRAINED = ("real",)
ARMS = {"InfoGAN": 1.0, "without mutual information": 0.0}
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "generated": ("generated", 3),
    "real": ("real", 3),
    "slant": ("slant", 3),
    "width": ("width", 3),
    "information": ("information", 2),
    "FID": ("fid", 2),
}
PICTURES = ("codes",)


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, None, steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; the FID of held-out images themselves, if `technique` is "real"."""
    keras.utils.set_random_seed(seed)
    images, labels = (array[:samples] for array in common.load(data, "test"))
    judge = common.load_judge(data, None, folder)
    if technique == "real":
        return rounded({"fid": common.fid(judge, common.load(data, "train")[0], images)}.items())
    gan, rounds = trained(data, seed, budget, ARMS[technique])
    gan.save(os.path.join(folder, f"codes_{data}_{technique}_{seed}.keras".replace(" ", "_")))
    latents = gan.latents.sample(samples, (0, seed)).numpy()
    made = 2 * gan.generate(latents=latents) - 1
    parts = gan.latents.split(latents)
    categories = np.argmax(parts["categories"][0], axis=-1)
    line = {"rounds": rounds, "generated": code_accuracy(categories, common.predictions(judge, made)).accuracy}
    if technique == "InfoGAN":
        found = gan.infer_code((images + 1) / 2)
        line["real"] = code_accuracy(found["categories"][0], labels).accuracy
        output = gan.discriminator.predict((made + 1) / 2, batch_size=common.BATCH, verbose=0)
        line["information"] = np.mean(gan.auxiliary_losses["mutual_information"].information(latents, output))
    for name, measure in (("slant", captions.slants), ("width", captions.widths)):
        line[name] = explained(measure(made), parts["continuous"], categories)
    line["fid"] = common.fid(judge, common.load(data, "train")[0], made)
    if seed == 0:
        rows = gan.latents.join(categories=[range(10)], seed=(0, seed))
        common.keep(folder, "codes", technique, 2 * gan.generate(latents=rows) - 1)
    return rounded(line.items())


def trained(data, seed, seconds, weight):
    """A GAN after so many seconds, and its rounds."""
    network = networks.infogan
    gan = keras_gans.InfoGAN(network.generator(filters=FILTERS), network.discriminator(filters=FILTERS))
    gan.compile(auxiliary_losses=[losses.MutualInformation(weight)])
    images, _ = common.load(data, "train")
    batches = keras_gans.data.images(images, batch_size=BATCH_SIZE, seed=seed, verbose=False).map(lambda x: (x + 1) / 2)
    return gan, common.fit_for(gan, batches, seconds)


def explained(measured, codes, categories):
    """r^2 of a measure and the code that explains most of it, both less their means in each category."""
    both = np.column_stack([measured, codes])
    for category in np.unique(categories):
        both[categories == category] -= both[categories == category].mean(axis=0)
    return max(np.corrcoef(both.T)[0, 1:] ** 2)
