"""Trains InfoGAN: codes that nobody named, which the discriminator finds again in the images, come to mean something.

    python examples/infogan.py                                     # MNIST's digits, a category code of ten
    python examples/infogan.py --data fashion_mnist --epochs 10
    python examples/infogan.py --data photos --size 32 --categories 10 10 --continuous 4    # a folder
    python examples/infogan.py --epochs 200 --resume               # goes on where it was, or was stopped

categories.png has a row for each noise, in which the first category changes from column to column; continuous_1.png, ... have
rows in which one continuous code goes from -2 to 2, twice as far as in training.
"""

import argparse
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np

import keras_gans
from keras_gans import networks

ROWS, STEPS = 6, 9


def load(data, **arguments):
    """Images in [0, 1], without labels."""
    dataset = keras_gans.data.load(data, **arguments)
    return dataset.map(lambda images, *labels: (images + 1) / 2)


def draw_categories(gan, path):
    """Rows of one noise, with each category of the first code."""
    count, *others = gan.latents.categories
    columns = [np.arange(count), *(np.zeros(count, int) for _ in others)]
    rows = [gan.latents.join(categories=columns, seed=seed) for seed in range(ROWS)]
    keras_gans.utils.save_images(path, gan.generate(latents=np.concatenate(rows)), rows=ROWS, image_range=(0, 1))


def draw_continuous(gan, number, path):
    """Rows of one noise and one category, in which a continuous code changes."""
    rows = []
    for seed in range(ROWS):
        start = gan.latents.split(gan.latents.sample(1, (0, seed)))
        codes = np.repeat(start["continuous"], STEPS, axis=0)
        codes[:, number] = np.linspace(-2, 2, STEPS)
        rows.append(gan.latents.join(start["noise"], start["categories"], codes))
    keras_gans.utils.save_images(path, gan.generate(latents=np.concatenate(rows)), rows=ROWS, image_range=(0, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist_5k", help='a folder, "mnist_5k", "fashion_mnist", "digits" or "tfds:NAME"')
    parser.add_argument("--size", type=int, default=28, help="a multiple of 4")
    parser.add_argument("--categories", type=int, nargs="*", default=[10], help="how many categories each code has")
    parser.add_argument("--continuous", type=int, default=2, help="number of continuous codes")
    parser.add_argument("--noise", type=int, default=62)
    parser.add_argument("--filters", type=int, default=32, help="the paper's networks have 64")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/infogan")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")

    keras.utils.set_random_seed(0)
    dataset = load(args.data, size=args.size, batch_size=args.batch_size, seed=0)
    shape = tuple(dataset.element_spec.shape[1:])
    prior = keras_gans.latents.Coded(args.noise, tuple(args.categories), args.continuous)
    gan = keras_gans.InfoGAN(
        networks.infogan.generator(shape, prior.shape[0], args.filters),
        networks.infogan.discriminator(shape, prior.categories, prior.continuous, filters=args.filters),
        latents=prior,
    )
    gan.compile()
    gan.summary()

    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(args.output, "samples")),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=args.epochs, callbacks=callbacks)

    gan.save(os.path.join(args.output, "infogan.keras"))
    gan.export(os.path.join(args.output, "serving", "1"))
    if args.categories:
        draw_categories(gan, os.path.join(args.output, "categories.png"))
    for number in range(args.continuous):
        draw_continuous(gan, number, os.path.join(args.output, f"continuous_{number + 1}.png"))
    print(f"The model, an export, and what each code changes are in {args.output}")


if __name__ == "__main__":
    main()
