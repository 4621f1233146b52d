"""Styles: what the mapping, the noise and the mixing of a StyleGAN are good for, each left out once.

Fashion-MNIST in 32x32 (on Debian: apt-get install dataset-fashion-mnist), or MNIST's 5,000 digits (--data mnist_5k). StyleGAN's
networks with widths from 64 at 4x4 to 8 at 32x32, 64 latents, styles of 64, a mapping of eight layers; its loss, penalty, rates
and average; steps of 32 images of the full size from the start. All have the same processor time. Seed s is that of weights,
order and latents.

FID: between training images and as many generated ones as are held out, in the features of a LeNet, trained on real labels
mixed: the same of images whose styles are those of one vector of latents up to a random layer, and of another one from there on
path in z, in w: how far images move along paths of latents, in those features, a step of 0.01, 2,000 paths: less is smoother
separable in z, in w: exp of what is left of the entropy of ten classes, as the LeNet sees them, beside linear classifiers of
latents; 1 is the best, and more of it is comparable within a column and a row alone, because it depends on what is generated
noise: the standard deviation of pixels in [-1, 1] where nothing but the noise is drawn anew
truncation: psi, FID, precision and recall (3 neighbors) of generated and held-out images

"real" is what held-out images score in the place of generated ones.
"""

import os

import numpy as np
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import evaluation
from keras_gans import networks
from keras_gans.metrics import features

SHAPE, LATENTS, BATCH_SIZE = (32, 32, 1), 64, 32
WIDTHS = {"base_filters": 128, "max_filters": 64}
PSI = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0)
PATHS, EPSILON = 2000, 1e-2
DATA, SECONDS = "fashion_mnist", 600
UNTRAINED = ("real",)
WHOLE = "StyleGAN"
ARMS = {  # arguments of the generator's network, how many steps mix
    WHOLE: ({}, 0.9),
    "mapping of 2 layers": ({"mapping_layers": 2}, 0.9),
    "without mapping": ({"mapping_layers": 0}, 0.9),
    "without noise": ({"noise": False}, 0.9),
    "without mixing": ({}, 0.0),
}
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "FID": ("fid", 2),
    "mixed": ("fid_mixed", 2),
    "path in z": ("path_z", 1),
    "path in w": ("path_w", 1),
    "separable in z": ("separability_z", 2),
    "separable in w": ("separability_w", 2),
    "noise": ("noise", 4),
}
PICTURES = ("ablation",)


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, SHAPE[0], steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; those of the held-out images themselves, if `technique` is "real"."""
    known, images, labels, judge = common.begin(data, SHAPE[0], seed, samples, folder)
    if technique == "real":
        return rounded(common.fidelity(judge, known, known[: len(images)], images).items())
    gan = build(*ARMS[technique])
    gan.compile()
    batches = keras_gans.data.images(known, batch_size=BATCH_SIZE, seed=seed, drop_remainder=True, verbose=False)
    rounds = common.fit_for(gan, batches, budget)
    gan.save(os.path.join(folder, f"ablation_{data}_{technique}_{seed}.keras".replace(" ", "_")))
    line = {"rounds": rounds, "noise": noise(gan, seed)} | paths(gan, judge, min(PATHS, samples), seed)
    line |= separability(gan, judge, samples, seed)
    reference = common.statistics(judge, known)
    line["fid"] = common.fid(judge, reference, gan.generate(len(images), seed=seed))
    line["fid_mixed"] = common.fid(judge, reference, mixed(gan, len(images), seed))
    if seed == 0:
        common.keep(folder, "ablation", technique, gan.generate(10, seed=seed))
        if technique == WHOLE:
            show(gan, folder)
    return rounded(line.items()) | {"truncation": truncation(gan, judge, reference, images, seed)}


def build(arguments, mixing):
    network = networks.stylegan
    return keras_gans.StyleGAN(
        network.generator(SHAPE, LATENTS, **WIDTHS, style_width=LATENTS, **arguments),
        network.discriminator(SHAPE, **WIDTHS),
        growth=keras_gans.schedules.Growth(1, 1, SHAPE[0]),
        mixing_probability=mixing,
    )


def latents(gan, count, seed, purpose):
    return gan.latents.sample(count, seed=(seed, purpose)).numpy()


def mixed(gan, count, seed):
    """Images of pairs of latents, the second of which have the styles from a layer on that is drawn for each."""
    one, other = (gan.map(latents(gan, count, seed, purpose)) for purpose in (1, 2))
    layers = one.shape[1]
    crossover = np.random.default_rng(seed).integers(1, layers, count)
    styles = np.where(np.arange(layers)[None, :, None] < crossover[:, None, None], one, other)
    return gan.synthesize(styles, seed=seed)


def noise(gan, seed, count=50, draws=16):
    styles = np.repeat(gan.map(latents(gan, count, seed, 3)), draws, axis=0)
    images = gan.synthesize(styles, seed=seed)
    return images.reshape(count, draws, -1).std(axis=1).mean()


def paths(gan, judge, count, seed):
    """Path lengths in z, of the images of fixed noise, and in w."""
    ends = [latents(gan, count, seed, purpose) for purpose in (4, 5)]
    shared = {"epsilon": EPSILON, "extractor": features.ClassifierFeatures(judge, quantize=False), "seed": seed}
    in_z = evaluation.perceptual_path_length(gan, *ends, method="slerp", **shared)
    styles = [gan.map(each)[:, -1] for each in ends]
    in_w = evaluation.perceptual_path_length(evaluation.StyleSpace(gan), *styles, method="lerp", **shared)
    return {"path_z": in_z.mean, "path_w": in_w.mean}


def separability(gan, judge, count, seed):
    """That of z and w; nothing, where all images look like those of one class, or of none."""
    z = latents(gan, count, seed, 6)
    probabilities = np.clip(judge.predict(gan.generate(latents=z), batch_size=common.BATCH, verbose=0), 1e-7, 1 - 1e-7)
    logits = np.log(probabilities) - np.log1p(-probabilities)
    spaces = {"z": z, "w": gan.map(z)[:, -1]}
    try:
        return {f"separability_{name}": evaluation.linear_separability(space, logits).score for name, space in spaces.items()}
    except ValueError:
        return {}


def truncation(gan, judge, reference, images, seed):
    """A list of psi, FID, precision and recall."""
    curve = []
    for psi in PSI:
        made = gan.generate(len(images), truncation=psi, seed=seed)
        figures = common.fidelity(judge, reference, images, made)
        curve.append([psi, *dict(rounded(figures.items())).values()])
    return curve


def show(gan, folder):
    """Ten images for each psi, and the tables of mixed styles."""
    rows = [gan.generate(10, truncation=psi, seed=1) for psi in PSI]
    keras_gans.utils.save_images(os.path.join(folder, "truncation.png"), np.concatenate(rows), rows=len(rows))
    tables = [evaluation.style_mixing_table(gan, range(4), range(10, 19), layers) for layers in ("coarse", "middle")]
    images = np.concatenate(tables).reshape(-1, *SHAPE)
    keras_gans.utils.save_images(os.path.join(folder, "mixing.png"), images, columns=10)
