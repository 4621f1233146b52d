"""Which GAN should a person with one small data set take today? Four of them at equal time, with and without augmentation.

MNIST's 5,000 digits, of which a fifth is held out, or Fashion-MNIST (--data fashion_mnist; on Debian: apt-get install
dataset-fashion-mnist), in 32x32, 64 latents; each class's own recipe but for what is said here:

DCGAN        half of the paper's filters, batches of 64, an average of 0.999 that is younger at first
SNGAN        the residual networks with 16 filters, five discriminator steps of batches of 32, the same average
StyleGAN2    widths from 64 at 4x4 to 8 at 32x32, batches of 32; and what the authors' later code has for CIFAR-10: two layers in
             the mapping (of 64), Adam(0.0025), gamma 0.01, the deviation of the whole batch, neither path lengths nor mixed
             styles; but the residual discriminator
R3GAN        widths 64, 32, 16 and 8, one block each, an eighth as many groups, batches of 32; the schedules over 60,000 images;
             learning rates ten times the paper's, 2e-3, and gamma 1: with 2e-4 so narrow networks move too little

"+ DiffAugment" augments what the discriminator sees by color, translation and cutout; "+ ADA" adaptively, where the discriminator
overfits (p may rise to 1 in 50,000 images), by moves, brightness and contrast; of R3GAN the same, with the probability of its
paper's schedule, which rises from 0 to 0.55 over the same images. Images are not mirrored. Seed s is that of weights, order and
latents.

FID: between training images and as many generated ones as are held out, at most 10,000, in the features of a LeNet, trained on
real labels; precision, recall: of generated and held-out images in the same features, 3 neighbors
p: the probability that adaptive augmentation has come to
curve: rounds, seconds and the FID of 2,000 samples on the way

"real" is what held-out images score in the place of generated ones.
"""

import os

import keras
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import networks
from keras_gans import penalties

SHAPE, LATENTS = (32, 32, 1), 64
LOOKS, LOOK_SAMPLES = 4, 2000
DATA, SECONDS = "mnist_5k", 600
UNTRAINED = ("real",)
BATCH_SIZES = {"DCGAN": 64, "SNGAN": 32, "StyleGAN2": 32, "R3GAN": 32}
IMAGES = 60_000  # of R3GAN's schedules
ARMS = tuple(system + augmentation for system in BATCH_SIZES for augmentation in ("", " + DiffAugment", " + ADA"))
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "FID": ("fid", 2),
    "precision": ("precision", 3),
    "recall": ("recall", 3),
    "p": ("probability", 2),
}
PICTURES = ("today",)


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, SHAPE[0], steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of the held-out images themselves, if `technique` is "real"."""
    known, images, labels, judge = common.begin(data, SHAPE[0], seed, samples, folder)
    if technique == "real":
        return rounded(common.fidelity(judge, known, known[: len(images)], images).items())
    system, _, augmentation = technique.partition(" + ")
    layer = augmenting(system, augmentation)
    gan = build(system, layer)
    batches = keras_gans.data.images(known, batch_size=BATCH_SIZES[system], seed=seed, drop_remainder=True, verbose=False)
    reference, rounds, curve = common.statistics(judge, known), 0, []
    for look in range(1, LOOKS + 1):
        rounds += common.fit_for(gan, batches, budget / LOOKS)
        made = gan.generate(min(LOOK_SAMPLES, len(images)), seed=0)
        curve.append([rounds, round(budget * look / LOOKS), round(common.fid(judge, reference, made), 2)])
    gan.save(os.path.join(folder, f"today_{data}_{technique}_{seed}.keras".replace(" ", "_")))
    made = gan.generate(len(images), seed=seed)
    line = {"rounds": rounds} | common.fidelity(judge, reference, images, made)
    if isinstance(layer, keras_gans.layers.AdaptiveAugment):
        line["probability"] = float(layer.probability)
    if seed == 0:
        common.keep(folder, "today", technique, made[: len(common.first_of_each_class(labels))])
    return rounded(line.items()) | {"curve": curve}


def augmenting(system, augmentation):
    """The layer through which a discriminator sees images; None where it sees them as they are."""
    if augmentation == "DiffAugment":
        return keras_gans.layers.DiffAugment()
    if augmentation != "ADA":
        return None
    policy = "shift,geometry,brightness,contrast"
    if system == "R3GAN":  # whose scores' signs mean nothing; the probability follows the published schedule
        rising = keras_gans.schedules.Cosine(0.0, 0.55, IMAGES, BATCH_SIZES[system])
        return keras_gans.layers.ProbabilisticAugment(rising, policy)
    return keras_gans.layers.AdaptiveAugment(policy=policy, images=50_000)


def build(system, layer):
    """A compiled GAN whose discriminator sees images through a layer, unless that is None."""

    def augmented(discriminator):
        return discriminator if layer is None else networks.with_augmentation(discriminator, layer)

    prior, average = keras_gans.latents.Normal((LATENTS,)), keras_gans.EMA(0.999, ramp_up=True)
    if system == "StyleGAN2":
        network, widths = networks.stylegan2, {"base_filters": 128, "max_filters": 64}
        generator = network.generator(SHAPE, LATENTS, **widths, mapping_layers=2, style_width=64)
        discriminator = network.discriminator(SHAPE, **widths, group_size=None)
        gan = keras_gans.StyleGAN2(generator, augmented(discriminator), mixing_probability=0.0)
        corrected = 16 / 17  # for R1 in every 16th update
        gan.compile(
            generator_optimizer=keras.optimizers.Adam(0.0025, 0.0, 0.99, 1e-8),
            discriminator_optimizer=keras.optimizers.Adam(0.0025 * corrected, 0.0, 0.99**corrected, 1e-8),
            penalties=[penalties.R1(0.01, every=16)],
        )
        return gan
    if system == "R3GAN":
        network, sizes = networks.r3gan, {"image_shape": SHAPE, "widths": (64, 32, 16, 8), "blocks": 1}
        generator = network.generator(latents=LATENTS, **sizes)
        discriminator = augmented(network.discriminator(**sizes))
        schedules = {"images": IMAGES, "batch_size": BATCH_SIZES[system]}
        gan = keras_gans.R3GAN(generator, discriminator, gamma=1.0, learning_rate=2e-3, **schedules)
    elif system == "SNGAN":
        network = networks.sngan
        generator = network.generator(SHAPE, LATENTS, channels=16)
        gan = keras_gans.SNGAN(generator, augmented(network.discriminator(SHAPE, channels=16)), latents=prior, ema=average)
    else:
        network = networks.dcgan
        generator = network.generator(SHAPE, LATENTS, 32)
        gan = keras_gans.DCGAN(generator, augmented(network.discriminator(SHAPE, 32)), latents=prior, ema=average)
    gan.compile()
    return gan
