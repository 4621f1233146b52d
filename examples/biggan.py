"""Trains a class-conditional BigGAN of a size that a laptop trains, on labelled images from anywhere, and samples it truncated.

    python examples/biggan.py                                    # Fashion-MNIST at 32x32: an hour on two cores
    python examples/biggan.py --data photos --size 64            # a folder with a folder of images for each class
    python examples/biggan.py --data tfds:cifar10 --channels 64  # the networks for CIFAR-10, with all of BigGAN's tricks
    python examples/biggan.py --epochs 20 --resume               # goes on where it was, or was stopped

Grids in the output's folder have a row for each class. With the defaults the networks have a hundredth of the parameters of those
for CIFAR-10, and the rates are larger than the paper's, which trains for 100,000 rounds.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np

import keras_gans
from keras_gans import networks


def make_gan(image_shape, classes, channels):
    size = image_shape[0]
    latents = 20 * (size.bit_length() - 2)  # a chunk of 20 for the stem, and for each block
    # At every size: latents at each level, one embedding of the class, attention, and the orthogonal start.
    shared = {"classes": classes, "channels": channels, "attention": min(size // 2, 64), "kernel_initializer": "orthogonal"}
    generator = networks.biggan.generator(
        image_shape,
        latents,
        hierarchical=True,
        shared_embedding=True,
        kernel_regularizer=keras_gans.regularizers.Orthogonal(1e-4),
        **shared,
    )
    return keras_gans.BigGAN(generator, networks.biggan.discriminator(image_shape, **shared), ema=0.999)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="fashion_mnist", help='a folder, "fashion_mnist", "mnist_5k", "digits" or "tfds:NAME"')
    parser.add_argument("--size", type=int, default=32, choices=[32, 64, 128, 256, 512])
    parser.add_argument("--channels", type=int, default=8, help="unit of the widths; published: 64 for 32x32, else 96")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--rates", type=float, nargs=2, default=[2e-4, 4e-4], help="of generator and discriminator")
    parser.add_argument("--truncations", type=float, nargs="*", default=[1.0, 0.5, 0.2])
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/biggan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=args.size, batch_size=args.batch_size, seed=0)
    classes = len(dataset.class_names)
    gan = make_gan(tuple(dataset.element_spec[0].shape[1:]), classes, args.channels)
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.999, epsilon=1e-8) for rate in args.rates]
    gan.compile(*optimizers, discriminator_steps=2)
    gan.summary()

    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), columns=8),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=args.epochs, callbacks=callbacks)

    gan.save(os.path.join(args.output, "biggan.keras"))
    for truncation in args.truncations:
        served = os.path.join(args.output, f"serving_{truncation}", "1")
        gan.export(served, statistics="standing", truncation=truncation)
        rows = np.repeat(np.arange(min(classes, 10)), 8)
        images = keras_gans.evaluation.load_generator(served).generate(len(rows), rows, truncation=truncation, seed=0)
        keras_gans.utils.save_images(os.path.join(args.output, f"truncation_{truncation}.png"), images, rows=len(rows) // 8)
    print(f"The model, an export for each truncation with its own statistics, and their samples are in {args.output}")


if __name__ == "__main__":
    main()
