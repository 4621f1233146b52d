"""Trains pix2pix to translate images, from pairs: your own, or any images and their edges.

    python examples/pix2pix.py                                          # edges to digits: some minutes on two cores
    python examples/pix2pix.py --target photos --size 64                # edges to the images of a folder
    python examples/pix2pix.py --source maps --target photos --size 64  # two folders, whose files have the same names
    python examples/pix2pix.py --data facades --direction BtoA --size 256 --filters 64 --batch-size 1 --epochs 200
    python examples/pix2pix.py --epochs 40 --resume                     # goes on where it was, or was stopped

The fourth line is the paper's: files with both images side by side, networks of the published size. The default has a quarter of
the filters. Grids in the output's folder show sources, translations and targets.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import tensorflow as tf

import keras_gans
from keras_gans import networks

NAMES = ("digits", "fashion_mnist", "mnist_5k")  # of `keras_gans.data.load`


def edges(image):
    """White where the brightness changes by more than a quarter of its range from one side to the other, by Sobel's filter."""
    gray = tf.reduce_mean(image, axis=-1, keepdims=True)
    changes = tf.norm(tf.image.sobel_edges(gray[None])[0], axis=-1) / 8
    return tf.where(changes > 0.25, 1.0, -1.0)


def load(args):
    """Batches of sources and targets."""
    shared = {"size": args.size, "batch_size": args.batch_size, "seed": 0}
    if args.data is not None:
        return keras_gans.data.paired(args.data, direction=args.direction, **shared)
    source, target = args.source or edges, args.target or "mnist_5k"
    if target not in NAMES:
        return keras_gans.data.paired(source, target, **shared)
    images, _ = next(keras_gans.data.load(target, args.size, 60_000, shuffle=False).as_numpy_iterator())
    return keras_gans.data.paired(source, images, augment=False, **shared)


def make_gan(source_shape, image_shape, filters):
    layers = min(3, image_shape[0].bit_length() - 5)  # patches of 70x70 from 128 on, of 34x34 at 64, of 16x16 at 32
    generator = networks.pix2pix.generator(image_shape, source_shape[-1], filters)
    return keras_gans.Pix2Pix(generator, networks.pix2pix.discriminator(image_shape, source_shape[-1], layers, filters))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help='folder of files with both images side by side, or "tfds:NAME"')
    parser.add_argument("--direction", default="AtoB", choices=["AtoB", "BtoA"], help="of --data: BtoA translates right to left")
    parser.add_argument("--source", help="folder; default: the edges of the targets")
    parser.add_argument("--target", help=f"folder, or one of {', '.join(NAMES)}; default: mnist_5k")
    parser.add_argument("--size", type=int, default=32, choices=[16, 32, 64, 128, 256, 512])
    parser.add_argument("--filters", type=int, default=16, help="width of both networks; the paper's is 64")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=32, help="the paper has 1 to 10")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/pix2pix")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")
    if args.data is not None and (args.source or args.target):
        parser.error("--data has sources and targets: leave out --source and --target")

    keras.utils.set_random_seed(0)
    dataset = load(args)
    source_shape, image_shape = (tuple(part.shape[1:]) for part in dataset.element_spec)
    gan = make_gan(source_shape, image_shape, args.filters)
    gan.compile()
    gan.summary()

    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), reals=dataset, columns=2),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=args.epochs, callbacks=callbacks)

    gan.save(os.path.join(args.output, "pix2pix.keras"))
    served = os.path.join(args.output, "serving", "1")
    gan.export(served)
    sources, _ = next(iter(dataset))
    images = keras_gans.evaluation.load_generator(served).generate(len(sources), sources, seed=0)
    keras_gans.utils.save_images(os.path.join(args.output, "served.png"), images)
    print(f"The model, an export, and translations by the export are in {args.output}")


if __name__ == "__main__":
    main()
