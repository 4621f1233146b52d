"""Trains CAAE to show faces at other ages; or, without faces, digits in other strokes: their width stands for age.

    python examples/caae.py                                              # digits, with strokes from the thinnest to the boldest
    python examples/caae.py --data UTKFace --gender --size 128 --filters 64 --batch-size 100 --epochs 50
    python examples/caae.py --resume                                     # goes on where it was stopped

The widths of the first line are measured on MNIST's images, and cut into ten groups of as many images each. The second line is
for a folder of faces whose names say age and gender, such as UTKFace (https://susanqq.github.io/UTKFace). The pictures have a row
for each face, or for each of some held-out digits: itself, then what it is at each age.
"""

import argparse
import dataclasses
import os
import shutil

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import keras
import numpy as np
import tensorflow as tf

import keras_gans
from keras_gans import networks

ROWS, AGES = 8, 10
PAPERS_FILTERS = 64


@dataclasses.dataclass
class Faces:
    """Batches to train on, and images that pictures show, with their genders."""

    batches: tf.data.Dataset
    shown: np.ndarray
    genders: np.ndarray | None = None


def files(folder, size, batch_size, gender):
    faces = keras_gans.data.utkface(folder, size, batch_size, gender=gender, on_error="skip")
    first = keras_gans.data.utkface(folder, size, ROWS, gender=gender, shuffle=False, on_error="skip", verbose=False)
    shown, labels = next(first.as_numpy_iterator())
    return Faces(faces, shown, labels.get("gender"))


def digits(batch_size):
    from translation import captions

    images, _ = captions.load(captions.SIZE, "train")
    widths = captions.widths(images)
    groups = np.digitize(widths, np.quantile(widths, np.arange(1, AGES) / AGES))
    batches = tf.data.Dataset.from_tensor_slices((images, keras_gans.data.signed_one_hot(groups, AGES)))
    test, _ = captions.load(captions.SIZE, "test")
    return Faces(batches.shuffle(len(images), seed=0).batch(batch_size), test[:ROWS])


def draw_weights(network):
    """Initial kernels by He's rule: those of the paper, N(0, 0.02), are for its widths, and in small networks signals fade."""
    for layer in network.layers:
        if hasattr(layer, "kernel"):
            shape, up = layer.kernel.shape, isinstance(layer, keras.layers.Conv2DTranspose)
            terms = np.prod(shape[:-2]) * shape[-1] / np.prod(layer.strides) if up else np.prod(shape[:-1])
            layer.kernel.assign(keras.random.normal(shape, stddev=np.sqrt(2 / terms)))


def say_widths(gan):
    """How wide the strokes of held-out digits become, in hundredths of their height, beside those of the training's groups."""
    from translation import captions

    own = np.sort(captions.widths(captions.load(captions.SIZE, "train")[0])).reshape(AGES, -1).mean(axis=1)
    test, _ = captions.load(captions.SIZE, "test")
    made = [captions.widths(images).mean() for images in np.swapaxes(gan.age(test[:200]), 0, 1)]
    for name, widths in (("real", own), ("made", made)):
        print(f"Widths of {name} digits, group by group: {' '.join(f'{100 * width:.1f}' for width in widths)}")


def draw(gan, faces, path):
    """The picture: each face, and what it is at each age."""
    made = gan.age(faces.shown, gender=faces.genders)
    images = np.concatenate([faces.shown[:, None], made], axis=1)
    keras_gans.utils.save_images(path, images.reshape(-1, *made.shape[2:]), rows=len(images), image_range=(-1, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of faces, named age_gender_race_date.jpg; default: digits")
    parser.add_argument("--gender", action="store_true", help="tell the networks the gender too, with --data")
    parser.add_argument("--size", type=int, default=32, help="of the faces; that of digits is 32")
    parser.add_argument("--filters", type=int, default=16, help=f"width of the networks; the paper's is {PAPERS_FILTERS}")
    parser.add_argument("--weights", choices=("paper", "release"), default="paper", help="of the losses")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch in --output, with the same options")
    parser.add_argument("--output", default="runs/caae")
    args = parser.parse_args()
    backup = os.path.join(args.output, "backup")
    if args.resume and not os.path.isdir(backup):
        parser.error(f"there is no {backup} to go on from: leave out --resume, or give the --output of that training")
    if args.gender and args.data is None:
        parser.error("--gender needs --data: digits have none")

    keras.utils.set_random_seed(0)
    if not args.resume and os.path.isdir(backup):
        print(f"Begins anew, and deletes {backup}: --resume would have gone on from it.")
        shutil.rmtree(backup)
    faces = digits(args.batch_size) if args.data is None else files(args.data, args.size, args.batch_size, args.gender)

    build, shape = networks.caae, faces.shown.shape[1:]
    told = {"ages": AGES, "genders": 2 if args.gender else None}
    gan = keras_gans.CAAE(
        build.generator(shape, filters=args.filters, **told),
        build.encoder(shape, filters=args.filters),
        build.discriminator(shape, filters=args.filters, **told),
        weights=args.weights,
    )
    if args.filters < PAPERS_FILTERS:
        for network in gan.networks("generator"):
            draw_weights(network)
    gan.compile()
    gan.summary()

    def draw_epoch(epoch, logs):
        draw(gan, faces, os.path.join(args.output, "ages", f"epoch_{epoch + 1:04}.png"))

    callbacks = [
        keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False),
        keras.callbacks.LambdaCallback(on_epoch_end=draw_epoch),
        keras_gans.callbacks.TerminateOnNaN(),
    ]
    gan.fit(faces.batches, epochs=args.epochs, callbacks=callbacks)

    gan.save(os.path.join(args.output, "caae.keras"))
    gan.export(os.path.join(args.output, "serving", "1"))
    draw(gan, faces, os.path.join(args.output, "ages.png"))
    if args.data is None:
        say_widths(gan)
    print(f"The model, an export, and ages.png, a row for each face, are in {args.output}")


if __name__ == "__main__":
    main()
