"""Trains StackGAN to draw what a text says, in two stages: a small image of the text, then a large one of text and image.

    python examples/stackgan.py                                            # digits: "a bold seven, slanted left"
    python examples/stackgan.py --data birds --embeddings birds.npy --sizes 64 256 --filters 64 --epochs 600 600
    python examples/stackgan.py --resume                                   # goes on where it was stopped

The captions of the first line are made of MNIST's labels and of what is measured on the images, and a small text encoder is
trained on them. It takes about six minutes on two cores. Do not expect a clear digit in every row: in a study of like size
(docs/translation.md) six images of ten show the digit that the text names, and three obey all of it.

The second line is for images of your own: a folder, with a folder for each class, and floats (images, captions, width), the
embeddings of each image's captions, in the order of classes and names of files.
"""

import argparse
import dataclasses
import os
import pathlib
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np

import keras_gans
from keras_gans import networks
from keras_gans.utils.files import written_beside

TEXTS = ("a bold seven, slanted left", "a thin seven, slanted right", "a plain two, upright", "a bold zero, slanted right")


@dataclasses.dataclass
class Captioned:
    """Images, and the embeddings of their captions; `shown` are the embeddings that grids have a row for."""

    images: object
    embeddings: np.ndarray
    shown: np.ndarray
    labels: np.ndarray | None = None
    flip: bool = True

    def batches(self, size, batch_size):
        shared = {"labels": self.labels, "flip": self.flip, "load_size": None if self.flip else size, "seed": 0}
        return keras_gans.data.captions(self.images, self.embeddings, size=size, batch_size=batch_size, **shared)


def captioned_files(folder, path):
    """A user's images; grids show four of their captions."""
    embeddings = np.load(path)
    rows = np.linspace(0, len(embeddings) - 1, 4).astype(int)
    return Captioned(folder, embeddings, embeddings[rows, 0])


def captioned_digits(steps, path):
    """Digits; grids show `TEXTS`. The embeddings of the captions are read from the file, or made and written to it."""
    from translation import captions

    images, digits = captions.load(captions.SIZE, "train")
    rows = captions.Attributes.of(images).read(images, digits)
    if not os.path.exists(path):
        encoder = captions.train_encoder(steps)
        embeddings, shown = encoder.embed(captions.captions(rows, captions.CAPTIONS)), encoder.embed(TEXTS)
        with written_beside(path) as beside:
            np.savez(beside, embeddings=embeddings, shown=shown)
    return Captioned(images, **np.load(path), labels=captions.classes(rows), flip=False)


def train(gan, dataset, epochs, shown, folder):
    """`fit`, which goes on from the last epoch in the folder."""
    gan.compile()
    gan.summary()
    callbacks = [
        keras.callbacks.BackupAndRestore(os.path.join(folder, "backup"), delete_checkpoint=False),
        keras_gans.callbacks.SampleGrid(os.path.join(folder, "samples"), classes=list(shown)),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(dataset, epochs=epochs, callbacks=callbacks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of images; default: digits, with captions that are made")
    parser.add_argument("--embeddings", help="file .npy (images, captions, width), with --data")
    parser.add_argument("--sizes", type=int, nargs=2, default=[16, 32], help="of the first and the second stage")
    parser.add_argument("--filters", type=int, default=16, help="width of the discriminators, half that of the generators")
    parser.add_argument("--blocks", type=int, default=2, help="residual blocks of the second stage; the paper has 4")
    parser.add_argument("--units", type=int, default=32, help="width of the code of a text; the paper's is 128")
    parser.add_argument("--epochs", type=int, nargs=2, default=[30, 15], help="of the first and the second stage")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--encoder-steps", type=int, default=2000, help="of the text encoder for the digits")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/stackgan")
    args = parser.parse_args()
    stages = [os.path.join(args.output, name) for name in ("stage_1", "stage_2")]
    backup = os.path.join(stages[0], "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")
    if (args.data is None) != (args.embeddings is None):
        parser.error("--data and --embeddings are both needed")

    keras.utils.set_random_seed(0)
    texts = os.path.join(args.output, "texts.npz")
    os.makedirs(args.output, exist_ok=True)
    if not args.resume:
        if os.path.isdir(backup):
            print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        pathlib.Path(texts).unlink(missing_ok=True)
        for stage in stages:
            shutil.rmtree(os.path.join(stage, "backup"), ignore_errors=True)
    captioned = captioned_digits(args.encoder_steps, texts) if args.data is None else captioned_files(args.data, args.embeddings)
    small, large = (captioned.batches(size, args.batch_size) for size in args.sizes)

    build = networks.stackgan
    shape, wide = tuple(small.element_spec["image"].shape[1:]), captioned.shown.shape[-1]
    generator = build.stage_one_generator(shape, embedding_dim=wide, units=args.units, filters=2 * args.filters)
    gan = keras_gans.StackGAN(generator, build.stage_one_discriminator(shape, wide, args.units, args.filters))
    train(gan, small, args.epochs[0], captioned.shown, stages[0])

    shape = tuple(large.element_spec["image"].shape[1:])
    second = gan.second_stage(shape, 2 * args.filters, args.blocks, discriminator_filters=args.filters)
    train(second, large, args.epochs[1], captioned.shown, stages[1])

    second.save(os.path.join(args.output, "stackgan.keras"))
    served = os.path.join(args.output, "serving", "1")
    second.export(served)
    rows = np.repeat(captioned.shown, 8, axis=0)
    images = keras_gans.evaluation.load_generator(served).generate(len(rows), rows, seed=0)
    keras_gans.utils.save_images(os.path.join(args.output, "served.png"), images, rows=len(captioned.shown))
    said = f", a row for each of {'; '.join(TEXTS)}" if args.data is None else ""
    print(f"The model, an export, and served.png, samples of the export, are in {args.output}{said}")


if __name__ == "__main__":
    main()
