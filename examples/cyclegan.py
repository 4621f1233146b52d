"""Trains CycleGAN to translate between two kinds of images, there and back, without pairs.

    python examples/cyclegan.py                                           # scikit-learn's digits to MNIST's, and back
    python examples/cyclegan.py --source summer --target winter --size 64 # two folders
    python examples/cyclegan.py --data tfds:cycle_gan/horse2zebra --size 256 --filters 64 --blocks 9 --batch-size 1 --epochs 200
    python examples/cyclegan.py --resume                                  # goes on where it was stopped

The third line is the paper's: networks of the published size;
--data may also be a folder with the folders trainA and trainB. The learning rate falls to zero over the second half of the
epochs, so --resume is for a training that was stopped, with the same --epochs. Grids in the output's folder show a source, its
translation, and that translated back; then the same from the other side.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import tensorflow as tf

import keras_gans
from keras_gans import networks


def load(args):
    """Batches of images of both domains."""
    shared = {"size": args.size, "batch_size": args.batch_size, "seed": 0}
    if args.data is not None:
        return keras_gans.data.unpaired(args.data, **shared)
    if args.source is not None and args.target is not None:
        return keras_gans.data.unpaired(args.source, args.target, **shared)
    domains = [digits(name, args.size) for name in ("digits", "mnist_5k")]
    return keras_gans.data.unpaired(*domains, augment=False, **shared)


def digits(name, size):
    """Digits as large as MNIST's, which fill 20x20 of 28x28 pixels."""
    images, _ = next(keras_gans.data.load(name, batch_size=5000, shuffle=False).as_numpy_iterator())
    if name == "digits":
        images = tf.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), constant_values=-1)
    return tf.clip_by_value(tf.image.resize(images, (size, size), "bicubic"), -1, 1).numpy()


def make_gan(shapes, filters, blocks):
    """Generators of each domain from the other, and a discriminator for each; `shapes` are those of a and b."""
    a, b = shapes
    layers = min(3, min(*a[:2], *b[:2]).bit_length() - 4)  # patches of 70x70 from 64 on, of 34x34 at 32
    generators = [networks.cyclegan.generator(to, source[-1], filters, blocks) for source, to in ((a, b), (b, a))]
    return keras_gans.CycleGAN(*generators, *(networks.cyclegan.discriminator(shape, layers, filters) for shape in (b, a)))


def optimizer(updates):
    """The paper's: constant for half of the training, then falling to zero."""
    return keras.optimizers.Adam(keras_gans.schedules.LinearDecay(2e-4, stop=updates, start=updates // 2), beta_1=0.5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help='folder with trainA and trainB, or "tfds:NAME" of a data set with such splits')
    parser.add_argument("--source", help="folder of domain a; default, with --target: digits of scikit-learn and of MNIST")
    parser.add_argument("--target", help="folder of domain b")
    parser.add_argument("--size", type=int, default=32, help="a multiple of 4")
    parser.add_argument("--filters", type=int, default=16, help="width of the networks; the paper's is 64")
    parser.add_argument("--blocks", type=int, default=3, help="residual blocks; the paper has 9 for 256x256, 6 for 128x128")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch-size", type=int, default=4, help="the paper's is 1")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/cyclegan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")
    if (args.source is None) != (args.target is None):
        parser.error("--source and --target are both needed")

    keras.utils.set_random_seed(0)
    dataset = load(args)
    gan = make_gan([tuple(part.shape[1:]) for part in dataset.element_spec], args.filters, args.blocks)
    updates = args.epochs * int(dataset.cardinality())
    gan.compile(optimizer(updates), optimizer(updates))
    gan.summary()

    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), reals=dataset, both_ways=True),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=args.epochs, callbacks=callbacks)

    gan.save(os.path.join(args.output, "cyclegan.keras"))
    served = os.path.join(args.output, "serving", "1")
    gan.export(served)
    sources, _ = next(iter(dataset))
    images = keras_gans.evaluation.load_generator(served).generate(len(sources), sources, seed=0)
    keras_gans.utils.save_images(os.path.join(args.output, "served.png"), images)
    print(f"The model, an export, and translations by the export are in {args.output}")


if __name__ == "__main__":
    main()
