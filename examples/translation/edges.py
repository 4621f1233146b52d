"""pix2pix from edges to clothes: the paper's ablations, of losses, of skip connections and of the patches' size.

Fashion-MNIST (on Debian: apt-get install dataset-fashion-mnist) in 32x32; the source is where Sobel's filter finds an edge. The
networks are the paper's for 32x32 with 16 filters; Adam 2e-4, batches
of 32, no crops, no mirrors. Where there is no adversarial loss, there is no discriminator to pay for. Images are translated as
they are trained, with dropout and the statistics of a batch of 32.

accuracy: the share of translated held-out edges that a LeNet, trained on the labels of real images, takes for what they were: the
kin of the paper's FCN-score
L1, SSIM: between translation and target, L1 in grey levels of 0..255
FID: between as many training images and the translations, in the features of the LeNet

"real" is what the held-out images themselves score, and "edges" what their edges do. Of the 10,000 images of the test set all are
translated; seed s is that of weights, order and dropout.
"""

import os

import keras
import numpy as np
import tensorflow as tf
from lectures.budget import rounded
from studies import common

import keras_gans
from keras_gans import metrics
from keras_gans import networks

SHAPE, FILTERS, BATCH_SIZE = (32, 32, 1), 16, 32
DATA, SECONDS = "fashion_mnist", 400
# What is not pix2pix with a U-Net, L1 and a conditional PatchGAN of 16x16, half of the images' sides.
ARMS = {
    "L1": {"adversarial": False},
    "cGAN": {"l1": False},
    "L1 + cGAN": {},
    "L1 + GAN": {"conditional": False},
    "encoder-decoder, L1": {"skip_connections": False, "adversarial": False},
    "encoder-decoder, L1 + cGAN": {"skip_connections": False},
    "patches of 1": {"layers": 0},
    "patches of 34": {"layers": 2},
    "whole image": {"layers": 3},  # 70x70
}
THRESHOLD = 0.25
UNTRAINED = ("real", "edges")
STAGES = [(*UNTRAINED, *ARMS)]
COLUMNS = {
    "rounds": ("rounds", 0),
    "accuracy": ("accuracy", 3),
    "L1, of 255": ("l1", 2),
    "SSIM": ("ssim", 3),
    "FID": ("fid", 2),
}
PICTURES = ("edges",)


def prepare(data, samples, steps, folder):
    common.prepare_judge(data, SHAPE[0], steps, folder)


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training; of held-out images themselves, if `technique` is "real", and of their edges, if "edges"."""
    keras.utils.set_random_seed(seed)
    images, _ = common.load(data, "train", SHAPE[0])
    targets, labels = (array[:samples] for array in common.load(data, "test", SHAPE[0]))
    made, line = {"real": targets, "edges": edges(targets)}.get(technique), {}
    if technique in ARMS:
        pairs = keras_gans.data.paired(edges(images), images, batch_size=BATCH_SIZE, flip=False, seed=seed, verbose=False)
        gan, line["rounds"] = trained(pairs, budget, **ARMS[technique])
        made = gan.translate(edges(targets), seed=seed)
        gan.generator.save(os.path.join(folder, f"edges_{technique}_{seed}.keras".replace(" ", "_")))
    if seed == 0:
        common.keep(folder, "edges", technique, made[common.first_of_each_class(labels)])
    judge = common.load_judge(data, SHAPE[0], folder)
    figures = {
        "accuracy": common.accuracy(judge, made, labels),
        "l1": 127.5 * np.mean(np.abs(made - targets)),
        "ssim": common.of_pairs(metrics.SSIM(), targets, made),
        "fid": common.fid(judge, images[:samples], made),
    }
    return line | rounded(figures.items())


def trained(pairs, seconds, skip_connections=True, adversarial=True, l1=True, conditional=True, layers=1):
    """A pix2pix after so many seconds, and its rounds. Without the adversarial loss, Keras alone trains its generator."""
    generator = networks.pix2pix.generator(SHAPE, 1, FILTERS, skip_connections)
    discriminator = networks.pix2pix.discriminator(SHAPE, 1 if conditional else None, layers, FILTERS)
    gan = keras_gans.Pix2Pix(generator, discriminator, sampling_batch_size=BATCH_SIZE)
    if adversarial:
        gan.compile(**{} if l1 else {"auxiliary_losses": []})
    else:
        generator.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), "mae")
    return gan, common.fit_for(gan if adversarial else generator, pairs, seconds)


def edges(images):
    """White where the brightness changes by more than a quarter of its range from one side to the other, by Sobel's filter."""
    changes = tf.concat([tf.image.sobel_edges(tf.constant(part)) for part in common.parts(images)], axis=0) / 8
    return np.where(tf.norm(changes, axis=-1) > THRESHOLD, 1.0, -1.0).astype("float32")
