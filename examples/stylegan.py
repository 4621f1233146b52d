"""Trains StyleGAN2 on images of your own, and shows what styles are for: mixing, truncation, walks through W.

python examples/stylegan.py                                            # digits, narrow networks, 32x32
python examples/stylegan.py --data ~/photographs --size 128 --base-filters 8192 --max-filters 512 --epochs 500
python examples/stylegan.py --data ~/photographs --augment             # few images: adaptive augmentation of what D sees
python examples/stylegan.py --resume                                   # goes on where it was stopped

gamma, the strength of R1, follows the authors' rule of thumb, 0.0002 size^2 / batch, unless it is given. The first line needs a
long while on two cores before its digits are clear: look at the samples of each epoch, and stop when you like.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np

import keras_gans
from keras_gans import evaluation
from keras_gans import networks
from keras_gans import penalties


def show(gan, folder):
    """A mixing table, truncations, and a walk through W."""
    table = evaluation.style_mixing_table(gan, seeds_a=range(4), seeds_b=range(10, 16), layers="coarse")
    keras_gans.utils.save_images(os.path.join(folder, "mixing.png"), table.reshape(-1, *table.shape[2:]), columns=table.shape[1])
    rows = [gan.generate(8, truncation=truncation, seed=0, noise="fixed") for truncation in (0.0, 0.5, 0.7, 1.0)]
    keras_gans.utils.save_images(os.path.join(folder, "truncation.png"), np.concatenate(rows), columns=8)
    space = evaluation.StyleSpace(gan)
    ends = space.sample(4)
    walk = evaluation.interpolate(space, ends, np.roll(ends, -1, axis=0), steps=13, method="lerp")
    keras_gans.utils.save_video(os.path.join(folder, "walk.gif"), np.concatenate(walk[:, :-1]), fps=12)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='"mnist_5k", "digits", "fashion_mnist", "tfds:NAME" or a folder')
    parser.add_argument("--size", type=int, default=32, help="a power of two")
    parser.add_argument("--base-filters", type=int, default=512, help="width of a size: 2 x this / size; the paper's is 16384")
    parser.add_argument("--max-filters", type=int, default=64, help="the greatest width; the paper's is 512")
    parser.add_argument("--latents", type=int, default=64, help="and the width of styles; the paper's are 512")
    parser.add_argument("--mapping-layers", type=int, default=2, help="the paper has 8")
    parser.add_argument("--gamma", type=float, help="of R1; default: 0.0002 size^2 / batch")
    parser.add_argument("--augment", action="store_true", help="adaptive augmentation, for a few thousand images or fewer")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/stylegan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = keras_gans.data.load(args.data, size=args.size, batch_size=args.batch_size, seed=0, labels=False)
    shape = tuple(dataset.element_spec.shape[1:])
    widths = {"base_filters": args.base_filters, "max_filters": args.max_filters}
    styles = {"mapping_layers": args.mapping_layers, "style_width": args.latents}
    discriminator = networks.stylegan2.discriminator(shape, **widths)
    if args.augment:
        discriminator = networks.with_augmentation(discriminator, keras_gans.layers.AdaptiveAugment())
    gan = keras_gans.StyleGAN2(networks.stylegan2.generator(shape, args.latents, **widths, **styles), discriminator)
    gamma = 0.0002 * args.size**2 / args.batch_size if args.gamma is None else args.gamma
    gan.compile(penalties=[penalties.R1(gamma, every=16), penalties.PathLength()])
    gan.summary()
    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples"), reals=dataset),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=args.epochs, callbacks=callbacks)
    gan.save(os.path.join(args.output, "stylegan.keras"))
    gan.export(os.path.join(args.output, "serving", "1"))
    show(gan, args.output)
    print(f"Samples of every epoch, mixing.png, truncation.png, walk.gif, the model and an export are in {args.output}")


if __name__ == "__main__":
    main()
