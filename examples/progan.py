"""Trains Progressive GAN: images of 4x4 first, then layers of twice the size fade in, inside one `fit`.

python examples/progan.py                                              # digits, narrow networks, to 32x32
python examples/progan.py --data ~/photographs --size 128 --base-filters 2048 --max-filters 512 --hold 600000 --fade 600000
python examples/progan.py --resume                                     # goes on where it was stopped, in the middle of a fade too

A folder of images is read in the full size; the GAN reduces it as long as its networks are small. The first picture of the
samples has blocks, the last one the full size.
"""

import argparse
import math
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras

import keras_gans
from keras_gans import networks


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='"mnist_5k", "digits", "fashion_mnist", "tfds:NAME" or a folder')
    parser.add_argument("--size", type=int, default=32, help="the full size, a power of two")
    parser.add_argument("--base-filters", type=int, default=512, help="width of a size: 2 x this / size; the paper's is 8192")
    parser.add_argument("--max-filters", type=int, default=64, help="the greatest width; the paper's is 512")
    parser.add_argument("--latents", type=int, default=64, help="the paper's are 512")
    parser.add_argument("--hold", type=int, default=20_000, help="images for which a size is held; the paper's are 800,000")
    parser.add_argument("--fade", type=int, default=20_000, help="images during which the next size fades in")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/progan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=args.size, batch_size=args.batch_size, seed=0, labels=False)
    shape = tuple(dataset.element_spec.shape[1:])
    sizes = {"base_filters": args.base_filters, "max_filters": args.max_filters}
    gan = keras_gans.ProGAN(
        networks.progan.generator(shape, args.latents, **sizes),
        networks.progan.discriminator(shape, **sizes),
        growth=keras_gans.schedules.Growth(args.hold, args.fade),
    )
    gan.compile()
    gan.summary()
    images = gan.growth.images_until(args.size) + args.hold
    epochs = math.ceil(images / (int(dataset.cardinality()) * args.batch_size))
    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), reals=dataset),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=epochs, callbacks=callbacks)
    gan.save(os.path.join(args.output, "progan.keras"))
    gan.export(os.path.join(args.output, "serving", "1"))
    print(f"After {int(gan.images_seen):,} images: samples of every epoch, the model and an export are in {args.output}")


if __name__ == "__main__":
    main()
