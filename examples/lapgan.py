"""Trains LAPGAN: a small image, and, level by level, what a larger one has more. Each level is a GAN of its own.

    python examples/lapgan.py                                    # 5,000 digits: 8x8, 14x14, 28x28
    python examples/lapgan.py --data fashion_mnist --classes     # told what is to be drawn; a row for each class
    python examples/lapgan.py --data photos --sizes 8 16 32 64   # a folder of images
    python examples/lapgan.py --one-by-one                       # the levels train one after the other, not at once
    python examples/lapgan.py --paper                            # the release's first level and its SGD: hundreds of epochs
    python examples/lapgan.py --resume                           # goes on where it was stopped

Without --paper the first level has the ReLU of the paper's text in both hidden layers: with the release's sigmoid, and few units,
all images of a generator begin alike, and stay so for long.

The picture levels.png has a row for each level: the same latents, enlarged from where the level ends.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf

import keras_gans
from keras_gans import networks


def make_gan(shapes, classes, units, filters, activation):
    build, (first, *others) = networks.lapgan, shapes
    generators = [build.generator(first, classes=classes, units=units, activation=activation)]
    generators += [build.level_generator(shape, classes, filters) for shape in others]
    discriminators = [build.discriminator(first, classes, units // 2)]
    discriminators += [build.level_discriminator(shape, classes, filters) for shape in others]
    return keras_gans.LAPGAN(generators, discriminators, classes=classes)


def up_to_each_level(gan, latents, condition):
    """Images in which the levels above add nothing: an array for each level, all of the full size."""
    levels, images = networks.lapgan.levels(gan.generator), []
    weights = [level.get_weights() for level in levels]
    for number in range(1, len(levels) + 1):
        for level, own in zip(levels, weights, strict=True):
            adds = level in levels[:number]
            level.set_weights(own if adds else [np.zeros_like(weight) for weight in own])
        images.append(gan.generate(condition=condition, latents=latents))
    return images


def train(gan, optimizers, dataset, epochs, folder):
    """`fit`, which goes on from the last epoch in the folder."""
    gan.compile(*optimizers)
    callbacks = [
        keras.callbacks.BackupAndRestore(os.path.join(folder, "backup"), delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(folder, "samples"), columns=8),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=epochs, callbacks=callbacks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "fashion_mnist", "digits" or "tfds:NAME"')
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[8, 14, 28], help="of the levels, from the smallest; 9 or more above it"
    )
    parser.add_argument("--classes", action="store_true", help="a LAPGAN that is told the class, of labelled images")
    parser.add_argument("--units", type=int, default=600, help="of the first level's generator; the paper's is 1200")
    parser.add_argument("--filters", type=int, default=16, help="of the other levels; the paper's is 64")
    parser.add_argument("--one-by-one", action="store_true", help="train a level after the other")
    parser.add_argument("--paper", action="store_true", help="the release's activations and optimizers")
    parser.add_argument("--rate", type=float, default=2e-4, help="of Adam")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/lapgan")
    args = parser.parse_args()
    phases = [(number,) for number in range(1, len(args.sizes) + 1)] if args.one_by_one else [()]
    backup = os.path.join(args.output, *(f"level_{number}" for number in phases[0]), "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=args.sizes[-1], batch_size=args.batch_size, seed=0)
    spec = dataset.element_spec
    channels = (spec[0] if isinstance(spec, tuple) else spec).shape[-1]
    classes = len(dataset.class_names) if args.classes else None
    shapes = [(size, size, channels) for size in args.sizes]
    gan = make_gan(shapes, classes, args.units, args.filters, None if args.paper else "relu")

    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
    for phase in phases:
        folder = os.path.join(args.output, *(f"level_{number}" for number in phase))
        if not args.resume:
            shutil.rmtree(os.path.join(folder, "backup"), ignore_errors=True)
        gan.train_levels(*phase)
        optimizers = () if args.paper else [keras.optimizers.Adam(args.rate, beta_1=0.5) for _ in range(2)]
        train(gan, optimizers, dataset, args.epochs, folder)

    gan.save(os.path.join(args.output, "lapgan.keras"))
    served = os.path.join(args.output, "serving", "1")
    gan.export(served)
    rows = np.repeat(np.arange(classes), 8) if classes else None
    images = keras_gans.evaluation.load_generator(served).generate(64 if rows is None else len(rows), rows, seed=0)
    keras_gans.utils.save_images(os.path.join(args.output, "served.png"), images, rows=len(images) // 8)
    shown = gan.latents.sample(8, tf.constant([0, 0]))
    levels = up_to_each_level(gan, shown, None if classes is None else np.arange(8) % classes)
    keras_gans.utils.save_images(os.path.join(args.output, "levels.png"), np.concatenate(levels), rows=len(levels))
    print(f"The model, an export, served.png, its samples, and levels.png are in {args.output}")


if __name__ == "__main__":
    main()
