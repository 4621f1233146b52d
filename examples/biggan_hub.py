"""Samples a published generator, or any other: a class, a truncation sweep, and paths between latents and between classes.

    python examples/biggan_hub.py                                            # BigGAN-deep at 256x256, downloaded
    python examples/biggan_hub.py --class "golden retriever" --truncation 0.4
    python examples/biggan_hub.py --handle deepmind/biggan-512 --to-class daisy
    python examples/biggan_hub.py --handle runs/biggan/biggan.keras --class 3  # a GAN, an export, a folder of a module
    python examples/biggan_hub.py --list                                     # the generators that are known by name

The download needs the extra `hub` and a network. Without one, the error says what to fetch elsewhere and where to put it.
"""

import argparse
import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # faster convolutions where that is not the default

import numpy as np

import keras_gans
from keras_gans.evaluation import interpolate
from keras_gans.evaluation import load_generator
from keras_gans.hub.class_names import named_classes


def class_number(name, generator):
    """A class as a number, whatever it was given as."""
    if not generator.conditional:
        return None
    return int(name) if name.isdecimal() else int(named_classes(name, generator.class_names))


def sweep(generator, label, truncations, columns, seed):
    """A row for each truncation, of the same noise."""
    return [generator.generate(columns, label, truncation=truncation, seed=seed) for truncation in truncations]


def latent_paths(generator, label, truncation, columns, seed, rows=4):
    """Rows of images between two latents each."""
    ends = generator.draw_latents(2 * rows, seed, truncation)
    method = "slerp" if generator.normal_latents else "lerp"
    labels = None if label is None else np.full(rows, label)
    return interpolate(generator.at(truncation), ends[:rows], ends[rows:], columns, method, labels)


def class_paths(generator, start, end, truncation, columns, seed, rows=4):
    """Rows of images from one class to another, each with latents of its own."""
    latents, weights = generator.draw_latents(rows, seed, truncation), np.eye(generator.classes, dtype="float32")
    ends = [weights[np.full(rows, label)] for label in (start, end)]
    return interpolate(generator.at(truncation), latents, latents, columns, condition=ends[0], end_condition=ends[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--handle", default="deepmind/biggan-deep-256", help="what keras_gans.evaluation.load_generator takes")
    parser.add_argument("--class", dest="label", default="goldfinch", help="a name, or a number")
    parser.add_argument("--to-class", help='the other end of the path between classes; default: "Pembroke", or the next class')
    parser.add_argument("--truncation", type=float, default=0.5)
    parser.add_argument("--sweep", type=float, nargs="*", default=[1.0, 0.8, 0.6, 0.4, 0.2, 0.04])
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--steps", type=int, default=8, help="images on a path, and in a row of the sweep")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="the generators that are known by name, and nothing else")
    parser.add_argument("--output", default="runs/biggan_hub")
    args = parser.parse_args()
    if args.list:
        for info in keras_gans.hub.list():
            print(f"{info.name:<42} {info.image_shape!s:<16} {info.trained_on}; {info.licence}; {info.score or ''}")
        return

    generator = load_generator(args.handle)
    label = class_number(args.label, generator)
    truncation = args.truncation if generator.truncatable else None

    def save(name, rows):
        rows = list(rows)
        path = os.path.join(args.output, f"{name}.png")
        keras_gans.utils.save_images(path, np.concatenate(rows), rows=len(rows), image_range=(-1, 1))
        print(path)

    samples = generator.generate(args.samples, label, truncation=truncation, seed=args.seed)
    save("samples", np.array_split(samples, max(1, round(args.samples**0.5))))
    if generator.truncatable:
        save("truncations", sweep(generator, label, args.sweep, args.steps, args.seed))
    save("latents", latent_paths(generator, label, truncation, args.steps, args.seed))
    if generator.takes_class_weights:
        following = "Pembroke" if generator.class_names else str((label + 1) % generator.classes)
        other = class_number(args.to_class or following, generator)
        save("classes", class_paths(generator, label, other, truncation, args.steps, args.seed))


if __name__ == "__main__":
    main()
