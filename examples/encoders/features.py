"""BiGAN: does an encoder that never saw a label tell classes apart, and better than its baselines?

The comparison of the paper's first table, at this size: MNIST's 5,000 digits of 28x28 in [0, 1], of which a fifth is held out, or
Fashion-MNIST (--data fashion_mnist). All have the paper's networks for digits with half of the units, batches of 128, Adam 2e-4:

BiGAN                    generator, encoder and discriminator of pairs
latent regressor         a GAN; the encoder finds the latents of what it makes, by the cross-entropy of the authors' code
joint latent regressor   the generator helps, with a weight of 0.25
autoencoder, l2 or l1    the same encoder and generator, trained by Keras alone to reconstruct

1-NN: the share of held-out images whose nearest training image, in the encoder's last hidden layer, has their class
linear: that of a logistic regression on the same layer
reconstruction: mean |G(E(x)) - x| of held-out images, in grey levels of 0..255

"pixels" are the images themselves. Seed s is that of weights, order and latents.
"""

import os

import keras
import numpy as np
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import evaluation
from keras_gans import networks

UNITS, BATCH_SIZE = 512, 128
DATA, SECONDS = "mnist_5k", 600
UNTRAINED = ("pixels",)
ARMS = ("BiGAN", "latent regressor", "joint latent regressor", "autoencoder, l2", "autoencoder, l1")
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "1-NN": ("nearest_neighbor", 4),
    "linear": ("linear", 4),
    "reconstruction": ("reconstruction", 2),
}
PICTURES = ("features",)


def prepare(data, samples, steps, folder):
    """Nothing judges but labels."""


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of the pixels, if `technique` is "pixels"."""
    keras.utils.set_random_seed(seed)
    sets = {split: [array[:samples] for array in common.load(data, split)] for split in ("train", "test")}
    images = {split: (array + 1) / 2 for split, (array, _) in sets.items()}
    labels = {split: array for split, (_, array) in sets.items()}
    line, features = {}, {split: array.reshape(len(array), -1) for split, array in images.items()}
    shown = common.first_of_each_class(labels["test"])
    kept = images["test"]
    if technique in ARMS:
        generator, encoder, line["rounds"] = trained(technique, data, seed, budget)
        encoder.save(os.path.join(folder, f"features_{data}_{technique}_{seed}.keras".replace(" ", "_")))
        hidden = keras.Model(encoder.input, encoder.get_layer("features").output)
        features = {split: hidden.predict(array, batch_size=common.BATCH, verbose=0) for split, array in images.items()}
        codes = encoder.predict(images["test"], batch_size=common.BATCH, verbose=0)
        kept = generator.predict(codes, batch_size=common.BATCH, verbose=0)
        line["reconstruction"] = 255 * np.mean(np.abs(kept - images["test"]))
    probed = features["train"], labels["train"], features["test"], labels["test"]
    line["nearest_neighbor"] = evaluation.nearest_neighbor_probe(*probed)
    line["linear"] = evaluation.linear_probe(*probed)
    if seed == 0:
        common.keep(folder, "features", technique, 2 * kept[shown] - 1)
    return rounded(line.items())


def trained(technique, data, seed, seconds):
    """A generator and an encoder after so many seconds, and their rounds."""
    images, _ = common.load(data, "train")
    batches = keras_gans.data.images(images, batch_size=BATCH_SIZE, seed=seed, verbose=False).map(lambda x: (x + 1) / 2)
    network = networks.bigan
    generator, encoder = network.generator(units=UNITS), network.encoder(units=UNITS)
    if technique.startswith("autoencoder"):
        model = keras.Model(encoder.input, generator(encoder.output))
        model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), "mse" if technique.endswith("l2") else "mae")
        return generator, encoder, common.fit_for(model, batches.map(lambda x: (x, x)), seconds)
    if technique == "BiGAN":
        gan = keras_gans.BiGAN(generator, encoder, network.discriminator(units=UNITS))
    else:
        discriminator = network.discriminator(latents=None, units=UNITS)
        gan = keras_gans.LatentRegressor(generator, encoder, discriminator, joint=technique.startswith("joint"))
    gan.compile()
    return generator, encoder, common.fit_for(gan, batches, seconds)
