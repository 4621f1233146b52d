"""An explicit likelihood and blur, or none and sharp: VAE, VAE/GAN, GAN, BiGAN and adversarial autoencoder, side by side.

Fashion-MNIST (on Debian: apt-get install dataset-fashion-mnist) in 32x32, or MNIST's 5,000 digits (--data mnist_5k); batches of
64. All have the same generator, DCGAN's with half of the paper's filters, and latents of 64 numbers, standard normal. Encoders
and discriminators of images are the same convolutions, those of DCGAN's discriminator, and what follows them. Only the method
differs:

VAE        a Gaussian likelihood of a fixed standard deviation of 0.2; Adam 1e-3
VAE/GAN    reconstructions are compared in the discriminator's features, of which the generator's gradient has a share of 1e-3
           (the better of 1e-3 and 1e-5 in trials of 40 seconds)
DCGAN      the GAN alone: no encoder, and nothing to reconstruct with
BiGAN      the discriminator sees the latents, too, after two dense layers of their own, where its convolutions end
AAE        the squared error, and a discriminator of codes, of two dense layers of 256 units

Where nothing else is said, recipes are the papers'. Encoders of BiGAN and AAE are deterministic, as published. Seed s is that of
weights, order and latents.

FID: between training images and as many generated ones as are held out, in the features of a LeNet, trained on real labels
precision, recall: of generated and held-out images, as many of each, in the same features, 3 neighbors
sharpness: the mean step from one pixel to the next, of that of held-out images
reconstruction: mean |G(E(x)) - x| of held-out images, in grey levels of 0..255, and SSIM
same class: the share of reconstructions that the LeNet takes for what the image's label says
sharpness of reconstructions: as above

"real" is what held-out images score in the place of generated ones, and precision and recall are then of as many training images.
"""

import os

import keras
from keras import layers
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import metrics
from keras_gans import networks

SHAPE, LATENTS, FILTERS, BATCH_SIZE = (32, 32, 1), 64, 32, 64
SCALE, GAMMA, UNITS = 0.2, 1e-3, (256, 256)
LAST = -3  # the layer of DCGAN's discriminator after which it scores
DATA, SECONDS = "fashion_mnist", 300
UNTRAINED = ("real",)
ARMS = ("VAE", "VAE/GAN", "DCGAN", "BiGAN", "AAE")
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "FID": ("fid", 2),
    "precision": ("precision", 3),
    "recall": ("recall", 3),
    "sharpness": ("sharpness", 2),
    "reconstruction": ("reconstruction", 2),
    "SSIM": ("ssim", 3),
    "same class": ("same_class", 3),
    "sharpness of reconstructions": ("reconstruction_sharpness", 2),
}
PICTURES = ("compare_samples", "compare_reconstructions")


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, SHAPE[0], steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of the held-out images themselves, if `technique` is "real"."""
    known, images, labels, judge = common.begin(data, SHAPE[0], seed, samples, folder)
    shown = common.first_of_each_class(labels)
    if technique == "real":
        line, like, made, kept = {}, known[: len(images)], images, images
    else:
        gan, rounds = trained(technique, data, seed, budget)
        gan.save(os.path.join(folder, f"compare_{data}_{technique}_{seed}.keras".replace("/", "_")))
        line, like, made, kept = {"rounds": rounds}, images, gan.generate(len(images), seed=seed), None
        if hasattr(gan, "encoder"):
            kept = gan.reconstruct(images)
            line["reconstruction"] = 127.5 * abs(kept - images).mean()
            line["ssim"] = common.of_pairs(metrics.SSIM(), images, kept)
            line["same_class"] = common.accuracy(judge, kept, labels)
            line["reconstruction_sharpness"] = common.step(kept) / common.step(images)
    line |= common.fidelity(judge, known, like, made)
    line["sharpness"] = common.step(made) / common.step(images)
    if seed == 0:
        common.keep(folder, "compare_samples", technique, made[: len(shown)] if technique in ARMS else made[shown])
        if kept is not None:
            common.keep(folder, "compare_reconstructions", technique, kept[shown])
    return rounded(line.items())


def trained(technique, data, seed, seconds):
    """A model that generates, and perhaps encodes, after so many seconds, and its rounds."""
    images, _ = common.load(data, "train", SHAPE[0])
    batches = keras_gans.data.images(images, batch_size=BATCH_SIZE, seed=seed, verbose=False)
    model = build(technique)
    model.compile()
    return model, common.fit_for(model, batches, seconds)


def build(technique):
    prior = keras_gans.latents.Normal((LATENTS,))
    generator = networks.dcgan.generator(SHAPE, LATENTS, FILTERS)
    if technique == "DCGAN":
        return keras_gans.DCGAN(generator, networks.dcgan.discriminator(SHAPE, FILTERS), latents=prior)
    if technique == "VAE":
        return keras_gans.VAE(generator, encoder(("mean", "log_scale")), likelihood="gaussian", scale=SCALE)
    if technique == "VAE/GAN":
        return keras_gans.VAEGAN(generator, encoder(("mean", "log_scale")), discriminator_with_features(), gamma=GAMMA)
    if technique == "BiGAN":
        return keras_gans.BiGAN(generator, encoder(), pair_discriminator(), latents=prior)
    return keras_gans.AAE(generator, encoder(), networks.aae.code_discriminator(LATENTS, UNITS))


def encoder(outputs=("latents",)):
    """The convolutions of DCGAN's discriminator, and a dense layer for each output."""
    judge = networks.dcgan.discriminator(SHAPE, FILTERS)
    x = layers.Flatten()(judge.layers[LAST].output)
    return keras.Model(judge.input, {name: layers.Dense(LATENTS, dtype="float32", name=name)(x) for name in outputs})


def discriminator_with_features():
    """DCGAN's discriminator, and what its last hidden convolution gives before its normalization."""
    judge = networks.dcgan.discriminator(SHAPE, FILTERS)
    return keras.Model(judge.input, {"scores": judge.output, "features": judge.layers[LAST - 2].output})


def pair_discriminator():
    """The convolutions of DCGAN's discriminator, which dense layers of the latents join."""
    judge = networks.dcgan.discriminator(SHAPE, FILTERS)
    code = z = keras.Input((LATENTS,), name="latents")
    for units in UNITS:
        code = layers.LeakyReLU(0.2)(layers.Dense(units)(code))
    x = layers.Concatenate()([layers.Flatten()(judge.layers[LAST].output), code])
    x = layers.LeakyReLU(0.2)(layers.Dense(UNITS[-1])(x))
    return keras.Model([judge.input, z], layers.Dense(1, dtype="float32", name="scores")(x))
